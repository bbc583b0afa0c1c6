// The whole: what the kernel tells goes to the parts, what a person does goes to the kernel.

function workbench(model, host) {
  const say = speaker(model.get("words"));
  const bench = { say, send: (message, buffers = []) => model.send(message, undefined, buffers), bar: element("div", { class: "rk-cellbar", "data-hint": say("hint") }) };
  let turn = 0, answered = 0, sheet = null, parts = [], unsaved = false, blank = {}, unsent = null;
  const passedOver = [];  // fields that an undo has changed in a state that was out of date when it came

  const late = debounced(() => { if (answered < turn) status.textContent = say("waiting"); }, 2000);
  bench.ask = (message) => { turn += 1; late.ask(); bench.send({ ...message, turn }); };
  bench.isWaiting = () => answered < turn;
  bench.act = (action, more = {}) => { bench.fields.flush(); bench.notices.hide(); bench.send({ do: action, ...more }); };
  bench.step = (message) => { bench.fields.nextStep(); bench.ask(message); };
  bench.sheet = () => sheet;
  bench.select = (key, focus) => tabs.select(key, focus);
  bench.waive = (code) => { tabs.select("details"); parts.at(-1).content.waive(code); };
  bench.places = () => parts.flatMap(({ content }) => content.places());
  bench.shows = (key) => {
    const isTable = sheet.tables.some((table) => table.key === key);
    bench.bar.parentElement.hidden = !isTable;
    if (isTable) tellBlanks();
  };
  bench.reveal = (node) => { reveal(panel, node); root.scrollIntoView({ block: "nearest" }); };
  bench.goTo = (name) => {
    const own = bench.fields.get(name);
    if (!own) return;
    tabs.select(own.tab);
    own.input.focus({ preventScroll: true });
    bench.reveal(own.cell ?? own.input);
  };

  const status = element("span", { class: "rk-status", role: "status" });
  const title = element("div", { class: "rk-title" });
  const saving = button(say("save"), () => bench.act("save"), { class: "rk-main", title: "Ctrl+S" });
  const [undoing, redoing] = [["↶", "back", "Ctrl+Z"], ["↷", "forth", "Ctrl+Y"]].map(([sign, action, keys]) => (
    button(sign, () => bench.step({ do: action }), { class: "rk-icon", "aria-label": say(action), title: `${say(action)} ${keys}` })));
  const unsaving = button(say("unsave"), () => bench.act("unsave"));
  const reloading = button(say("reload"), () => bench.act("reload"));
  const scope = element("select", { "aria-label": say("scope") }, element("option", { value: "town" }, say("scope_town")), element("option", { value: "year" }, say("scope_year")));
  const building = button(say("build"), () => bench.act("build", { scope: scope.value }));
  const listing = button(say("units"), () => { bench.fields.flush(); toggle(bench.overview.root.hidden); }, { "aria-expanded": "true" });
  const finding = button(say("find_label"), () => bench.find.open(), { title: "Ctrl+F" });
  const controls = [saving, undoing, redoing, unsaving, reloading, building, scope, finding];
  const lastYear = element("input", { type: "checkbox", id: freshId("last"), checked: true, onchange: () => root.classList.toggle("rk-no-last", !lastYear.checked) });
  const lastLabel = element("label", { class: "rk-last-toggle", hidden: true }, lastYear, element("span", {}));
  const zeros = button("", () => bench.step({ do: "zeros", table: tabs.key }), { class: "rk-small", title: say("zeros_help") });
  const panel = element("div", { class: "rk-panel", role: "tabpanel", tabindex: "0" });
  const welcome = element("p", { class: "rk-welcome" }, say("welcome"));

  bench.stash = unsentStash();
  bench.fields = fieldBook(bench);
  bench.picker = picker(bench);
  bench.overview = overview(bench);
  bench.notices = noticeBoard(bench);
  bench.issues = issueList(bench);
  bench.page = reportPage(bench);
  bench.conflicts = conflictList(bench);
  bench.find = findBar(bench);
  const tabs = tabRow(bench, panel), view = views(bench);
  const left = element("div", { class: "rk-left" }, tabs.root, element("div", { class: "rk-barline" }, bench.bar, lastLabel, zeros), panel, bench.issues.root);
  const body = element("div", { class: "rk-body", hidden: true }, left, bench.page.root);
  const root = element("section", {
    class: "rk-bench", "aria-label": say("bench"), "data-lm-suppress-shortcuts": "true", "data-jp-suppress-context-menu": "true",
    onkeydown: keys, onbeforeinput: nativeUndo,
  }, element("header", { class: "rk-head" }, bench.picker.root, title, status,
    element("div", { class: "rk-buttons" }, bench.conflicts.control, listing, saving, undoing, redoing, element("span", { class: "rk-building" }, building, scope),
      finding, ...view.buttons, menu(say("more"), unsaving, reloading))),
  bench.find.root, bench.notices.notice, bench.notices.build, bench.conflicts.root, welcome, bench.overview.root, body);
  bench.root = root;
  view.start();
  new ResizeObserver(() => measure(panel)).observe(panel);

  const shortcuts = {
    s: () => (!saving.disabled || bench.fields.isPending() || bench.isWaiting()) && bench.act("save"),
    f: () => sheet && bench.find.open(),
    z: (event) => isOurs(event) && bench.step({ do: event.shiftKey ? "forth" : "back" }),
    y: (event) => isOurs(event) && bench.step({ do: "forth" }),
  };
  /** Whether an event is about what the sheet says, and not about the search for a unit or for words. */
  const isOurs = (event) => sheet && (event.target.field || !event.target.matches("input, textarea"));

  bench.yearChosen = () => { if (!bench.overview.root.hidden) bench.overview.ask(bench.picker.year()); };

  /** Shows all units in place of the town that is open, or that again. */
  function toggle(open) {
    bench.overview.root.hidden = !open;
    listing.setAttribute("aria-expanded", String(open));
    body.hidden = open || !sheet;
    if (open) bench.overview.ask(bench.picker.year(), true);
  }

  function keys(event) {
    const act = (event.ctrlKey || event.metaKey) && !event.altKey && !event.isComposing && shortcuts[event.key.toLowerCase()];
    if (act && act(event) !== false) event.preventDefault();
    else if (event.key === "Escape" && !event.defaultPrevented && view.leave()) event.preventDefault();
    event.stopPropagation();
  }

  /** The browser's own undo, from its menu, knows one field and not what the kernel has put there. */
  function nativeUndo(event) {
    const action = { historyUndo: "back", historyRedo: "forth" }[event.inputType];
    if (!action || !isOurs(event)) return;
    event.preventDefault();
    bench.step({ do: action });
  }

  function head(message) {
    title.replaceChildren(element("b", {}, message.title), element("span", {}, message.path + (message.isNew ? say("new_file") : "")));
    bench.picker.opened(message.town);
  }

  /** A town is there, or the same in another version: who saves in the middle of typing stays in the cell. */
  function draw(message) {
    const same = sheet && sheet.town.inside === message.town.inside && sheet.town.year === message.town.year;
    const shape = JSON.stringify([message.tables, message.sections, message.last, message.facts]);
    head(message);
    bench.conflicts.show(message.conflicts);
    if (same && sheet.shape === shape) return toggle(false);
    const [key, top] = same ? [tabs.key, panel.scrollTop] : [];
    sheet = { ...message, shape, fresh: true };
    toggle(false);
    welcome.hidden = true;
    bench.fields.clear();
    parts = [
      ...message.tables.map((table) => ({ key: table.key, name: table.caption, heading: table.heading, content: grid(bench, table) })),
      { key: "words", name: say("words"), heading: message.sections[0]?.heading ?? "", content: words(bench, message.sections) },
      { key: "details", name: say("details"), heading: "", content: details(bench, message) },
    ];
    for (const { content } of parts) content.last?.(message.last);
    lastLabel.hidden = message.lastYear === null;
    lastLabel.lastChild.textContent = say("last_shown", { year: message.lastYear });
    if (!same) { bench.page.waiting(); bench.notices.hide(); }
    if (!same) unsent = bench.stash.open(message.file);
    tabs.draw(parts, key);
    panel.scrollTop = top ?? 0;
    measure(panel);
    if (!same) root.scrollIntoView({ block: "start" });
    if (bench.isOpening) tabs.select(tabs.key, true);
    bench.isOpening = false;
  }

  function refresh(message) {
    const isOld = message.turn < turn || bench.fields.isPending();
    passedOver.push(...message.moved);
    if (isOld && !sheet.fresh) return;  // the answer to what was typed since is on its way
    message.moved = [...new Set([...message.moved, ...passedOver.splice(0)])];
    if (!isOld) { answered = turn; if (!unsent) bench.stash.clear(); }
    const everything = sheet.fresh;
    sheet.fresh = false;
    parts.at(-1).content.update(message);
    bench.fields.update(message, everything, isOld);
    for (const { content } of parts.slice(0, -1)) content.update(message);
    bench.issues.update(message.issues);
    tabs.count(message.counts);
    blank = message.blanks;
    tellBlanks();
    unsaved = message.unsaved;
    status.textContent = message.edits ? say("edits", { number: message.edits }) : say(unsaved ? "unsaved_new" : "saved");
    status.classList.toggle("rk-unsaved", unsaved);
    controls.forEach((control) => { control.disabled = false; });
    [saving.disabled, unsaving.disabled] = [!unsaved, !message.canUndo];
    [undoing.disabled, redoing.disabled] = message.steps.map((can) => !can);
    if (unsent) { bench.send({ do: "unsent", ...unsent }); unsent = null; }
    if (message.moved.length && !isFocused(bench.fields.get(message.moved[0])?.input ?? root)) bench.goTo(message.moved[0]);
  }

  function tellBlanks() {
    const number = blank[tabs.key] ?? 0;
    zeros.textContent = say(number ? "zeros" : "no_blanks", { number });
    zeros.disabled = !number;
  }

  const told = {
    hello(message) {
      bench.picker.years(message.years, message.year);
      if (!sheet) bench.overview.ask(message.year);
    },
    years(message) {
      bench.picker.years(message.years, bench.picker.year() || message.years[0]);
      if (!bench.overview.root.hidden) bench.overview.ask(bench.picker.year(), true);
    },
    states: (message) => bench.overview.update(message),
    sent: (message) => bench.overview.sending.update(message),
    piece: (message) => bench.overview.taking.next(message),
    read: (message) => bench.overview.taking.next(message),
    intake: (message) => bench.overview.taking.update(message),
    found: (message) => bench.picker.found(message),
    sheet: draw,
    state: refresh,
    page: (message) => bench.page.show(message),
    told(message) {
      bench.notices.show(message);
      if (message.level === "error") { bench.overview.sending.failed(); bench.overview.taking.failed(); }
    },
    progress: (message) => bench.notices.progress(message),
    conflicts: (message) => bench.conflicts.show(message.conflicts),
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
  return () => { bench.fields.flush(); model.off("msg:custom", receive); };
}

export default { render: ({ model, el }) => workbench(model, el) };
