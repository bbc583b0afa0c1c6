const PAGE_WIDTH = 800; // of the page as it is set; in a narrower place it is shown smaller

// The finished page. It cannot run scripts; two frames take turns, so that nothing flickers and the place is kept.

function reportPage({ say }) {
  const note = element("div", { class: "rk-page-note", role: "status" });
  const frame = () => element("iframe", { sandbox: "allow-same-origin", title: say("preview"), class: "rk-frame" });
  const frames = [frame(), frame()];
  frames[1].classList.add("rk-behind");
  frames[1].setAttribute("aria-hidden", "true");
  frames[1].tabIndex = -1;
  let name = "", heading = "";

  const place = (shown) => shown.contentWindow?.scrollY ?? 0;

  function jump(shown) {
    const found = [...(shown.contentDocument?.querySelectorAll("h2") ?? [])].find((one) => one.textContent.trim() === heading);
    if (found) shown.contentWindow.scrollTo(0, found.getBoundingClientRect().top + shown.contentWindow.scrollY - 8);
  }

  const box = element("div", { class: "rk-frames" }, frames);
  const root = element("section", { class: "rk-page", "aria-label": say("preview") }, note, box);
  new ResizeObserver(() => box.style.setProperty("--scale", Math.min(1, box.clientWidth / PAGE_WIDTH))).observe(box);
  return {
    root,
    show(message) {
      root.classList.toggle("rk-stale", !message.html);
      note.textContent = message.reason;
      if (message.name !== name && !message.html) frames[0].srcdoc = "";
      if (!message.html) { name = message.name; return; }
      const [shown, next] = frames;
      const [at, same] = [place(shown), name === message.name];
      name = message.name;
      next.onload = () => {
        next.onload = null;
        if (same) next.contentWindow.scrollTo(0, at);
        else if (heading) jump(next);
        for (const one of [shown, next]) {
          one.classList.toggle("rk-behind", one === shown);
          one.tabIndex = one === shown ? -1 : 0;
          if (one === shown) one.setAttribute("aria-hidden", "true"); else one.removeAttribute("aria-hidden");
        }
        frames.reverse();
        root.dataset.shown = String(Number(root.dataset.shown ?? 0) + 1);
      };
      next.srcdoc = message.html;
    },
    waiting() { note.textContent = say("making_preview"); },
    scrollTo(text) { heading = text; jump(frames[0]); },
  };
}
