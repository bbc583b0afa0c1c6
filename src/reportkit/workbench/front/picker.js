// The year, and the search for a town: a combobox over thousands of names, of which the kernel sends the best.

function picker(bench) {
  const list = element("ul", { id: freshId("towns"), role: "listbox", "aria-label": "单位", class: "rk-towns" });
  const hint = element("div", { class: "rk-towns-hint", "aria-live": "polite" });
  const popup = element("div", { class: "rk-popup", hidden: true }, list, hint);
  const year = element("select", { id: freshId("year"), onchange: () => { find(""); box.focus(); } });
  const box = element("input", {
    id: freshId("town"), type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, placeholder: "输入名称查找",
    oninput: () => find(box.value), onfocus: () => { box.select(); find(""); }, onclick: () => popup.hidden && find(""),
    onblur: () => show(false), onkeydown: key,
  });
  let towns = [], chosen = -1, shownName = "";

  const find = (text) => { if (year.value) bench.send({ do: "find", year: Number(year.value), text }); };

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
    show(false);
    box.blur();
    bench.send({ do: "open", year: town.year, inside: town.inside });
  }

  function key(event) {
    if (event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (event.key in steps) { if (popup.hidden) find(""); else choose(Math.max(0, chosen + steps[event.key])); }
    else if (event.key === "Enter" && towns[chosen]) open(towns[chosen]);
    else if (event.key === "Escape") { show(false); }
    else return;
    event.preventDefault();
  }

  function line(town, at) {
    const note = town.unsaved ? "未保存" : town.hasFile ? "" : "尚无文件，可由上年新建";
    return element("li", {
      id: freshId("option"), role: "option", "aria-selected": "false",
      onmousedown: (event) => { event.preventDefault(); open(towns[at]); },
    }, element("b", {}, town.name), element("span", {}, town.county), note && element("em", {}, note));
  }

  return {
    root: element("div", { class: "rk-picker" },
      element("label", { for: year.id }, "年度"), year, element("label", { for: box.id }, "单位"),
      element("div", { class: "rk-combo" }, box, popup)),
    years(years, current) {
      year.replaceChildren(...years.map((one) => element("option", { value: one, selected: one === current }, String(one))));
    },
    found(message) {
      if (bench.root.getRootNode().activeElement !== box || message.year !== Number(year.value)) return;
      towns = message.towns;
      list.replaceChildren(...towns.map(line));
      hint.textContent = towns.length
        ? `共 ${message.all} 个单位${towns.length < message.all ? `，列出 ${towns.length} 个` : ""}`
        : `${message.year} 年没有名称里有“${message.text}”的单位`;
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
