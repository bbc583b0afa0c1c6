// A statutory table as a grid: the official heads and stubs, and a field for each figure.

function grid(bench, table) {
  const fields = new Map();   // by the cell's name: {input, cell, message, last, ...shape}
  const lines = [];           // the fields of each printed row, left to right
  const { bar, say } = bench;
  const node = element("table", { class: "rk-grid", "aria-label": table.caption }, ...parts());
  node.style.setProperty("--columns", table.width);

  function parts() {
    const rows = table.rows.map(row);
    const head = rows.slice(0, table.headRows);
    return [head.length ? element("thead", {}, head) : null, element("tbody", {}, rows.slice(table.headRows))];
  }

  function row(cells) {
    const line = [];
    const made = element("tr", {}, cells.map((shape) => (shape.ref ? field(shape, line) : header(shape))));
    if (line.length) lines.push(line);
    return made;
  }

  function header(shape) {
    const { rowspan, colspan, scope, label, column } = shape;
    const stub = column < table.stub && scope.startsWith("row") && colspan < table.width;
    return element(label ? "th" : "td", { rowspan, colspan, scope: label ? scope : null, class: stub ? "rk-stub" : null }, label);
  }

  function field(shape, line) {
    const message = element("span", { id: freshId("message"), class: "rk-hidden" });
    const last = element("small", { class: "rk-last", id: freshId("last") });
    const input = element("input", {
      type: "text", autocomplete: "off", spellcheck: "false", "aria-label": shape.name,
      inputmode: shape.whole ? "numeric" : "decimal",
    });
    const cell = element("td", { rowspan: shape.rowspan, colspan: shape.colspan },
      input, element("span", { class: "rk-sign", "aria-hidden": "true" }), last, message);
    cell.classList.toggle("rk-total", shape.total);
    const own = { ...shape, input, cell, message, last, line: lines.length, before: "", typed: false };
    input.field = own;
    fields.set(shape.ref, own);
    line.push(own);
    return cell;
  }

  /** Show what the kernel says of every cell; what is being typed stays, and what was typed since it said so (`isOld`). */
  function update(state, everything, isOld) {
    for (const own of fields.values()) {
      const [text, computed, severity, message] = state.cells[own.ref] ?? ["", "", "", ""];
      own.typed &&= isOld;
      if (!own.typed && (everything || !isFocused(own.input))) own.input.value = text;
      own.text = text;
      own.input.placeholder = computed;
      own.cell.classList.toggle("rk-computed", Boolean(computed));
      own.cell.classList.toggle("rk-error", severity === "error");
      own.cell.classList.toggle("rk-warning", severity === "warning");
      own.cell.querySelector(".rk-sign").textContent = SIGNS[severity] ?? "";
      own.cell.title = message;
      own.said = message;
      own.message.textContent = message || (computed ? say("computed", { sum: computed }) : "");
      own.input.setAttribute("aria-invalid", String(severity === "error"));
      const described = [own.message.textContent && own.message.id, own.last.textContent && own.last.id].filter(Boolean);
      if (described.length) own.input.setAttribute("aria-describedby", described.join(" "));
      else own.input.removeAttribute("aria-describedby");
    }
    const at = bench.root.getRootNode().activeElement?.field;
    if (at && fields.get(at.ref) === at) tell(at);
  }

  const isFocused = (input) => input.getRootNode().activeElement === input;

  /** Say above the table where one is, what the cell takes, and what is wrong with it. */
  function tell(own) {
    const computed = own.input.placeholder;
    const help = own.said || (computed && !own.input.value ? say("computed_help", { sum: computed }) : "")
      || (own.total ? say("total_help") : say("takes", { takes: own.takes }));
    const kind = own.cell.classList.contains("rk-error") ? "error" : own.cell.classList.contains("rk-warning") ? "warning" : "";
    bar.className = `rk-cellbar ${kind && `rk-${kind}`}`;
    const last = own.last.textContent ? say("last", { figure: own.last.textContent }) : "";
    bar.replaceChildren(element("b", {}, own.name), element("span", {}, `${last}${help}`));
  }

  function near(line, own) {
    const inside = line.find((other) => other.column <= own.column && own.column < other.column + other.colspan);
    return inside ?? line.reduce((best, other) => (gap(other, own) < gap(best, own) ? other : best));
  }
  const gap = (one, other) => Math.abs(one.column - other.column);

  const vertical = (own, step) => lines[own.line + step] && near(lines[own.line + step], own);
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
      own.input.value = own.before;
      changed(own);
      own.input.select();
    } else if (!goes) return;
    else {
      const other = goes();
      if (!other) return event.key === "Enter" && event.preventDefault();
      other.input.focus();
    }
    event.preventDefault();
  }

  function changed(own) {
    own.typed = true;
    bench.type({ [own.ref]: own.input.value });
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
        if (!target) { lost += value.trim() ? 1 : 0; return; }
        target.typed = true;
        cells[target.ref] = target.input.value = value.trim();
      });
    });
    bench.type(cells);
    if (lost) bench.notices.show({ level: "error", text: say("pasted_outside", { number: lost }), actions: [], differences: [] });
  }

  node.addEventListener("click", (event) => event.target.closest("td")?.querySelector("input")?.focus());
  node.addEventListener("keydown", keydown);
  node.addEventListener("paste", paste);
  node.addEventListener("input", (event) => event.target.field && changed(event.target.field));
  node.addEventListener("focusin", (event) => {
    const own = event.target.field;
    if (!own) return;
    own.before = own.input.value;
    own.input.select();
    tell(own);
  });
  node.addEventListener("focusout", (event) => {
    const own = event.target.field;
    if (!own) return;
    bench.flush();
    if (own.input.value !== own.text && !bench.isWaiting()) own.input.value = own.text;  // the kernel has refused it
    bar.className = "rk-cellbar";
    bar.replaceChildren();
  });

  return {
    root: node,
    fields, update,
    last(values) { for (const own of fields.values()) own.last.textContent = values[own.ref] ?? ""; },
    focus(ref) { const own = fields.get(ref); own?.input.focus(); own?.cell.scrollIntoView({ block: "center" }); },
  };
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
