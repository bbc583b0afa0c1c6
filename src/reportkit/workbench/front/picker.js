// The year, and the search for a town: a combobox over thousands of names, of which the kernel sends the best.

function picker(bench) {
  const { say } = bench;
  const list = element("ul", { id: freshId("towns"), role: "listbox", "aria-label": say("unit"), class: "rk-towns" });
  const hint = element("div", { class: "rk-towns-hint", "aria-live": "polite" });
  const popup = element("div", { class: "rk-popup", hidden: true }, list, hint);
  const year = element("select", { id: freshId("year"), onchange: () => { bench.yearChosen(); find(""); box.focus(); } });
  const box = element("input", {
    id: freshId("town"), type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, placeholder: say("find"),
    oninput: () => find(box.value), onfocus: () => { box.select(); find(""); }, onclick: () => popup.hidden && find(""),
    onmousedown: keepChosen, onblur: () => show(false), onkeydown: key,
  });
  let towns = [], chosen = -1, shownName = "", asked = "", listed = "", opensFirst = false;

  function find(text) {
    opensFirst = false;
    if (!year.value) return;
    asked = text;
    bench.send({ do: "find", year: Number(year.value), text });
  }

  /** A click into a name that nobody has changed leaves it chosen, so that what is typed takes its place. */
  function keepChosen(event) {
    if (!isFocused(box) || box.value !== shownName) return;
    event.preventDefault();
    box.select();
  }

  function show(open) {
    popup.hidden = !open;
    box.setAttribute("aria-expanded", String(open));
    if (!open) { box.removeAttribute("aria-activedescendant"); box.value = shownName; }
  }

  function choose(number) {
    chosen = Math.max(-1, Math.min(number, towns.length - 1));
    [...list.children].forEach((line, at) => line.setAttribute("aria-selected", String(at === chosen)));
    const line = list.children[chosen];
    if (!line) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", line.id);
    line.scrollIntoView({ block: "nearest" });
  }

  function open(town) {
    shownName = town.name;
    opensFirst = false;
    show(false);
    box.blur();
    bench.isOpening = true;
    bench.send({ do: "open", year: town.year, inside: town.inside });
  }

  function key(event) {
    if (event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (event.key in steps) { if (popup.hidden) find(""); else choose(Math.max(0, chosen + steps[event.key])); }
    else if (event.key === "Enter" && listed !== asked) opensFirst = true;  // what is listed is not yet what was typed
    else if (event.key === "Enter" && towns[chosen]) open(towns[chosen]);
    else if (event.key === "Escape") { show(false); }
    else return;
    event.preventDefault();
  }

  function line(town, at) {
    const note = town.unsaved ? say("unsaved") : town.hasFile ? town.state : say("no_file");
    return element("li", {
      id: freshId("option"), role: "option", "aria-selected": "false",
      onmousedown: (event) => { event.preventDefault(); open(towns[at]); },
    }, element("b", {}, town.name), element("span", {}, town.county), note && element("em", {}, note));
  }

  return {
    root: element("div", { class: "rk-picker" },
      element("label", { for: year.id }, say("year")), year, element("label", { for: box.id }, say("unit")),
      element("div", { class: "rk-combo" }, box, popup)),
    year: () => Number(year.value),
    years(years, current) {
      year.replaceChildren(...years.map((one) => element("option", { value: one, selected: one === current }, String(one))));
    },
    found(message) {
      if (bench.root.getRootNode().activeElement !== box || message.year !== Number(year.value)) return;
      if (opensFirst && message.text !== asked) return;
      [towns, listed] = [message.towns, message.text];
      if (opensFirst && towns[0]) return open(towns[0]);
      list.replaceChildren(...towns.map(line));
      hint.textContent = towns.length
        ? say(towns.length < message.all ? "some_units" : "all_units", { number: message.all, shown: towns.length })
        : say("no_units", { year: message.year, text: message.text });
      show(true);
      choose(message.text ? 0 : -1);
    },
    opened(town) {
      shownName = town.name;
      if (bench.root.getRootNode().activeElement === box) return;  // somebody is choosing another one
      year.value = String(town.year);
      box.value = shownName;
    },
  };
}
