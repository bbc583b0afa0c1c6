// The bar above a report in its notebook: what is wrong, the finished page, making it, conflicts, a step back.

function reportBar(model, host) {
  const say = speaker(model.get("words"));
  const bench = { say, send: (message) => model.send(message) };
  bench.act = (action, more = {}) => { notices.hide(); bench.send({ do: action, ...more }); };
  const notices = noticeBoard(bench);
  const issues = issueList(bench);
  const page = reportPage(bench);
  const conflicts = conflictList(bench);

  const toggles = (panel) => ({ "aria-expanded": "false", "aria-controls": panel.id });
  const opened = (control, panel, open) => { panel.hidden = !open; control.setAttribute("aria-expanded", String(open)); };
  for (const panel of [issues.root, page.root]) { panel.id = freshId("panel"); panel.hidden = true; }

  const title = element("div", { class: "rk-title" });
  const status = element("span", { class: "rk-status", role: "status" });
  const checking = button(say("check"), () => {
    opened(checking, issues.root, issues.root.hidden);
    if (!issues.root.hidden) bench.act("check");
  }, { class: "rk-main", title: say("check_help"), ...toggles(issues.root) });
  const previewing = button(say("preview"), () => {
    opened(previewing, page.root, page.root.hidden);
    if (!page.root.hidden) page.waiting();
    bench.act("preview", { open: !page.root.hidden });
  }, { title: say("preview_help"), ...toggles(page.root) });
  const building = button(say("build"), () => bench.act("build"), { title: say("build_help") });
  const undoing = button(say("undo"), () => bench.act("undo"), { title: say("undo_help") });
  const beginning = button(say("begin"), () => bench.act("begin"), { class: "rk-main", title: say("begin_help"), hidden: true });
  const needFile = [checking, previewing, building, undoing];

  const root = element("section", {
    class: "rk-bench rk-reportbar", "aria-label": say("bar"), "data-lm-suppress-shortcuts": "true", "data-jp-suppress-context-menu": "true",
    onkeydown: (event) => { if (!(event.ctrlKey || event.metaKey)) event.stopPropagation(); },
  }, element("header", { class: "rk-head" }, title, status,
    element("div", { class: "rk-buttons" }, beginning, checking, previewing, building, conflicts.control, undoing)),
  notices.notice, notices.build, conflicts.root, element("div", { class: "rk-panels" }, issues.root, page.root));

  function head(message) {
    const links = message.files.map((path) => {
      const [name, href] = [path.split("/").slice(-3).join("/"), addressOf(path, "lab/tree")];
      return href ? element("a", { href, target: "_blank", rel: "noopener" }, name) : element("span", {}, name);
    });
    title.replaceChildren(element("b", {}, say("of_year", message)), element("span", {}, ...links.flatMap((one, at) => (at ? [" · ", one] : [one])), message.why));
    beginning.hidden = !message.canBegin;
    needFile.forEach((control) => { control.disabled = !message.name; });
    if (message.name) return;
    status.textContent = "";
    conflicts.show([]);
    for (const [control, panel] of [[checking, issues.root], [previewing, page.root]]) opened(control, panel, false);
  }

  function checked(message) {
    issues.update(message.issues);
    conflicts.show(message.conflicts);
    const count = (severity) => message.issues.filter((issue) => issue.severity === severity).length;
    const [errors, warnings] = [count("error"), count("warning")];
    status.textContent = errors || warnings ? say("issues_counted", { errors, warnings }) : say("no_issues");
    status.className = `rk-status ${errors ? "rk-error" : warnings ? "rk-warning" : "rk-fine"}`;
  }

  const told = {
    report: head,
    checked,
    page(message) { page.show(message); bench.send({ do: "check" }); },  // it is made anew after a save
    told: (message) => notices.show(message),
    progress(message) { notices.progress(message); if (message.made) bench.send({ do: "check" }); },
  };
  const receive = (message) => told[message.what]?.(message);
  model.on("msg:custom", receive);
  host.append(root);
  bench.send({ do: "hello" });
  return () => { model.off("msg:custom", receive); bench.send({ do: "preview", open: false }); };
}

export default { render: ({ model, el }) => reportBar(model, el) };
