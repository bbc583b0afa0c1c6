// Everything that is wrong, in one list; a click goes to the place.

function issueList(bench) {
  const { say } = bench;
  const head = element("div", { class: "rk-issues-head", role: "status" });
  const list = element("ol", {});
  return {
    root: element("section", { class: "rk-issues", "aria-label": say("issues") }, head, list),
    update(issues) {
      const count = (severity) => issues.filter((issue) => issue.severity === severity).length;
      const [errors, warnings] = [count("error"), count("warning")];
      head.textContent = errors || warnings ? say("issues_counted", { errors, warnings }) : say("no_issues");
      head.className = `rk-issues-head ${errors ? "rk-error" : warnings ? "rk-warning" : "rk-fine"}`;
      list.replaceChildren(...issues.map((issue) => element("li", {},
        button("", () => bench.goTo(issue), { class: `rk-issue rk-${issue.severity}` }))));
      [...list.querySelectorAll("button")].forEach((line, at) => {
        const { level, severity, code, message, place } = issues[at];
        line.append(element("span", { class: "rk-level" }, `${SIGNS[severity]} ${level}`), element("span", { class: "rk-code" }, code),
          element("span", { class: "rk-text" }, message, element("span", { class: "rk-place" }, place)));
      });
    },
  };
}
