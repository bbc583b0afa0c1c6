// Everything that is wrong, in one list; a click goes to the place, where the page has one to go to.

function issueList(bench) {
  const { say } = bench;
  const title = element("span", { role: "status" });
  const list = element("ol", { id: freshId("issues") });
  const folding = remembered("issues", true, (open) => {
    list.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = say(open ? "fold" : "unfold");
  });
  const toggle = button("", folding.turn, { class: "rk-small", "aria-controls": list.id });
  const head = element("div", { class: "rk-issues-head" }, title, toggle);
  folding.apply();
  let shown = "";

  function line(issue) {
    const { severity, level, code, message, field, place } = issue;
    const attributes = { class: `rk-issue rk-${severity}` };
    const going = bench.goTo ? button("", () => bench.goTo(field), attributes) : element("div", attributes);
    going.append(element("span", { class: "rk-level" }, `${SIGNS[severity]} ${level}`), element("span", { class: "rk-code" }, code),
      element("span", { class: "rk-text" }, message, place ? element("span", { class: "rk-place" }, place) : null));
    const waiving = bench.waive && canWaive(issue, bench.sheet())
      ? button(say("waive"), () => bench.waive(code), { class: "rk-small", "aria-label": say("waive_rule", { code }) }) : null;
    return element("li", {}, going, waiving);
  }

  return {
    root: element("section", { class: "rk-issues", "aria-label": say("issues") }, head, list),
    update(issues) {
      const count = (severity) => issues.filter((issue) => issue.severity === severity).length;
      const [errors, warnings] = [count("error"), count("warning")];
      title.textContent = errors || warnings ? say("issues_counted", { errors, warnings }) : say("no_issues");
      head.className = `rk-issues-head ${errors ? "rk-error" : warnings ? "rk-warning" : "rk-fine"}`;
      toggle.hidden = !issues.length;
      const now = JSON.stringify(issues);
      if (now !== shown) list.replaceChildren(...issues.map(line));
      shown = now;
    },
  };
}
