// What a report says beside its tables and words: who reports, what else the form asks for, and what is waived.

function details(bench, sheet) {
  const { say } = bench;
  const labels = [];
  const waived = waivers(bench, sheet);

  function field(name, text, input, { required = false } = {}) {
    const message = element("span", { id: freshId("message"), class: "rk-fact-said" });
    const sign = element("span", { class: "rk-fact-sign", "aria-hidden": "true" });
    input.id = freshId("fact");
    input.setAttribute("aria-describedby", message.id);
    const label = element("label", { for: input.id }, text, required ? element("abbr", { title: say("required") }, "*") : null);
    const root = element("div", { class: "rk-fact" }, label, input, sign, message);
    labels.push({ label, input });
    bench.fields.add({ name, label: text, tab: "details", input, show: (told) => mark(root, sign, message, told) });
    return root;
  }

  const line = (attributes = {}) => element("input", { type: "text", autocomplete: "off", spellcheck: "false", ...attributes });
  const choice = (...pairs) => element("select", {}, pairs.map(([value, name]) => element("option", { value }, say(name))));
  const fact = (shape) => field(shape.field, shape.label, line({ placeholder: shape.takes, "aria-required": String(shape.required) }), shape);

  const heads = element("div", { class: "rk-facts", role: "group", "aria-label": say("report") },
    field("head:agency", say("agency"), line({ placeholder: sheet.jurisdiction })),
    field("head:compare", say("compare"), choice(["", "compare_default"], ["true", "compare_yes"], ["false", "compare_no"])));
  const facts = element("div", { class: "rk-facts", role: "group", "aria-label": say("facts"), hidden: !sheet.facts.length }, sheet.facts.map(fact));

  return {
    root: element("div", { class: "rk-details" }, heads, facts, waived.root),
    update: waived.update,
    waive: waived.begin,
    places: () => [
      ...labels.flatMap(({ label, input }) => [
        { node: label, text: label.textContent, tab: "details" },
        { node: input, text: input.tagName === "SELECT" ? input.selectedOptions[0]?.text ?? "" : input.value, tab: "details" },
      ]),
      ...waived.places(),
    ],
  };
}

/** Show how grave what is said of a field is, and say it. */
function mark(root, sign, message, { severity, message: said }) {
  for (const kind of ["error", "warning"]) root.classList.toggle(`rk-${kind}`, severity === kind);
  sign.textContent = SIGNS[severity] ?? "";
  message.textContent = said;
}
