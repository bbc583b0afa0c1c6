// The room that the sheet scrolls in: heads, labels and totals stay in sight there, and cover what is below them.

/** How much of each side is covered. */
function covered(panel) {
  const widths = (found) => [...panel.querySelectorAll(found)].map((one) => one.getBoundingClientRect().width);
  return {
    top: panel.querySelector("thead")?.offsetHeight ?? 0,
    left: widths("col[class]").reduce((sum, one) => sum + one, 0),
    right: widths("tbody .rk-sums")[0] ?? 0,
  };
}

/** Keep what one goes to by the keyboard clear of them. */
function measure(panel) {
  const { top, left, right } = covered(panel);
  panel.style.setProperty("--head-height", `${top}px`);
  panel.style.scrollPadding = `${top + 6}px ${right + 8}px 8px ${left + 8}px`;
}

/** Scroll to an element in the middle of the room, if it is not in sight; the page around stays where it is. */
function reveal(panel, node) {
  if (!panel.contains(node)) return;
  const { top, left, right } = covered(panel);
  const [room, box] = [panel.getBoundingClientRect(), node.getBoundingClientRect()];
  const isAbove = box.top < room.top + top, isBelow = box.bottom > room.bottom;
  if (!node.closest("thead") && (isAbove || isBelow)) {
    const free = Math.max(0, (room.height - top - box.height) / 2);
    panel.scrollTop += box.top - room.top - top - free;
  }
  if (node.closest(".rk-stuck")) return;
  if (box.left < room.left + left) panel.scrollLeft -= room.left + left + 8 - box.left;
  else if (box.right > room.right - right) panel.scrollLeft += box.right - room.right + right + 8;
}
