// The conflicts of a town's notebook: what was there, what each side has made of it, word by word, and four ways out.

function conflictList({ say, send }) {
  const root = element("section", { class: "rk-conflicts", id: freshId("conflicts"), "aria-label": say("conflicts"), hidden: true });
  const control = button("", () => open(root.hidden), { class: "rk-ask", hidden: true, "aria-expanded": "false", "aria-controls": root.id });
  const open = (shown) => { root.hidden = !shown; control.setAttribute("aria-expanded", String(shown)); };

  const MARKS = { same: "span", gone: "del", new: "ins" };
  const side = (pieces) => (pieces === null
    ? element("em", {}, say("taken_out")) : pieces.map(([kind, text]) => element(MARKS[kind], {}, text)));

  function column(label, content, action) {
    return element("div", { class: "rk-conflict-side" }, element("p", { class: "rk-conflict-whose" }, label), element("div", { class: "rk-conflict-text" }, content), action);
  }

  function card(one) {
    const settle = (more) => send({ do: "settle", cell: one.cell, name: one.name, version: one.version, ...more });
    const take = (choice) => button(choice === "both" ? say("take_both") : say("take", { whose: one.labels[choice] }),
      () => settle({ choice }), { disabled: !one.choices.includes(choice) });
    const field = element("textarea", { id: freshId("conflict"), rows: 5, spellcheck: "false" }, one.text);
    const both = take("both");
    both.title = one.noBoth;
    const editing = element("div", { class: "rk-conflict-edit", hidden: true },
      element("label", { for: field.id }, say("own_text")), field, button(say("take_text"), () => settle({ text: field.value }), { class: "rk-main" }));
    const edit = button(say("edit"), () => {
      editing.hidden = !editing.hidden;
      edit.setAttribute("aria-expanded", String(!editing.hidden));
      if (!editing.hidden) field.focus();
    }, { "aria-expanded": "false" });
    return element("article", { class: "rk-conflict", "aria-label": say("conflict_in", { name: one.name }), "data-cell": one.cell },
      element("p", { class: "rk-conflict-title" }, say("conflict_in", { name: one.name })),
      element("div", { class: "rk-conflict-sides" },
        column(say("before"), one.before ?? element("em", {}, say("not_there")), null),
        column(one.labels.ours, side(one.sides.ours), take("ours")),
        column(one.labels.theirs, side(one.sides.theirs), take("theirs"))),
      element("div", { class: "rk-actions" }, both, edit, one.noBoth ? element("span", { class: "rk-help" }, one.noBoth) : null),
      editing);
  }

  let known = "";
  return {
    root,
    /** Opens the list and closes it; there is none where nothing is in conflict. */
    control,
    /** Know the conflicts that are left. What somebody writes into one stays; after one is settled the next is at hand. */
    show(conflicts) {
      if (known === JSON.stringify(conflicts)) return;
      known = JSON.stringify(conflicts);
      const inside = root.contains(root.getRootNode().activeElement);
      root.replaceChildren(...conflicts.map(card));
      control.hidden = !conflicts.length;
      control.textContent = say("resolve", { number: conflicts.length });
      if (!conflicts.length) open(false);
      else if (inside) root.querySelector("button:enabled")?.focus();
    },
  };
}
