// The sections in words: what the town writes, and beside it how that will be set.

function words(bench, sections) {
  const { say } = bench;
  const areas = [];

  function section(shape) {
    const help = element("p", { id: freshId("help"), class: "rk-help" }, say("words_help"));
    const input = element("textarea", {
      id: freshId("words"), rows: 8, spellcheck: "false", "aria-describedby": help.id,
      oninput: () => grow(input), onfocus: () => bench.page.scrollTo(shape.heading),
    });
    const shown = element("div", { class: "rk-prose", role: "region", "aria-label": say("as_printed", { label: shape.label }) });
    const label = element("label", { for: input.id }, shape.heading);
    bench.fields.add({ name: shape.field, label: shape.heading, tab: "words", input, isLong: true, filled: () => grow(input) });
    areas.push({ key: shape.key, input, shown, label });
    const last = shape.last && element("details", {}, element("summary", {}, say("last_words")), element("div", { class: "rk-before" }, shape.last));
    return element("div", { class: "rk-section" },
      element("div", { class: "rk-section-head" }, label, help, beginnings(shape)),
      element("div", { class: "rk-pair" }, input, shown), last || null);
  }

  /** Buttons that put other words into a section, for the town to go on from. */
  function beginnings(shape) {
    const from = (source, name) => button(say(name), () => bench.step({ do: "begin", section: shape.key, source }),
      { class: "rk-small", "aria-label": say("of_section", { action: say(name), label: shape.label }) });
    return element("span", { class: "rk-beginnings" }, shape.last ? from("last", "from_last") : null, from("master", "from_master"));
  }

  const grow = (input) => { input.style.height = "auto"; input.style.height = `${Math.max(150, input.scrollHeight + 4)}px`; };

  return {
    root: element("div", { class: "rk-words" }, sections.map(section)),
    update(state) {
      for (const { key, shown } of areas) {
        const html = state.prose[key];
        if (shown.dataset.html === html) continue;
        shown.dataset.html = html;
        shown.replaceChildren(...(html ? prose(html) : [element("p", { class: "rk-help" }, say("master_words"))]));
      }
    },
    grow() { for (const area of areas) grow(area.input); },
    places: () => areas.flatMap(({ label, input }) => [
      { node: label, text: label.textContent, tab: "words" }, { node: input, text: input.value, tab: "words", isLong: true },
    ]),
  };
}
