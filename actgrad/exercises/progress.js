// What a reader has done, kept in the browser. Where it keeps nothing, until the page is left.

const KEPT = "actgrad";
// The scripts of a page share it.
globalThis.actgradKept ??= { all: {} };
const memory = globalThis.actgradKept;

/** Everything that is kept, by the id of an exercise or of a prediction. */
export function recall() {
  try {
    memory.all = Object(JSON.parse(localStorage.getItem(KEPT) ?? "{}"));
  } catch {
    // Refused, or not ours: what this page has done is all there is.
  }
  return memory.all;
}

/** Add to what is kept of one thing, and tell the page. */
export function keep(id, change) {
  const all = recall();
  store({ ...all, [id]: { ...all[id], ...change } });
}

export const forget = () => store({});

function store(all) {
  memory.all = all;
  try {
    if (Object.keys(all).length) localStorage.setItem(KEPT, JSON.stringify(all));
    else localStorage.removeItem(KEPT);
  } catch {
    // It works without.
  }
  document.dispatchEvent(new CustomEvent("actgrad-progress"));
}
