// What this report is let off: each rule with its reason, and what the rule has found.

function waivers(bench, sheet) {
  const { say } = bench;
  const rows = new Map();     // by code
  const started = new Set();  // codes that somebody has begun to waive, and not given a reason yet
  let codes = [], issues = [];

  const body = element("tbody", {});
  const table = element("table", { class: "rk-waivers", "aria-label": say("waivers") },
    element("thead", {}, element("tr", {}, ["rule", "found_there", "reason"].map((name) => element("th", { scope: "col" }, say(name))),
      element("td", {}))), body);
  const none = element("p", { class: "rk-help" }, say("no_waivers"));
  const adding = element("select", { "aria-label": say("rule_to_waive"), onchange: () => { if (adding.value) begin(adding.value); } });

  function row(code) {
    const input = element("input", {
      type: "text", autocomplete: "off", "aria-label": say("reason_of", { code }), placeholder: say("reason_needed"),
    });
    const said = element("span", { class: "rk-fact-said", id: freshId("message") });
    input.setAttribute("aria-describedby", said.id);
    const sign = element("span", { class: "rk-fact-sign", "aria-hidden": "true" });
    const found = element("td", {});
    const taking = button(say("waive_no_more"), () => drop(code, input), { class: "rk-small", "aria-label": say("waive_no_more_of", { code }) });
    const root = element("tr", {}, element("th", { scope: "row" }, element("b", {}, code), ` ${sheet.waivable[code] ?? ""}`), found,
      element("td", {}, input, sign, said), element("td", {}, taking));
    bench.fields.add({ name: `waiver:${code}`, label: say("reason_of", { code }), tab: "details", input, show: (told) => mark(root, sign, said, told) });
    rows.set(code, { root, input, found });
    return root;
  }

  /** Take a waiver out: a step of its own, and the row goes with it. */
  function drop(code, input) {
    started.delete(code);
    input.value = "";
    bench.fields.nextStep();
    bench.fields.put({ [`waiver:${code}`]: "" });
    bench.fields.nextStep();
    adding.focus();
  }

  function draw() {
    const shown = [...new Set([...codes, ...started])].sort();
    for (const [code, { root }] of rows) {
      if (!shown.includes(code)) { root.remove(); rows.delete(code); bench.fields.remove(`waiver:${code}`); }
    }
    for (const code of shown) if (!rows.has(code)) body.append(row(code));
    for (const [code, { found }] of rows) {
      found.replaceChildren(...issues.filter((issue) => issue.code === code).map((issue) => element("div", {}, issue.message)));
    }
    const open = [...new Set(issues.filter((issue) => canWaive(issue, sheet)).map((issue) => issue.code))].filter((code) => !shown.includes(code));
    adding.replaceChildren(element("option", { value: "" }, say(open.length ? "choose_rule" : "nothing_to_waive")),
      ...open.map((code) => element("option", { value: code }, `${code} ${sheet.waivable[code]}`)));
    [table.hidden, none.hidden] = [!shown.length, Boolean(shown.length)];
  }

  function begin(code) {
    started.add(code);
    draw();
    rows.get(code).input.focus();
  }

  return {
    root: element("section", { class: "rk-waiving", "aria-label": say("waivers") }, element("b", {}, say("waivers")), none, table, adding),
    begin,
    update(state) {
      [codes, issues] = [state.waivers, state.issues];
      for (const code of codes) started.delete(code);
      const typing = [...rows].find(([, { input }]) => isFocused(input))?.[0];
      if (typing && !codes.includes(typing)) started.add(typing);
      draw();
    },
    places: () => [...rows.values()].flatMap(({ root, input }) => [
      { node: root.firstChild, text: root.firstChild.textContent, tab: "details" }, { node: input, text: input.value, tab: "details" },
    ]),
  };
}

/** Whether an issue is of a rule that a report can be let off. */
const canWaive = (issue, sheet) => ["error", "warning"].includes(issue.severity) && issue.code in sheet.waivable;
