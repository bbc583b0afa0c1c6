// A statutory table as a grid: the official heads and stubs, and a field for each figure.

function grid(bench, table) {
  const fields = [];
  const lines = [];  // the fields of each printed row, left to right
  const { bar, say } = bench;
  const sumColumn = columnOfSums(table);
  const node = element("table", { class: "rk-grid", "aria-label": table.caption }, columns(), ...parts());
  const root = table.note || table.below.length
    ? element("div", {}, aside(table.note, "rk-note"), node, table.below.map((text) => aside(text, "rk-below"))) : node;

  /** What the form says above or below the table. */
  function aside(text, kind) {
    return text ? element("p", { class: kind }, text) : null;
  }

  function columns() {
    const kinds = { label: "rk-col-label", group: "rk-col-stub" };
    return element("colgroup", {}, table.columns.map((kind) => element("col", { class: kinds[kind] ?? null })));
  }

  function parts() {
    const rows = table.rows.map(row);
    const head = rows.slice(0, table.headRows);
    return [head.length ? element("thead", {}, head) : null, element("tbody", {}, rows.slice(table.headRows))];
  }

  function row(cells) {
    const line = [];
    const made = element("tr", {}, cells.map((shape) => stuck(shape, shape.ref ? field(shape, line) : header(shape))));
    if (line.length) lines.push(line);
    return made;
  }

  /** The labels on the left and the totals on the right stay in sight when the table is wider than its place. */
  function stuck(shape, cell) {
    if (shape.column < table.stub && shape.colspan < table.columns.length) {
      cell.classList.add("rk-stuck");
      cell.style.insetInlineStart = `calc(var(--stub) * ${shape.column})`;
    } else if (shape.column === sumColumn) cell.classList.add("rk-stuck", "rk-sums");
    return cell;
  }

  function header(shape) {
    const { rowspan, colspan, scope, label } = shape;
    const stub = scope.startsWith("row") && colspan < table.columns.length;
    return element(label ? "th" : "td", { rowspan, colspan, scope: label ? scope : null, class: stub ? "rk-stub" : null }, element("span", {}, label));
  }

  function field(shape, line) {
    const message = element("span", { id: freshId("message"), class: "rk-hidden" });
    const sign = element("span", { class: "rk-sign", "aria-hidden": "true" });
    const last = element("small", { class: "rk-last", id: freshId("last") });
    const input = element("input", {
      type: "text", autocomplete: "off", spellcheck: "false", "aria-label": shape.name,
      inputmode: shape.keys, list: shape.options.length ? freshId("options") : null,
    });
    const options = shape.options.length
      ? element("datalist", { id: input.getAttribute("list") }, shape.options.map((value) => element("option", { value }))) : null;
    const cell = element("td", { rowspan: shape.rowspan, colspan: shape.colspan }, input, options, sign, last, message);
    cell.classList.toggle("rk-words", shape.keys === "text");
    cell.classList.toggle("rk-total", shape.total);
    const own = bench.fields.add({
      ...shape, name: shape.ref, label: shape.name, tab: table.key, input, cell, message, sign, last, line: lines.length, before: "", said: "",
      show: (told) => show(own, told),
    });
    fields.push(own);
    line.push(own);
    return cell;
  }

  function show(own, { computed, severity, message }) {
    own.input.placeholder = computed;
    own.cell.classList.toggle("rk-computed", Boolean(computed));
    own.cell.classList.toggle("rk-error", severity === "error");
    own.cell.classList.toggle("rk-warning", severity === "warning");
    own.sign.textContent = SIGNS[severity] ?? "";
    own.cell.title = own.said = message;
    own.message.textContent = message || (computed ? say("computed", { sum: computed }) : "");
    const described = [own.message.textContent && own.message.id, own.last.textContent && own.last.id].filter(Boolean);
    if (described.length) own.input.setAttribute("aria-describedby", described.join(" "));
    else own.input.removeAttribute("aria-describedby");
  }

  /** Say above the table where one is, what the cell takes, and what is wrong with it. */
  function tell(own) {
    const computed = own.input.placeholder;
    const help = own.said || (computed && !own.input.value ? say("computed_help", { sum: computed }) : "")
      || (own.total ? say("total_help") : say("takes", { takes: own.takes }));
    const kind = own.cell.classList.contains("rk-error") ? "error" : own.cell.classList.contains("rk-warning") ? "warning" : "";
    bar.className = `rk-cellbar ${kind && `rk-${kind}`}`;
    const last = own.last.textContent ? say("last", { figure: own.last.textContent }) : "";
    bar.replaceChildren(element("b", {}, own.label), element("span", {}, `${last}${help}`));
  }

  function near(line, own) {
    const inside = line.find((other) => other.column <= own.column && own.column < other.column + other.colspan);
    return inside ?? line.reduce((best, other) => (gap(other, own) < gap(best, own) ? other : best));
  }
  const gap = (one, other) => Math.abs(one.column - other.column);

  /** The next field up or down, on the same side of a table whose blocks stand beside each other. */
  function vertical(own, step) {
    for (let at = own.line + step; lines[at]; at += step) {
      const line = lines[at].filter((other) => other.side === own.side);
      if (line.length) return near(line, own);
    }
    return null;
  }
  function horizontal(own, step) {
    const line = lines[own.line];
    return line[line.indexOf(own) + step] ?? (step > 0 ? lines[own.line + 1]?.[0] : lines[own.line - 1]?.at(-1));
  }

  function keydown(event) {
    const own = event.target.field;
    if (!own || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const { selectionStart: from, selectionEnd: to, value } = own.input;
    const all = from === 0 && to === value.length;
    const goes = {
      Enter: () => vertical(own, event.shiftKey ? -1 : 1),
      ArrowDown: () => vertical(own, 1),
      ArrowUp: () => vertical(own, -1),
      ArrowLeft: () => (to === 0 || all) && !event.shiftKey && horizontal(own, -1),
      ArrowRight: () => (from === value.length || all) && !event.shiftKey && horizontal(own, 1),
    }[event.key];
    if (event.key === "Escape") {
      if (value === own.before) return;
      own.input.value = own.before;
      bench.fields.typed(own);
      own.input.select();
    } else if (!goes) return;
    else {
      const other = goes();
      if (!other) return event.key === "Enter" && event.preventDefault();
      other.input.focus();
    }
    event.preventDefault();
  }

  /** A block from a spreadsheet fills the grid from the cell it is pasted into. */
  function paste(event) {
    const own = event.target.field;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const block = blockOf(text);
    if (!own || (block.length < 2 && (block[0]?.length ?? 0) < 2)) return;
    event.preventDefault();
    const cells = {};
    let lost = 0;
    block.forEach((values, down) => {
      const line = lines[own.line + down];
      const start = line ? (down ? line.indexOf(near(line, own)) : line.indexOf(own)) : 0;
      values.forEach((value, across) => {
        const target = line?.[start + across];
        if (!target) lost += value.trim() ? 1 : 0;
        else cells[target.name] = target.input.value = value.trim();
      });
    });
    bench.fields.nextStep();
    bench.fields.put(cells);
    bench.fields.nextStep();
    if (lost) bench.notices.show({ level: "error", text: say("pasted_outside", { number: lost }), actions: [], differences: [] });
  }

  node.addEventListener("click", (event) => event.target.closest("td")?.querySelector("input")?.focus());
  node.addEventListener("keydown", keydown);
  node.addEventListener("paste", paste);
  node.addEventListener("focusin", (event) => {
    const own = event.target.field;
    if (!own) return;
    own.before = own.input.value;
    own.input.select();
    tell(own);
  });
  node.addEventListener("focusout", () => {
    bar.className = "rk-cellbar";
    bar.replaceChildren();
  });

  return {
    root,
    /** Show last year's figures, each beside this year's: the field leaves room for it. */
    last(values) {
      for (const own of fields) {
        const figure = own.last.textContent = values[own.name] ?? "";
        if (figure) own.cell.style.setProperty("--last", [...figure].reduce((sum, sign) => sum + (sign > "\u2e80" ? 2 : 1), 0));
      }
    },
    /** Say anew of the cell in which one is what the kernel has told of it. */
    update() { const at = fields.find((own) => isFocused(own.input)); if (at) tell(at); },
    /** What a search looks through: the labels and the figures. */
    places: () => [...node.querySelectorAll("th, td input")].map((one) => ({
      node: one, text: one.field ? one.value || one.placeholder : one.textContent, tab: table.key,
    })),
  };
}

/** The column on the right in which all figures are totals, if it is the only one; else -1. */
function columnOfSums(table) {
  const cells = table.rows.flat().filter((cell) => cell.ref);
  const sums = [...new Set(cells.map((cell) => cell.column))].filter((at) => cells.every((cell) => cell.column !== at || cell.total));
  return sums.length === 1 && sums[0] === table.columns.length - 1 && table.stub ? sums[0] : -1;
}

/** The rows of tab-separated text as spreadsheets copy it: a value with line ends or quotes in it stands in quotes. */
function blockOf(text) {
  const rows = [[]];
  const values = /(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/gy;
  for (let found; values.lastIndex < text.length && (found = values.exec(text));) {
    rows.at(-1).push(found[1] === undefined ? found[2] : found[1].replaceAll('""', '"'));
    if (/[\r\n]/.test(found[3]) && values.lastIndex < text.length) rows.push([]);
    if (found[0] === "") break;
  }
  return rows;
}
