// The finished page alone.

function pageView(model, host) {
  const page = reportPage({ say: speaker(model.get("words")) });
  const receive = (message) => { if (message.what === "page") page.show(message); };
  model.on("msg:custom", receive);
  host.append(element("div", { class: "rk-bench rk-reportbar" }, page.root));
  page.waiting();
  model.send({ do: "hello" });
  return () => { model.off("msg:custom", receive); model.send({ do: "bye" }); };
}

export default { render: ({ model, el }) => pageView(model, el) };
