// Bars to read and to drag, and a matrix whose cells can be picked.
import { make, set, write } from "./dom.js";
import { createHandle, onDrag, onSliderKeys, Plot } from "./plot.js";
import { brief, format, subscript, tidy } from "./text.js";

const LINE = 14; // the height of a label
/** A letter with its index, counted from 1: z₁. */
export const indexed = (letter, i) => letter + subscript(i + 1);

/** A list with another number at place i. */
export const replaced = (list, i, value) => list.map((old, j) => (j === i ? value : old));

/** Move each label [x, y, width, away] off those before it, line by line away from its bar. */
function spread(labels) {
  const placed = [];
  for (const [x, start, width, away] of labels) {
    let y = start;
    const meets = ([otherX, otherY, otherWidth]) =>
      Math.abs(x - otherX) < (width + otherWidth) / 2 + 3 && Math.abs(y - otherY) < LINE;
    while (placed.some(meets)) y += away;
    placed.push([x, y, width]);
  }
  return placed.map(([, y]) => y);
}

/**
 * A handle on bar i; `drag` is what `createBars` says of it.
 *
 * @param {Plot} plot
 */
function createGrip(plot, letter, i, drag) {
  const handle = createHandle(
    plot,
    indexed(letter, i),
    make("rect", { x: -22, y: -22, width: 44, height: 44, class: "actgrad-hit" }),
    make("rect", { x: -13, y: -4, width: 26, height: 8, rx: 4, class: "actgrad-handle" }),
  );
  const change = (value) =>
    drag.change(
      i,
      tidy(Math.max(drag.min, Math.min(drag.max, Math.round(value / drag.step) * drag.step))),
    );
  let grip = 0;
  onDrag(plot, handle, {
    start: (_px, py) => {
      grip = drag.of(i) - plot.fromY(py);
    },
    move: (_px, py) => change(plot.fromY(py) + grip),
  });
  onSliderKeys(handle, {
    value: () => drag.of(i),
    step: drag.step,
    page: 10 * drag.step,
    change,
  });
  return handle;
}

/**
 * A bar with its value, and a handle where it can be dragged.
 *
 * @param {Plot} plot
 */
function createBar(plot, letter, role, i, drag) {
  const bar = make("rect", { class: `actgrad-bar actgrad-${role}` });
  const text = make("text", {
    "text-anchor": "middle",
    class: "actgrad-bar-value",
    "data-name": `${letter}-${i + 1}`,
  });
  plot.content.append(bar);
  plot.above.append(text);
  return { bar, text, handle: drag && createGrip(plot, letter, i, drag) };
}

/**
 * @typedef {object} Drag
 * @property {number} min
 * @property {number} max
 * @property {number} step
 * @property {(i: number) => number} of the number that is dragged
 * @property {(i: number, value: number) => void} change
 */

/**
 * @typedef {object} BarsOptions
 * @property {string} label
 * @property {string} letter
 * @property {string} role
 * @property {() => import("./plot.js").Range} range
 * @property {() => number[]} read
 * @property {Drag | null} [drag]
 */

/**
 * Bars of `read()`, each with its value. With `drag` each is a slider.
 *
 * @param {HTMLElement} el
 * @param {BarsOptions} options
 */
export function createBars(el, { label, letter, role, range, read, drag = null }) {
  const count = read().length;
  /** @type {import("./plot.js").View} */
  const view = {
    x: [0.5, count + 0.5],
    get y() {
      return range();
    },
  };
  const plot = new Plot(el, {
    label,
    view,
    aspect: 0.5,
    least: 150,
    xTicks: () => read().map((_, i) => ({ value: i + 1, text: indexed(letter, i) })),
  });
  const zero = make("line", { class: "actgrad-zero-line" });
  const bars = read().map((_, i) => createBar(plot, letter, role, i, drag));
  plot.content.append(zero);
  plot.layers.push(() => {
    const values = read();
    const half = Math.min(26, (plot.x(2) - plot.x(1)) * 0.36);
    set(zero, { x1: plot.x(view.x[0]), x2: plot.x(view.x[1]), y1: plot.y(0), y2: plot.y(0) });
    const gap = drag ? 12 : 6;
    const texts = values.map((value) => brief(value));
    const heights = spread(
      values.map((value, i) => [
        plot.x(i + 1),
        plot.y(value) + (value >= 0 ? -gap : gap + 8),
        7 * texts[i].length,
        value >= 0 ? -LINE : LINE,
      ]),
    );
    bars.forEach(({ bar, text, handle }, i) => {
      const [at, y] = [plot.x(i + 1), plot.y(values[i])];
      set(bar, {
        x: at - half,
        y: Math.min(plot.y(0), y),
        width: 2 * half,
        height: Math.max(0.5, Math.abs(plot.y(0) - y)),
      });
      set(text, { x: at, y: heights[i], "data-value": values[i] });
      write(text, texts[i]);
      if (drag)
        set(handle, {
          transform: `translate(${at} ${y})`,
          "aria-valuemin": drag.min,
          "aria-valuemax": drag.max,
          "aria-valuenow": drag.of(i),
          "aria-valuetext": `${indexed(letter, i)} = ${format(drag.of(i), 3)}`,
        });
    });
  });
  return plot;
}

/** The cells of a square matrix in their rows. */
function createCells({ size, rows, pick }) {
  const numbers = Array.from({ length: size }, (_, n) => n);
  const cells = numbers.map((i) =>
    numbers.map((k) => {
      const cell = make("td", { role: "gridcell", "data-cell": `${i + 1},${k + 1}` });
      cell.addEventListener("click", () => pick([i + 1, k + 1]));
      return cell;
    }),
  );
  const body = make(
    "tbody",
    {},
    ...cells.map((row, i) =>
      make("tr", {}, make("th", { scope: "row" }, indexed(rows, i)), ...row),
    ),
  );
  return { body, cells };
}

/**
 * A square matrix as a grid of cells to pick by pointer or arrow keys. `picked()` is the cell
 * [i, k], counted from 1 as mathematics does, and `show(matrix)` draws.
 */
export function createMatrix({ label, size, rows, columns, picked, pick }) {
  const { body, cells } = createCells({ size, rows, pick });
  // Columns of equal width, whatever they hold, are laid out without measuring every cell.
  const [most, least] = [3.4, 2.75].map((width) => `${1.75 + width * size}rem`);
  const style = `width: min(100%, ${most}); min-width: ${least}`;
  const heads = cells.map((_, k) => make("th", { scope: "col" }, indexed(columns, k)));
  const element = make(
    "table",
    { class: "actgrad-matrix", role: "grid", "aria-label": label, style },
    make("thead", {}, make("tr", {}, make("td", {}), ...heads)),
    body,
  );
  element.addEventListener("keydown", (event) => {
    const [di, dk] =
      { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key]
      ?? [];
    if (di === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const within = (n) => Math.max(1, Math.min(size, n));
    const [i, k] = picked();
    pick([within(i + di), within(k + dk)]);
  });
  return {
    element: make("div", { class: "actgrad-scroll" }, element),
    show(matrix) {
      const largest = Math.max(1e-300, ...matrix.flat().map(Math.abs));
      const focused = element.contains(document.activeElement);
      const [row, column] = picked();
      cells.flat().forEach((cell, n) => {
        const [i, k] = [Math.floor(n / size), n % size];
        const value = matrix[i][k];
        const share = Math.round((50 * Math.abs(value)) / largest);
        const on = i + 1 === row && k + 1 === column;
        const text = brief(value, Math.abs(value) < 1 ? 3 : 2).replace(/^(−?)0\./, "$1.");
        write(cell, text);
        cell.classList.toggle("actgrad-long", text.length > 6);
        cell.style.backgroundColor = `color-mix(in srgb, var(--actgrad-${
          value < 0 ? "derivative" : "function"
        }) ${share}%, transparent)`;
        set(cell, { "data-value": value, tabindex: on ? 0 : -1, "aria-selected": on });
        if (on && focused) cell.focus();
      });
    },
  };
}
