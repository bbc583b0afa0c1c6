// The workbooks that the units of a year are to fill in: made by the kernel, offered as a link.

function sendOut(bench) {
  const { say } = bench;
  let year = 0;
  const bar = element("progress", { "aria-label": say("sending_progress"), hidden: true });
  const control = button("", () => { if (bar.hidden) bench.act("send_out", { year }); }, { title: say("send_help"), hidden: true });
  const text = element("span", { role: "status" });
  const lost = element("ul", { class: "rk-lost", "aria-label": say("not_sent"), hidden: true });
  const root = element("div", { class: "rk-sent", hidden: true }, bar, text, lost);

  function link({ file, name }) {
    const href = addressOf(file);
    return href ? element("a", { href, download: name }, name) : element("span", {}, file);
  }

  return {
    control,
    root,
    /** Be about a year from now on; what was made for another is told no more. */
    turnTo(wanted) {
      if (wanted !== year) root.hidden = bar.hidden = true;
      year = wanted;
      control.hidden = !year;
      control.textContent = say("send_out", { year });
    },
    update(message) {
      if (message.year !== year) return;
      const isDone = message.made !== undefined;
      root.hidden = false;
      [bar.max, bar.value, bar.hidden] = [message.total, message.done, isDone];
      if (!isDone) text.textContent = say("sending", message);
      else text.replaceChildren(...(message.made ? [say("sent", { number: message.made }), " ", link(message)] : [say("none_sent")]));
      lost.hidden = !message.refused?.length;
      lost.replaceChildren(...(message.refused ?? []).map((line) => element("li", {}, line)));
    },
    /** The kernel has told why there is none. */
    failed() { if (!bar.hidden) root.hidden = bar.hidden = true; },
  };
}
