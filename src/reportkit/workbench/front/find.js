// Ctrl+F within the sheet: labels, figures and words. What stands in fields, or in another part, no browser finds.

function findBar(bench) {
  const { say } = bench;
  const count = element("span", { class: "rk-find-count", role: "status" });
  const box = element("input", { type: "text", id: freshId("find"), autocomplete: "off", spellcheck: "false", oninput: () => look(0) });
  const root = element("div", { class: "rk-find", role: "search", hidden: true, onkeydown: key },
    element("label", { for: box.id }, say("find_label")), box, count,
    button(say("find_before"), () => go(-1)), button(say("find_next"), () => go(1)), button(say("close"), () => close()));
  let found = [], at = -1, from = null;

  const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");

  function look(start) {
    const wanted = plain(box.value);
    found = wanted ? bench.places().filter(({ text }) => plain(text).includes(wanted)) : [];
    at = -1;
    mark();
    if (found.length) go(1, start);
    else count.textContent = box.value ? say("find_none") : "";
  }

  function mark(node = null) {
    for (const old of bench.root.querySelectorAll(".rk-found")) old.classList.remove("rk-found");
    node?.classList.add("rk-found");
  }

  function go(step) {
    if (!found.length) return;
    at = (at + step + found.length) % found.length;
    const { node, tab, isLong } = found[at];
    bench.select(tab);
    mark(node);
    if (isLong) choose(node);
    bench.reveal(node);
    count.textContent = say("find_count", { number: at + 1, all: found.length });
  }

  /** Choose the words in a text, so that they are seen once the cursor is there. */
  function choose(area) {
    const begin = area.value.toLowerCase().indexOf(box.value.toLowerCase());
    if (begin >= 0) area.setSelectionRange(begin, begin + box.value.length);
  }

  function key(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && event.target === box) go(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  }

  /** Close the bar; the cursor goes into the field that was found, or back to where it was. */
  function close() {
    root.hidden = true;
    const node = found[at]?.node;
    mark();
    (node?.field ? node : node?.closest("tr")?.querySelector("input") ?? (from?.isConnected && from !== document.body ? from : bench.root.querySelector(".rk-panel"))).focus();
  }

  return {
    root,
    open() {
      if (!root.contains(document.activeElement)) from = bench.root.getRootNode().activeElement;
      root.hidden = false;
      box.focus();
      box.select();
      if (box.value) look(0);
    },
  };
}
