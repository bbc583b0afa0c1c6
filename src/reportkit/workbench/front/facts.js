// What the form asks for beside its tables: a field for each, above the parts of the report.

function factFields(bench, facts) {
  const fields = new Map();
  const pending = new Set();
  const asked = debounced(() => {
    const texts = Object.fromEntries([...pending].map((name) => [name, fields.get(name).input.value]));
    pending.clear();
    bench.state(texts);
  }, 60);

  function field(shape) {
    const message = element("span", { id: freshId("message"), class: "rk-fact-said" });
    const input = element("input", {
      type: "text", id: freshId("fact"), autocomplete: "off", spellcheck: "false", placeholder: shape.takes,
      "aria-required": String(shape.required), "aria-describedby": message.id,
      oninput: () => { own.typed = true; pending.add(shape.name); asked.ask(); }, onblur: () => asked.flush(),
    });
    const sign = element("span", { class: "rk-fact-sign", "aria-hidden": "true" });
    const label = element("label", { for: input.id }, shape.label, shape.required ? element("abbr", { title: bench.say("required") }, "*") : null);
    const root = element("div", { class: "rk-fact" }, label, input, sign, message);
    const own = { root, input, sign, message, typed: false };
    fields.set(shape.name, own);
    return root;
  }

  return {
    root: element("div", { class: "rk-facts", role: "group", "aria-label": bench.say("facts"), hidden: !facts.length }, facts.map(field)),
    has: (name) => fields.has(name),
    flush: asked.flush,
    /** Show what the kernel says; what is being typed stays, and what was typed since it said so (`isOld`). */
    update(state, everything, isOld) {
      for (const [name, own] of fields) {
        const [text, severity, message] = state.facts[name];
        const focused = own.input.getRootNode().activeElement === own.input;
        own.typed &&= isOld || pending.has(name);
        if (!own.typed && (everything || !focused)) own.input.value = text;
        own.root.className = `rk-fact ${severity && `rk-${severity}`}`;
        own.sign.textContent = SIGNS[severity] ?? "";
        own.message.textContent = message;
        own.input.setAttribute("aria-invalid", String(severity === "error"));
      }
    },
    focus(name) { const own = fields.get(name); own.input.focus(); own.root.scrollIntoView({ block: "nearest" }); },
  };
}
