// The sections in words: what the town writes, and beside it how that will be set.

function words(bench, sections) {
  const { say } = bench;
  const areas = new Map();
  const asked = debounced(() => {
    for (const [key, area] of areas) {
      if (area.pending) { area.pending = false; bench.write(key, area.input.value); }
    }
  }, 60);

  function section(shape) {
    const help = element("p", { id: freshId("help"), class: "rk-help" }, say("words_help"));
    const input = element("textarea", {
      id: freshId("words"), rows: 8, spellcheck: "false", "aria-describedby": help.id,
      oninput: () => { area.pending = area.typed = true; grow(input); asked.ask(); },
      onfocus: () => bench.page.scrollTo(shape.heading), onblur: () => asked.flush(),
    });
    const shown = element("div", { class: "rk-prose", role: "region", "aria-label": say("as_printed", { label: shape.label }) });
    const area = { input, shown, pending: false, typed: false };
    areas.set(shape.key, area);
    const last = shape.last && element("details", {}, element("summary", {}, say("last_words")), element("div", { class: "rk-before" }, shape.last));
    return element("div", { class: "rk-section" },
      element("div", { class: "rk-section-head" }, element("label", { for: input.id }, shape.heading), help),
      element("div", { class: "rk-pair" }, input, shown), last || null);
  }

  const grow = (input) => { input.style.height = "auto"; input.style.height = `${Math.max(150, input.scrollHeight + 4)}px`; };

  return {
    root: element("div", { class: "rk-words" }, sections.map(section)),
    flush: asked.flush,
    /** Show what the kernel says; what is being typed stays, and what was typed since it said so (`isOld`). */
    update(state, everything, isOld) {
      for (const [key, area] of areas) {
        const focused = area.input.getRootNode().activeElement === area.input;
        area.typed &&= isOld || area.pending;
        if (!area.typed && (everything || !focused)) { area.input.value = state.words[key] ?? ""; grow(area.input); }
        area.shown.replaceChildren(...(state.prose[key] ? prose(state.prose[key]) : [element("p", { class: "rk-help" }, say("master_words"))]));
      }
    },
    grow() { for (const area of areas.values()) grow(area.input); },
    focus(key) { const area = areas.get(key); area?.input.focus(); area?.input.scrollIntoView({ block: "nearest" }); },
  };
}
