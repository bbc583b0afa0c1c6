// Every place in which a person writes, by its name: what the kernel says of it, and what is on its way to the kernel.

const PAUSE = 1500; // milliseconds after which what is typed on in a text is a step of its own

/** How an input event changes a text: what is typed in one way, in one go, is taken back in one step. */
const manner = (event) => (/^delete/.test(event?.inputType) ? "delete" : /Paste|Drop|Cut/.test(event?.inputType ?? "") ? "block" : "type");

function fieldBook(bench) {
  const all = new Map();      // by name: {name, tab, label, input, show, text, typed}
  const pending = new Map();  // texts that the kernel has not been told
  const session = Date.now();
  let number = 0, last = { own: null, time: 0, manner: "" };

  const sending = debounced(() => {
    const fields = Object.fromEntries(pending);
    pending.clear();
    bench.stash.add(fields);
    bench.ask({ do: "edit", fields, group: `${session}-${number}` });
  }, 30);

  function nextStep() {
    sending.flush();
    number += 1;
    last = { own: null, time: 0, manner: "" };
  }

  function typed(own, event) {
    const now = { own, time: Date.now(), manner: manner(event) };
    const goesOn = own === last.own && now.manner === last.manner && now.manner !== "block" && (!own.isLong || now.time - last.time < PAUSE);
    if (!goesOn) nextStep();
    last = now;
    put({ [own.name]: own.input.value });
  }

  function put(texts) {
    for (const [name, text] of Object.entries(texts)) {
      all.get(name).typed = true;
      pending.set(name, text);
    }
    sending.ask();
  }

  /** Show in a field what the kernel says; in one that an undo has changed the cursor goes to the end of that. */
  function fill(own, text, isMoved) {
    const { input } = own;
    const before = input.value;
    if (before === text) return;
    input.value = text;
    own.filled?.();
    if (isMoved && isFocused(input) && input.setSelectionRange) input.setSelectionRange(...[endOfChange(before, text)].flatMap((at) => [at, at]));
  }

  function add(own) {
    all.set(own.name, Object.assign(own, { text: "", typed: false, told: "" }));
    own.input.field = own;
    own.input.addEventListener("input", (event) => typed(own, event));
    own.input.addEventListener("focus", () => { if (own !== last.own) nextStep(); });
    own.input.addEventListener("blur", () => {
      sending.flush();
      if (own.input.value !== own.text && !bench.isWaiting()) fill(own, own.text);  // the kernel has refused it
    });
    return own;
  }

  return {
    add, typed, put, nextStep,
    get: (name) => all.get(name),
    all: () => all.values(),
    remove: (name) => { all.delete(name); pending.delete(name); },
    clear: () => all.clear(),
    flush: sending.flush,
    isPending: () => pending.size > 0,
    /** Show what the kernel says; what is being typed stays, and what was typed since it said so (`isOld`). */
    update(state, everything, isOld) {
      const moved = new Set(state.moved);
      for (const own of all.values()) {
        const [text, computed, severity, message] = state.fields[own.name] ?? ["", "", "", ""];
        own.typed &&= isOld || pending.has(own.name);
        own.text = text;
        if (moved.has(own.name) || (!own.typed && (everything || !isFocused(own.input)))) fill(own, text, moved.has(own.name));
        const told = `${computed}|${severity}|${message}`;
        if (told === own.told && !everything) continue;
        own.told = told;
        own.input.setAttribute("aria-invalid", String(severity === "error"));
        own.show?.({ computed, severity, message });
      }
    },
  };
}

const isFocused = (input) => input.getRootNode().activeElement === input;

/** Where in a new text that ends which the old one did not have. */
function endOfChange(before, after) {
  let same = 0;
  while (same < before.length && same < after.length && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  return after.length - same;
}
