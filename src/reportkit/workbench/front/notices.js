// What has been done or cannot be done, the differences of two versions, and how far a build is.

function noticeBoard(bench) {
  const { say } = bench;
  const text = element("div", { class: "rk-notice-text" });
  const more = element("div", { class: "rk-differences" });
  const actions = element("div", { class: "rk-actions" });
  const notice = element("div", { class: "rk-notice", role: "alert", hidden: true }, text, actions, more);
  const bar = element("progress", { "aria-label": say("progress") });
  const made = element("div", { class: "rk-made" });
  const close = button(say("close"), () => { build.hidden = true; });
  const build = element("div", { class: "rk-build", role: "status", hidden: true }, bar, made, close);
  let timer = null, links = [];

  function differences(lines) {
    if (!lines.length) return [];
    const names = ["place", "opened", "on_disk", "mine", "merged"].slice(0, lines[0].length).map((name) => say(name));
    return [element("table", { "aria-label": say("differences") },
      element("thead", {}, element("tr", {}, names.map((name) => element("th", { scope: "col" }, name)))),
      element("tbody", {}, lines.map(([place, ...sides]) => element("tr", {},
        element("th", { scope: "row" }, place), short(sides).map((side) => element("td", {}, side || say("blank")))))))];
  }

  /** Long texts from a little before the first sign in which they differ. */
  function short(sides) {
    const least = Math.min(...sides.map((side) => side.length));
    let same = 0;
    while (same < least && sides.every((side) => side[same] === sides[0][same])) same += 1;
    const from = same > 60 ? same - 30 : 0;
    return sides.map((side) => `${from ? "……" : ""}${side.slice(from, from + 200)}${side.length > from + 200 ? "……" : ""}`);
  }

  function hide() {
    clearTimeout(timer);
    notice.hidden = true;
  }

  function show(message) {
    clearTimeout(timer);
    notice.className = `rk-notice rk-${message.level}`;
    text.textContent = message.text;
    more.replaceChildren(...differences(message.differences));
    actions.replaceChildren(...message.actions.map(([action, label]) => button(label, () => { hide(); bench.act(action); })),
      button(say("close"), hide));
    notice.hidden = false;
    if (message.level === "done") timer = setTimeout(hide, 6000);
  }

  function link(path) {
    const kind = say(path.split(".").at(-1));
    const href = addressOf(path);
    return href ? element("a", { href, target: "_blank", rel: "noopener" }, kind) : element("span", {}, path);
  }

  function progress(message) {
    build.hidden = message.total === 0;
    if (!message.made) { links = []; made.replaceChildren(); }
    bar.max = message.total;
    bar.value = message.done;
    if (message.made) links.push(line(message.made));
    bar.hidden = message.done === message.total;
    const head = message.done < message.total
      ? say("making", { done: message.done, total: message.total }) : say("made", { number: message.total });
    made.replaceChildren(element("b", {}, head), ...links.slice(-30));
  }

  function line(one) {
    const files = one.files.map(link).flatMap((made, at) => (at ? [say("comma"), made] : [made]));
    return element("span", { class: `rk-made-line rk-${one.status}` }, `${one.name} ${one.said}`, files.length ? say("colon") : "", ...files,
      one.reason ? element("span", { class: "rk-reason" }, one.reason) : null);
  }

  return { notice, build, show, hide, progress };
}

/** The address at which JupyterLab serves a file, or opens it ("lab/tree"), "" if the file lies outside of its folder. */
function addressOf(path, way = "files") {
  try {
    const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
    const root = config.serverRoot.replace(/\/$/, "");
    if (!path.startsWith(`${root}/`)) return "";
    return `${config.baseUrl}${way}/${path.slice(root.length + 1).split("/").map(encodeURIComponent).join("/")}`;
  } catch {
    return "";
  }
}
