"use strict";
// What the report says comes as JSON or as a page of its own in a frame without scripts; nothing of it becomes HTML here.

const VIEWS = ["html", "sheets"];
const SLOW = 250; // only what takes longer than these milliseconds is announced before it is there
const AGAIN = 1000;
const GIVEN_UP = 5; // so many attempts at a connection, and it is said that the preview has ended

const at = (id) => document.getElementById(id);
const lang = document.documentElement.lang;
const words = JSON.parse(document.body.dataset.words); // by name; of what is counted one for 1 and one for many
const stage = at("stage");
// A reload by hand keeps the view; #/html, as the browser would give the focus to what is called #html.
let view = VIEWS.find((name) => location.hash === `#/${name}`) || "html";
let news, told, counted, shown, slow, attempts = 0;

/** The words of a name with values in their fields. */
function phrase(name, values = {}) {
  const template = [words[name]].flat();
  return template.at(values.number === 1 ? 0 : -1).replace(/\{(\w+)\}/g, (_, field) => values[field]);
}

function say(text, bad = false) {
  clearTimeout(slow);
  at("state").textContent = text;
  at("state").classList.toggle("bad", bad);
}

function listing(box, issues) {
  box.querySelector("ul").replaceChildren(...issues.map((issue) => {
    const line = document.createElement("li");
    for (const [name, text] of [["place", issue.place], ["message", issue.message], ["code", issue.code]]) {
      if (!text) continue;
      const span = document.createElement("span");
      span.className = name;
      span.textContent = name === "place" ? `${text}  ` : text;
      line.append(span);
    }
    return line;
  }));
  box.hidden = !issues.length;
  if (box.scrollHeight > box.clientHeight) box.tabIndex = 0; else box.removeAttribute("tabindex");
}

function take(state) {
  told = state;
  at("town").textContent = state.town;
  at("year").textContent = phrase("year", {year: state.year});
  document.title = phrase("title", {town: state.town, year: state.year});
  clearTimeout(slow);
  if (state.busy) {
    slow = setTimeout(() => say(phrase("making")), SLOW);
    return;
  }
  if (counted !== state.count) settle(state);
  counted = state.count;
}

function settle(state) {
  const broken = !state.made;
  listing(at("errors"), broken ? state.errors : []);
  listing(at("warnings"), state.warnings);
  at("warnings").querySelector("summary").textContent = phrase("warnings", {number: state.warnings.length});
  at("old").hidden = !broken || !state.shown;
  stage.classList.toggle("old", broken);
  if (!state.shown) stage.replaceChildren();
  at("file").hidden = broken;
  const clock = new Date().toLocaleTimeString(lang, {hour12: false});
  const done = () => say(broken ? phrase("failed", {number: state.errors.length, clock})
    : phrase("done", {clock, seconds: state.seconds.toFixed(2)}), broken);
  if (state.shown && shown !== `${view} ${state.shown}`) show(state, done); else done();
}

function show(state, done) {
  shown = `${view} ${state.shown}`;
  (view === "html" ? showPage : showSheets)(state, shown, done);
}

function showPage(state, mine, done) {
  const next = document.createElement("iframe");
  next.title = phrase("page");
  next.className = "next";
  next.setAttribute("sandbox", "allow-same-origin"); // to read how far it is scrolled; its scripts do not run
  next.src = `report?n=${state.shown}`;
  next.addEventListener("load", () => {
    if (mine !== shown) return next.remove();
    const before = stage.querySelector("iframe:not(.next)");
    const inside = next.contentWindow;
    if (before) inside.scrollTo(before.contentWindow.scrollX, before.contentWindow.scrollY);
    else inside.scrollTo(0, kept.html);
    const focused = before && document.activeElement === before;
    next.classList.remove("next");
    for (const old of [...stage.children]) if (old !== next && !old.matches(".next")) old.remove();
    if (focused) next.focus();
    inside.document.addEventListener("click", follow);
    done();
  });
  stage.append(next);
}

// A link leads out of the report, and the frame is not to leave it.
function follow(event) {
  const link = event.target.closest("a[href]");
  if (!link || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  window.open(link.href, "_blank", "noopener,noreferrer");
}

async function showSheets(state, mine, done) {
  const pages = Array.from({length: state.sheets}, (_, index) => {
    const page = new Image();
    page.alt = phrase("sheet", {page: index + 1, pages: state.sheets});
    page.src = `sheets/${index + 1}?n=${state.shown}`;
    return page;
  });
  await Promise.all(pages.map((page) => page.decode().catch(() => {})));
  if (mine !== shown) return;
  let box = stage.querySelector(".sheets");
  const top = box ? box.scrollTop : kept.sheets;
  if (!box) {
    box = document.createElement("div");
    box.className = "sheets";
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", phrase("sheets"));
    stage.replaceChildren(box);
  }
  box.replaceChildren(...pages);
  box.scrollTop = top;
  done();
}

// How far each view was scrolled when it was left.
const kept = {html: 0, sheets: 0};

function keep() {
  const frame = stage.querySelector("iframe:not(.next)"), box = stage.querySelector(".sheets");
  if (frame) kept.html = frame.contentWindow.scrollY;
  if (box) kept.sheets = box.scrollTop;
}

function choose(chosen) {
  keep();
  view = chosen;
  history.replaceState(null, "", `#/${view}`);
  for (const name of VIEWS) at(name).setAttribute("aria-pressed", String(name === view));
  counted = shown = undefined;
  connect();
}

function connect() {
  if (news) news.close();
  news = new EventSource(`events?view=${view}`);
  news.addEventListener("message", (event) => {
    if (attempts) counted = shown = undefined; // another server counts anew
    attempts = 0;
    take(JSON.parse(event.data));
  });
  news.addEventListener("error", lost);
}

function lost() {
  news.close();
  attempts += 1;
  say(phrase(attempts > GIVEN_UP ? "ended" : "lost"), true);
  setTimeout(connect, AGAIN);
}

for (const name of VIEWS) at(name).addEventListener("click", () => choose(name));
choose(view);
