// Reveals the lines of a derivation that stands on the page already: the nearest table above
// whose last column names the rules. The rule of the next line is a hint, the line comes on
// request. It holds no mathematics of its own.

import { button } from "./controls.js";
import { connect, make, set, write } from "./dom.js";

function tableAbove(el) {
  const above = [...document.querySelectorAll("table")].filter((table) => {
    const last = [...(table.tHead?.rows[0]?.cells ?? [])].at(-1)?.textContent.trim();
    return (
      /^(step and )?rule$/i.test(last ?? "")
      && el.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_PRECEDING
    );
  });
  return above.at(-1);
}

function ruleOf(row) {
  return [...row.cells].at(-1).querySelector("strong")?.textContent ?? "";
}

/** Scroll a long formula so that what the step has changed is seen. */
function showChange(row) {
  const box = row.querySelector(".derivation-step");
  const change = box?.querySelector(".changed");
  if (!change) return;
  const [outer, inner] = [box.getBoundingClientRect(), change.getBoundingClientRect()];
  if (inner.right > outer.right) box.scrollLeft += inner.left - outer.left;
}

function scroller(element) {
  for (let box = element.parentElement; box; box = box.parentElement) {
    const scrolls = /auto|scroll/.test(getComputedStyle(box).overflowY);
    if (scrolls && box.scrollHeight > box.clientHeight) return box;
  }
  return document.scrollingElement;
}

/** Buttons, a range and arrow keys that ask `go` for a line; `show()` shows the present one. */
function createControls({ now, count, go }) {
  const range = make("input", {
    type: "range",
    min: 1,
    step: 1,
    "aria-label": "Line of the derivation",
  });
  range.addEventListener("input", () => go(Number(range.value)));
  const back = [
    button("First", "First line only", () => go(1)),
    button("Back", "One line back", () => go(now() - 1)),
  ];
  const forth = [
    button("Next", "Next line", () => go(now() + 1)),
    button("All", "All lines", () => go(count())),
  ];
  const element = make("div", { class: "actgrad-buttons" }, ...back, range, ...forth);
  element.addEventListener("keydown", (event) => {
    const target = {
      ArrowRight: now() + 1,
      ArrowDown: now() + 1,
      ArrowLeft: now() - 1,
      ArrowUp: now() - 1,
      Home: 1,
      End: count(),
    }[event.key];
    if (target === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(target);
  });
  return {
    element,
    show() {
      set(range, { max: count(), "aria-valuetext": `line ${now()} of ${count()}` });
      range.value = now();
      for (const control of back) set(control, { "aria-disabled": now() <= 1 });
      for (const control of forth) set(control, { "aria-disabled": now() >= count() });
    },
  };
}

/** The derivation's lines. In JupyterLab a table appears after its cell has run, and again. */
function createLines(el) {
  /** @type {HTMLTableElement | undefined} */
  let table;
  let rows = [];
  return {
    lost: () => !table?.isConnected,
    find() {
      if (table?.isConnected) return rows;
      table = tableAbove(el);
      table?.classList.add("actgrad-stepped");
      rows = table ? [...table.tBodies].flatMap((body) => [...body.rows]) : [];
      return rows;
    },
    show(now) {
      rows.forEach((row, i) => {
        row.classList.toggle("actgrad-to-come", i >= now);
        row.classList.toggle("actgrad-hint", i === now);
        row.classList.toggle("actgrad-now", i === now - 1);
      });
    },
    release() {
      const shown = ["actgrad-to-come", "actgrad-hint", "actgrad-now"];
      for (const row of rows) row.classList.remove(...shown);
    },
  };
}

function render({ model, el }) {
  const lines = createLines(el);
  const count = () => lines.find().length;
  const now = () => Math.min(model.get("step"), count());
  const { redraw, put, stop } = connect(model, draw);
  const go = (step) => put({ step: Math.max(1, Math.min(count() || 1, step)) });
  const controls = createControls({ now, count, go });
  const status = make("p", { role: "status", class: "actgrad-note" });
  const root = make(
    "div",
    {
      class: "actgrad actgrad-stepper",
      role: "group",
      "aria-label": "Steps of the derivation above",
    },
    controls.element,
    status,
  );
  el.replaceChildren(root);

  function draw() {
    if (!el.isConnected) return;
    const rows = lines.find();
    controls.element.hidden = !rows.length;
    if (!rows.length) {
      write(status, "No derivation stands above: display one, then this stepper.");
      return;
    }
    if (model.get("lines") !== rows.length) put({ lines: rows.length });
    const place = root.getBoundingClientRect().top;
    lines.show(now());
    controls.show();
    const row = rows[now() - 1];
    showChange(row);
    const next = rows[now()] ? `. Next: ${ruleOf(rows[now()])}` : "";
    write(status, `Line ${now()} of ${rows.length}: ${ruleOf(row)}${next}`);
    if (!root.contains(document.activeElement)) return;
    // Where lines to come take no room, the controls stay under the reader's hand while lines
    // come and go above them; where they do, nothing moves, and the line comes to view.
    const moved = root.getBoundingClientRect().top - place;
    if (moved) scroller(root).scrollBy({ top: moved, behavior: "instant" });
    else row.scrollIntoView({ block: "nearest", behavior: "instant" });
  }
  redraw();
  const watch = new MutationObserver((changes) => {
    if (lines.lost() && changes.some(({ target }) => !root.contains(target))) redraw();
  });
  watch.observe(document.body, { childList: true, subtree: true });
  return () => {
    watch.disconnect();
    stop();
    lines.release();
  };
}

export default { render };
