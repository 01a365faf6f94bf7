// Reveals the lines of a derivation that stands on the page already: the nearest table above whose
// last columns are a derivation's. It holds no mathematics of its own.
import { button, connect, make, set, uid } from "./plot.js";

const HEADS = "step rule";

function tableAbove(el) {
  const above = [...document.querySelectorAll("table")].filter((table) => {
    const heads = [...(table.tHead?.rows[0]?.cells ?? [])].slice(-2).map((cell) => cell.textContent.trim().toLowerCase());
    return heads.join(" ") === HEADS && el.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_PRECEDING;
  });
  return above.at(-1);
}

function scroller(element) {
  for (let box = element.parentElement; box; box = box.parentElement)
    if (box.scrollHeight > box.clientHeight && /auto|scroll/.test(getComputedStyle(box).overflowY)) return box;
  return document.scrollingElement;
}

function render({ model, el }) {
  const id = uid("line");
  const status = make("p", { role: "status", class: "actgrad-note" });
  const range = make("input", { id, type: "range", min: 1, step: 1, "aria-label": "Line of the derivation" });
  let table = null;
  let rows = [];
  const { redraw, put, stop } = connect(model, draw);
  const go = (step) => put({ step: Math.max(1, Math.min(rows.length || 1, step)) });
  const step = () => Math.min(model.get("step"), rows.length);
  const first = button("First", "First line only", () => go(1));
  const back = button("Back", "One line back", () => go(step() - 1));
  const next = button("Next", "Next line", () => go(step() + 1));
  const all = button("All", "All lines", () => go(rows.length));
  const controls = make("div", { class: "actgrad-buttons" }, first, back, range, next, all);
  const root = make("div", { class: "actgrad actgrad-stepper", role: "group", "aria-label": "Steps of the derivation above" }, controls, status);
  el.replaceChildren(root);
  range.addEventListener("input", () => go(Number(range.value)));
  controls.addEventListener("keydown", (event) => {
    const target = { ArrowRight: step() + 1, ArrowDown: step() + 1, ArrowLeft: step() - 1, ArrowUp: step() - 1, Home: 1, End: rows.length }[event.key];
    if (target === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(target);
  });

  function release() {
    for (const row of rows) row.classList.remove("actgrad-to-come", "actgrad-now");
  }
  // In JupyterLab a table appears after its cell has run, and again each time it runs.
  function find() {
    if (table?.isConnected) return;
    table = tableAbove(el);
    rows = table ? [...table.tBodies].flatMap((body) => [...body.rows]) : [];
    if (table && model.get("lines") !== rows.length) put({ lines: rows.length });
  }
  function draw() {
    if (!el.isConnected) return;
    find();
    controls.hidden = !table;
    if (!table) {
      status.textContent = "No derivation stands above: display one, then this stepper.";
      return;
    }
    const now = step();
    const place = root.getBoundingClientRect().top;
    rows.forEach((row, i) => {
      row.classList.toggle("actgrad-to-come", i >= now);
      row.classList.toggle("actgrad-now", i === now - 1);
    });
    set(range, { max: rows.length, "aria-valuetext": `line ${now} of ${rows.length}` });
    range.value = now;
    for (const [control, off] of [[first, now <= 1], [back, now <= 1], [next, now >= rows.length], [all, now >= rows.length]])
      set(control, { "aria-disabled": off });
    const rule = rows[now - 1].cells[rows[now - 1].cells.length - 1].querySelector("strong")?.textContent ?? "";
    status.textContent = `Line ${now} of ${rows.length}: ${rule}`;
    // The controls stay under the reader's hand while lines come and go above them.
    const moved = root.getBoundingClientRect().top - place;
    if (root.contains(document.activeElement)) scroller(root).scrollBy({ top: moved, behavior: "instant" });
  }
  redraw();
  const watch = new MutationObserver((changes) => {
    if (!table?.isConnected && changes.some(({ target }) => !root.contains(target))) redraw();
  });
  watch.observe(document.body, { childList: true, subtree: true });
  return () => { watch.disconnect(); stop(); release(); };
}

export default { render };
