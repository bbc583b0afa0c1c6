// All units of a year with how far each is: chosen by state, counted, opened by name.

function overview(bench) {
  const { say } = bench;
  let year = 0, units = [];
  const summary = element("p", { class: "rk-units-summary" });
  const choice = element("select", { id: freshId("state"), onchange: show });
  const count = element("span", { role: "status" });
  const rows = element("tbody", {});
  const heads = [say("unit"), say("state"), say("remarks"), say("due")].map((head) => element("th", { scope: "col" }, head));
  const table = element("div", { class: "rk-units-table", hidden: true },
    element("p", {}, element("label", { for: choice.id }, say("chosen_by")), " ", choice, " ", count),
    element("table", { "aria-label": say("units") }, element("thead", {}, element("tr", {}, heads)), rows));
  const sending = sendOut(bench), taking = intake(bench);
  const tools = element("div", { class: "rk-units-tools" }, sending.control, taking.choosing, taking.chooser, element("span", {}, say("drop_hint")));
  const root = element("div", { class: "rk-units", ondragover: over, ondragleave: left, ondrop: drop }, summary, tools, sending.root, taking.root, table);

  /** Files, and nothing else, can be dropped; the browser would open them in place of the page. */
  function over(event) {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    event.stopPropagation();
    event.dataTransfer.dropEffect = "copy";
    root.classList.add("rk-dropping");
  }

  function left(event) { if (!root.contains(event.relatedTarget)) root.classList.remove("rk-dropping"); }

  function drop(event) {
    root.classList.remove("rk-dropping");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    event.stopPropagation();
    taking.add([...event.dataTransfer.files]);
  }

  function name(unit) {
    if (unit.inside === null) return unit.name;
    return button(unit.name, () => bench.act("open", { year, inside: unit.inside }), { class: "rk-link" });
  }

  function row(unit) {
    return element("tr", {}, element("th", { scope: "row" }, name(unit)),
      element("td", { class: unit.grave ? "rk-grave" : "" }, unit.said), element("td", {}, unit.remarks), element("td", {}, unit.due));
  }

  function show() {
    const shown = units.filter((unit) => !choice.value || unit.keys.includes(choice.value));
    rows.replaceChildren(...shown.map(row));
    count.textContent = say("units_shown", { shown: shown.length, number: units.length });
  }

  return {
    root,
    sending,
    taking,
    ask(wanted, asked = false) {
      year = wanted;
      sending.turnTo(year);
      if (!year) return;
      if (asked) summary.textContent = say("looking_over");
      bench.send({ do: "survey", year, asked });
    },
    update(message) {
      if (message.year !== year) return;
      const before = choice.value;
      units = message.units;
      taking.counties(message.counties);
      summary.textContent = message.summary;
      choice.replaceChildren(element("option", { value: "" }, say("all")),
        ...message.filters.map((one) => element("option", { value: one.key }, say("counted", { said: one.said, number: one.number }))));
      choice.value = message.filters.some((one) => one.key === before) ? before : "";
      table.hidden = !units.length;
      show();
    },
  };
}
