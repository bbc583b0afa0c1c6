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
    const names = ["place", "opened", "on_disk", "mine", "merged"].map((name) => say(name));
    return [element("table", { "aria-label": say("differences") },
      element("thead", {}, element("tr", {}, names.map((name) => element("th", { scope: "col" }, name)))),
      element("tbody", {}, lines.map(([place, ...sides]) => element("tr", {},
        element("th", { scope: "row" }, place), sides.map((side) => element("td", {}, short(side) || say("blank")))))))];
  }
  const short = (words) => (words.length > 200 ? `${words.slice(0, 200)}……` : words);

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

/** The address at which JupyterLab serves a file, "" if the file lies outside of its folder. */
function addressOf(path) {
  try {
    const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
    const root = config.serverRoot.replace(/\/$/, "");
    if (!path.startsWith(`${root}/`)) return "";
    return `${config.baseUrl}files/${path.slice(root.length + 1).split("/").map(encodeURIComponent).join("/")}`;
  } catch {
    return "";
  }
}
