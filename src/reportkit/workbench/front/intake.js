// Files of a person's own machine: sent to the kernel in pieces, shown as what would become of them, then taken in.

const PIECE = 1 << 20;  // bytes; Jupyter takes no message of ten times as many

function intake(bench) {
  const { say } = bench;
  const unread = [];          // files that are still to be read
  const answers = new Map();  // by file: what goes on once the kernel has answered
  let total = 0, isReading = false, isWaiting = false, asked = "";  // the wishes that the kernel was told last

  const chooser = element("input", { type: "file", multiple: true, hidden: true, "aria-label": say("choose_files"), onchange: () => { add([...chooser.files]); chooser.value = ""; } });
  const choosing = button(say("choose_files"), () => chooser.click());
  const status = element("p", { class: "rk-intake-status", role: "status", tabindex: "-1" });
  const counties = element("datalist", { id: freshId("counties") });
  const county = element("input", {
    type: "text", id: freshId("county"), list: counties.id, autocomplete: "off", spellcheck: "false", placeholder: say("county_blank"), title: say("county_help"), onchange: look,
    onkeydown: (event) => { if (event.key === "Enter" && !event.isComposing) { look(); event.preventDefault(); } },
  });
  const [zeros, update] = ["blank_help", "into_help"].map((help) => element("input", { type: "checkbox", id: freshId("wish"), title: say(help), onchange: look }));
  const wish = (input, name) => element("span", { class: "rk-wish", title: input.title }, input, element("label", { for: input.id }, say(name)));
  const updating = wish(update, "into_files");
  const body = element("tbody", {});
  const heads = ["file", "state", "unit", "year", "goes_to", "content", "findings"].map((name) => element("th", { scope: "col" }, say(name)));
  const table = element("div", { class: "rk-intake-table", role: "group", "aria-label": say("intake"), tabindex: "0", hidden: true }, element("table", { "aria-label": say("intake") },
    element("thead", {}, element("tr", {}, heads)), body));
  const taking = button("", take, { class: "rk-main", hidden: true });
  const adding = button(say("add_files"), () => chooser.click());
  const closing = button(say("put_away"), () => { bench.act("put_away"); choosing.focus(); });
  const wishes = element("div", { class: "rk-wishes" },
    element("span", { class: "rk-wish" }, element("label", { for: county.id }, say("county")), county, counties), wish(zeros, "blank_as_zero"), updating);
  const root = element("section", { class: "rk-intake", "aria-label": say("intake"), hidden: true },
    status, wishes, element("div", { class: "rk-actions" }, taking, adding, closing), table);

  const wished = () => ({ county: county.value.trim(), zeros: zeros.checked, update: update.checked });
  const key = (wishes) => JSON.stringify([wishes.county, wishes.zeros, wishes.update]);

  function look() {
    if (isReading || key(wished()) === asked) return;
    bench.notices.hide();
    ask();
  }

  /** Let the kernel say what would become of the files; until it has, nothing can be taken in. */
  function ask() {
    asked = key(wished());
    wait("looking", "look", wished());
  }

  function take() {
    bench.notices.hide();
    status.focus();
    wait("taking_in", "take_in");
  }

  function wait(words, action, more = {}) {
    isWaiting = true;
    settle(say(words));
    bench.send({ do: action, ...more });
  }

  function settle(text) {
    status.textContent = text;
    taking.disabled = isReading || isWaiting;
    closing.disabled = isReading;
  }

  async function add(files) {
    unread.push(...files);
    total += files.length;
    if (isReading || !unread.length) return;
    isReading = true;
    root.hidden = false;
    bench.notices.hide();
    while (unread.length) {
      const file = unread.shift();
      settle(say("reading_file", { done: total - unread.length, total, file: file.name }));
      await send(file);
    }
    [isReading, total] = [false, 0];
    ask();
  }

  /** Send a file piece by piece; ends once the kernel has read it, or has said that it cannot. */
  async function send(file) {
    const id = `${freshId("file")}-${Math.random()}`;
    const about = { do: "piece", id, name: file.name, size: file.size };
    for (let at = 0; at !== null;) {
      const answer = new Promise((go) => { answers.set(id, go); });
      try {
        bench.send({ ...about, at }, [await file.slice(at, at + PIECE).arrayBuffer()]);
      } catch {
        bench.send({ ...about, at, failed: true });
      }
      const late = setTimeout(() => { status.textContent = say("waiting"); }, 10_000);
      at = await answer;
      clearTimeout(late);
    }
    answers.delete(id);
  }

  function line(row, canLeaveOut) {
    const name = row.inside === null ? row.unit
      : button(row.unit, () => bench.act("open", { year: row.year, inside: row.inside }), { class: "rk-link", "aria-label": say("open_unit", { unit: row.unit }) });
    const leaving = canLeaveOut
      ? button(say("leave_out"), () => leaveOut(row), { class: "rk-small", "aria-label": say("leave_out_of", { file: row.file }) }) : null;
    return element("tr", {}, element("th", { scope: "row" }, element("div", { class: "rk-intake-file" }, row.file, leaving)), element("td", { class: row.grave ? "rk-grave" : "" }, row.said),
      element("td", {}, name), element("td", {}, row.year ?? ""), element("td", {}, row.path), element("td", {}, row.content), element("td", {}, findings(row.issues)));
  }

  function leaveOut(row) {
    bench.notices.hide();
    status.focus();
    wait("looking", "leave_out", { id: row.id });
  }

  /** What was noticed: what is grave at once, all else on request. */
  function findings(issues) {
    const list = (some) => element("ul", { class: "rk-findings" }, some.map((issue) => element("li", { class: `rk-${issue.severity}` },
      element("span", { class: "rk-level" }, `${SIGNS[issue.severity]} ${issue.level}`), " ", issue.place ? element("span", { class: "rk-place" }, issue.place, " ") : null, issue.message)));
    if (!issues.length) return null;
    const grave = issues.filter((issue) => issue.severity === "error");
    if (issues.length <= 3) return list(issues);
    return element("details", { open: grave.length > 0 && grave.length <= 3 },
      element("summary", {}, say("findings_counted", { number: issues.length })), list([...grave, ...issues.filter((issue) => !grave.includes(issue))]));
  }

  return {
    choosing,
    chooser,
    root,
    add,
    /** The kernel asks for the next piece of a file, or has read it. */
    next: ({ id, at = null }) => answers.get(id)?.(at),
    counties(names) { counties.replaceChildren(...names.map((value) => element("option", { value }))); },
    update(message) {
      const { rows, wishes, isDone } = message;
      if (isReading || (isWaiting && asked !== key(wishes))) return;  // more files, or something else is wished by now
      isWaiting = false;
      [asked, county.value, zeros.checked, update.checked] = [key(wishes), wishes.county, wishes.zeros, wishes.update];
      root.hidden = table.hidden = !rows.length;
      updating.hidden = !message.differ && !update.checked;
      settle(isDone || !rows.length ? message.summary : `${message.summary} ${say("nothing_written")}`);
      taking.textContent = say("take_in", { number: message.writes });
      taking.hidden = isDone;
      taking.disabled ||= !message.writes;
      body.replaceChildren(...rows.map((row, at) => line(row, !isDone && row.id !== rows[at - 1]?.id)));
    },
    /** The kernel has told why something could not be done: it is to be wished otherwise first. */
    failed() {
      if (!isWaiting) return;
      [isWaiting, asked] = [false, ""];
      settle("");
      taking.disabled = true;
    },
  };
}
