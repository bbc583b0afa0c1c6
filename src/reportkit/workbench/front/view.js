// How much of the window the sheet has: the preview beside it or not, and the whole window. The choice is remembered.

/** A choice of yes or no that this browser keeps; `apply` shows it. */
function remembered(name, byDefault, show) {
  const key = `reportkit.workbench.${name}`;
  const read = () => { try { return localStorage.getItem(key); } catch { return null; } };
  let now = { yes: true, no: false }[read()] ?? byDefault;
  const apply = () => show(now);
  return {
    apply,
    get isOn() { return now; },
    turn() {
      now = !now;
      try { localStorage.setItem(key, now ? "yes" : "no"); } catch { /* it holds for this page */ }
      apply();
    },
  };
}

const WIDE = 1400; // pixels from which there is room for the preview beside a table

function views(bench) {
  const { say } = bench;
  const preview = remembered("preview", innerWidth >= WIDE, (open) => {
    bench.root.classList.toggle("rk-with-page", open);
    bench.page.root.hidden = !open;
    previewing.setAttribute("aria-pressed", String(open));
  });
  const previewing = button(say("preview_toggle"), () => {
    preview.turn();
    if (preview.isOn) bench.page.root.scrollIntoView({ block: "nearest" });  // where it stands below the sheet
  }, { class: "rk-toggle" });
  const filling = button(say("full"), () => fill(!isFull()), { class: "rk-toggle", "aria-pressed": "false", title: say("full_help") });
  const isFull = () => bench.root.classList.contains("rk-full");

  /** The whole window: in the browser's top layer, since a notebook cuts off what leaves its cell. */
  function fill(full) {
    const { root } = bench;
    const at = root.getRootNode().activeElement;
    root.classList.toggle("rk-full", full);
    filling.setAttribute("aria-pressed", String(full));
    filling.textContent = say(full ? "full_end" : "full");
    if (root.showPopover && full) { root.popover = "manual"; root.showPopover(); }
    else if (root.hidePopover) { root.hidePopover(); root.popover = null; root.scrollIntoView({ block: "nearest" }); }
    if (root.contains(at)) at.focus({ preventScroll: !full });
  }

  return {
    buttons: [previewing, filling],
    start: preview.apply,
    /** Leave the whole window; false if it was not taken. */
    leave() {
      if (!isFull()) return false;
      fill(false);
      return true;
    },
  };
}

/** A button with a list of further ones below it. */
function menu(label, ...buttons) {
  const inside = element("div", { class: "rk-menu-list" }, buttons);
  const root = element("details", {
    class: "rk-menu",
    onkeydown: (event) => {
      if (event.key !== "Escape" || !root.open) return;
      root.open = false;
      root.firstChild.focus();
      event.preventDefault();
    },
    onfocusout: (event) => { if (event.relatedTarget && !root.contains(event.relatedTarget)) root.open = false; },
    onclick: (event) => { if (buttons.includes(event.target)) root.open = false; },
  }, element("summary", {}, label), inside);
  return root;
}
