// The parts of a report as tabs: its tables, its words, and what stands beside them.

function tabRow(bench, panel) {
  const list = element("div", { role: "tablist", "aria-label": bench.say("parts"), class: "rk-tabs", onkeydown: key });
  let parts = [], at = 0;  // {key, name, content: {root, ...}, heading}

  function select(key, focus = false) {
    const number = parts.findIndex((part) => part.key === key);
    if (number < 0) return;
    if (number !== at || !panel.contains(parts[at].content.root)) show(number);
    if (focus) parts[at].tab.focus();
  }

  function show(number) {
    at = number;
    parts.forEach(({ tab }, other) => {
      tab.setAttribute("aria-selected", String(other === at));
      tab.tabIndex = other === at ? 0 : -1;
    });
    const { key, tab, content, heading } = parts[at];
    panel.setAttribute("aria-labelledby", tab.id);
    panel.replaceChildren(content.root);
    panel.scrollTop = 0;
    content.grow?.();
    bench.shows(key);
    bench.page.scrollTo(heading);
  }

  function key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    select(parts[(at + step + parts.length) % parts.length].key, true);
    event.preventDefault();
  }

  function count(tab, { error = 0, warning = 0 }) {
    const badge = tab.querySelector(".rk-count");
    badge.textContent = error ? `${SIGNS.error}${error}` : warning ? `${SIGNS.warning}${warning}` : "";
    badge.className = `rk-count ${error ? "rk-error" : warning ? "rk-warning" : ""}`;
    badge.title = error ? bench.say("errors", { number: error }) : warning ? bench.say("warnings", { number: warning }) : "";
  }

  return {
    root: list,
    select,
    get key() { return parts[at]?.key; },
    draw(all, key) {
      parts = all.map((part) => ({
        ...part,
        tab: element("button", { type: "button", role: "tab", id: freshId("tab"), onclick: () => select(part.key) }, part.name, element("span", { class: "rk-count" })),
      }));
      list.replaceChildren(...parts.map(({ tab }) => tab));
      show(Math.max(0, parts.findIndex((part) => part.key === key)));
    },
    count(counts) { for (const { tab, key } of parts) count(tab, counts[key] ?? {}); },
  };
}
