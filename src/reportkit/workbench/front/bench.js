// The whole: what the kernel tells goes to the parts, what a person does goes to the kernel.

function workbench(model, host) {
  const say = speaker(model.get("words"));
  const bench = { say, send: (message) => model.send(message), bar: element("div", { class: "rk-cellbar", "data-hint": say("hint") }) };
  let turn = 0, answered = 0, pending = {}, sheet = null, tables = [], texts = null, facts = null, tabs = [], unsaved = false;
  const typed = debounced(() => {
    const cells = pending;
    pending = {};
    ask({ do: "type", cells });
  }, 30);

  const ask = (message) => { turn += 1; late.ask(); bench.send({ ...message, turn }); };
  const late = debounced(() => { if (answered < turn) status.textContent = say("waiting"); }, 2000);
  bench.type = (cells) => { Object.assign(pending, cells); typed.ask(); };
  bench.write = (section, text) => ask({ do: "write", section, text });
  bench.state = (texts) => ask({ do: "state", facts: texts });
  bench.flush = () => { typed.flush(); texts?.flush(); facts?.flush(); };
  bench.isWaiting = () => answered < turn;
  bench.act = (action, more = {}) => { bench.flush(); bench.notices.hide(); bench.send({ do: action, ...more }); };

  const status = element("span", { class: "rk-status", role: "status" });
  const title = element("div", { class: "rk-title" });
  const saving = button(say("save"), () => bench.act("save"), { class: "rk-main", title: "Ctrl+S" });
  const undoing = button(say("undo"), () => bench.act("undo"));
  const reloading = button(say("reload"), () => bench.act("reload"));
  const scope = element("select", { "aria-label": say("scope") }, element("option", { value: "town" }, say("scope_town")), element("option", { value: "year" }, say("scope_year")));
  const building = button(say("build"), () => bench.act("build", { scope: scope.value }));
  const controls = [saving, undoing, reloading, building, scope];
  const tablist = element("div", { role: "tablist", "aria-label": say("parts"), class: "rk-tabs", onkeydown: tabKey });
  const lastYear = element("input", { type: "checkbox", id: freshId("last"), checked: true, onchange: () => root.classList.toggle("rk-no-last", !lastYear.checked) });
  const lastLabel = element("label", { class: "rk-last-toggle", hidden: true }, lastYear, element("span", {}));
  const panel = element("div", { class: "rk-panel", role: "tabpanel", tabindex: "0" });
  const welcome = element("p", { class: "rk-welcome" }, say("welcome"));

  bench.picker = picker(bench);
  bench.notices = noticeBoard(bench);
  bench.issues = issueList(bench);
  bench.page = reportPage(bench);
  const factsRoom = element("div", { class: "rk-facts-room" });
  const left = element("div", { class: "rk-left" }, factsRoom, tablist, element("div", { class: "rk-barline" }, bench.bar, lastLabel), panel, bench.issues.root);
  const body = element("div", { class: "rk-body", hidden: true }, left, bench.page.root);
  const root = element("section", {
    class: "rk-bench", "aria-label": say("bench"), "data-lm-suppress-shortcuts": "true", "data-jp-suppress-context-menu": "true", onkeydown: keys,
  }, element("header", { class: "rk-head" }, bench.picker.root, title, status,
    element("div", { class: "rk-buttons" }, saving, undoing, reloading, element("span", { class: "rk-building" }, building, scope))),
  bench.notices.notice, bench.notices.build, welcome, body);
  bench.root = root;

  function keys(event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      if (!saving.disabled) bench.act("save");
    }
    event.stopPropagation();
  }

  function select(number, focus = false) {
    tabs.forEach((tab, at) => {
      tab.setAttribute("aria-selected", String(at === number));
      tab.tabIndex = at === number ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", tabs[number].id);
    panel.replaceChildren(number < tables.length ? tables[number].root : texts.root);
    panel.scrollTop = 0;
    bench.bar.parentElement.hidden = number === tables.length;
    if (number === tables.length) texts.grow();
    if (focus) tabs[number].focus();
    bench.page.scrollTo(number < tables.length ? sheet.tables[number].heading : sheet.sections[0]?.heading ?? "");
  }

  function tabKey(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    select((tabs.indexOf(event.target.closest("[role=tab]")) + step + tabs.length) % tabs.length, true);
    event.preventDefault();
  }

  bench.goTo = (issue) => {
    const table = tables.findIndex((one) => one.fields.has(issue.cell));
    if (table >= 0) { select(table); tables[table].focus(issue.cell); }
    else if (facts?.has(issue.fact)) facts.focus(issue.fact);
    else if (issue.section) { select(tables.length); texts.focus(issue.section); }
  };

  function head(message) {
    title.replaceChildren(element("b", {}, message.title), element("span", {}, message.path + (message.isNew ? say("new_file") : "")));
    bench.picker.opened(message.town);
  }

  /** A town is there, or the same in another version: who saves in the middle of typing stays in the cell. */
  function draw(message) {
    const same = sheet && sheet.town.inside === message.town.inside && sheet.town.year === message.town.year;
    const shape = JSON.stringify([message.tables, message.sections, message.last, message.facts]);
    head(message);
    if (same && sheet.shape === shape) return;
    const at = same ? Math.max(0, tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true")) : 0;
    const top = same ? panel.scrollTop : 0;
    sheet = { ...message, shape, fresh: true };
    [welcome.hidden, body.hidden] = [true, false];
    tables = message.tables.map((table) => grid(bench, table));
    tables.forEach((table) => table.last(message.last));
    texts = words(bench, message.sections);
    facts = factFields(bench, message.facts);
    factsRoom.replaceChildren(facts.root);
    const names = [...message.tables.map((table) => table.caption), say("words")];
    tabs = names.map((name, number) => element("button", { type: "button", role: "tab", id: freshId("tab"), onclick: () => select(number) },
      name, element("span", { class: "rk-count" })));
    tablist.replaceChildren(...tabs);
    lastLabel.hidden = message.lastYear === null;
    lastLabel.lastChild.textContent = say("last_shown", { year: message.lastYear });
    if (!same) { bench.page.waiting(); bench.notices.hide(); }
    select(at);
    panel.scrollTop = top;
    if (!same) root.scrollIntoView({ block: "nearest" });
  }

  function refresh(message) {
    const isOld = message.turn < turn || Object.keys(pending).length;
    if (isOld && !sheet.fresh) return;  // the answer to what was typed since is on its way
    if (!isOld) answered = turn;
    const everything = sheet.fresh;
    sheet.fresh = false;
    tables.forEach((table) => table.update(message, everything, isOld));
    texts.update(message, everything, isOld);
    facts.update(message, everything, isOld);
    bench.issues.update(message.issues);
    tabs.forEach((tab, at) => count(tab, message.counts[at < tables.length ? sheet.tables[at].key : "words"] ?? {}));
    unsaved = message.unsaved;
    status.textContent = message.edits ? say("edits", { number: message.edits }) : say(unsaved ? "unsaved_new" : "saved");
    status.classList.toggle("rk-unsaved", unsaved);
    controls.forEach((control) => { control.disabled = false; });
    saving.disabled = !unsaved;
    undoing.disabled = !message.canUndo;
  }

  function count(tab, { error = 0, warning = 0 }) {
    const badge = tab.querySelector(".rk-count");
    badge.textContent = error ? `${SIGNS.error}${error}` : warning ? `${SIGNS.warning}${warning}` : "";
    badge.className = `rk-count ${error ? "rk-error" : warning ? "rk-warning" : ""}`;
    badge.title = error ? say("errors", { number: error }) : warning ? say("warnings", { number: warning }) : "";
  }

  const told = {
    hello: (message) => bench.picker.years(message.years, message.year),
    found: (message) => bench.picker.found(message),
    sheet: draw,
    state: refresh,
    page: (message) => bench.page.show(message),
    told: (message) => bench.notices.show(message),
    progress: (message) => bench.notices.progress(message),
    broken(message) {
      [sheet, body.hidden, welcome.hidden] = [null, true, false];
      welcome.textContent = say("broken", { message: message.message });
      title.replaceChildren();
      status.textContent = "";
      controls.forEach((control) => { control.disabled = true; });
      bench.picker.opened(message.town);
    },
  };
  const receive = (message) => told[message.what]?.(message);
  controls.forEach((control) => { control.disabled = true; });
  model.on("msg:custom", receive);
  host.append(root);
  bench.send({ do: "hello" });
  return () => { bench.flush(); model.off("msg:custom", receive); };
}

export default { render: ({ model, el }) => workbench(model, el) };
