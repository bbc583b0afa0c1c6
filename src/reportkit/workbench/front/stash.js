// What was typed and the kernel has not answered: this browser keeps it, since the kernel may be gone.

function unsentStash() {
  let key = "";
  const read = () => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const write = (value) => {
    try {
      if (value) localStorage.setItem(key, JSON.stringify(value));
      else localStorage.removeItem(key);
    } catch { /* the browser keeps nothing: what the kernel was told is kept there */ }
  };
  return {
    /** Go on with a town's file; returns what was left of it, if anything was. */
    open(name) {
      key = `reportkit.workbench.unsent.${name}`;
      return read();
    },
    add(fields) { if (key) write({ time: Date.now() / 1000, fields: { ...read()?.fields, ...fields } }); },
    clear() { if (key && read()) write(null); },
  };
}
