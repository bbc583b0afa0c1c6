// Small things that all parts use. Every text goes into the page as text: nothing is ever read as markup.

/** An element with attributes, listeners (`onclick`) and children; strings become text, null is left out. */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child != null));
  return made;
}

const button = (label, onclick, attributes = {}) => element("button", { type: "button", onclick, ...attributes }, label);

/** What says the kernel's words by name, with values in their fields; of what is counted one for 1, one for many. */
const speaker = (words) => (name, values = {}) => {
  const template = [words[name]].flat().at(values.number === 1 ? 0 : -1);
  return template.replace(/\{(\w+)\}/g, (_, field) => values[field]);
};

let lastId = 0;
const freshId = (name) => `rk-${name}-${++lastId}`;

const PROSE = new Set("P H3 H4 H5 H6 UL OL LI STRONG EM DEL BLOCKQUOTE CODE PRE BR HR TABLE THEAD TBODY TR TH TD".split(" "));

/** Prose from the kernel as nodes: the tags that prose has, without attributes, and the text of all others. */
function prose(html) {
  const copy = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.data)];
    if (node.nodeType !== Node.ELEMENT_NODE) return [];
    const below = [...node.childNodes].flatMap(copy);
    return PROSE.has(node.tagName) ? [element(node.tagName.toLowerCase(), {}, ...below)] : below;
  };
  return [...new DOMParser().parseFromString(html, "text/html").body.childNodes].flatMap(copy);
}

/** Calls `act` with what `add` was last given, so many milliseconds after; `flush` calls it at once. */
function debounced(act, milliseconds) {
  let timer = null;
  const flush = () => {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    act();
  };
  return { ask: () => (timer ??= setTimeout(flush, milliseconds)), flush };
}

const SIGNS = { error: "✕", warning: "!", note: "i", waived: "–" };
