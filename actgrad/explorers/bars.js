// Bars to read and to drag, and a matrix whose cells can be picked.
import { createPlot, format, make, onDrag, onSliderKeys, set, write } from "./plot.js";

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";
/** A letter with its index, counted from 1: z₁. */
export const indexed = (letter, i) => letter + [...String(i + 1)].map((d) => SUBSCRIPTS[d]).join("");

/**
 * Bars of `read()`, each with its value. With `drag: { min, max, step, of, change(i, value) }` each
 * is a slider, where `of(i)` is the number that is dragged.
 */
export function createBars(el, { label, letter, role, range, read, drag = null, aspect = 0.5 }) {
  const count = read().length;
  const view = { x: [0.5, count + 0.5], get y() { return range(); } };
  const plot = createPlot(el, { label, view, aspect, least: 150,
    xTicks: () => Array.from({ length: count }, (_, i) => ({ value: i + 1, text: indexed(letter, i) })) });
  const zero = make("line", { class: "actgrad-zero-line" });
  const bars = read().map((_, i) => {
    const bar = make("rect", { class: `actgrad-bar actgrad-${role}` });
    const text = make("text", { "text-anchor": "middle", class: "actgrad-bar-value", "data-name": `${letter}-${i + 1}` });
    const handle = drag && make("g", { role: "slider", tabindex: 0, "aria-label": indexed(letter, i) },
      make("rect", { x: -22, y: -22, width: 44, height: 44, class: "actgrad-hit" }),
      make("rect", { x: -13, y: -4, width: 26, height: 8, rx: 4, class: "actgrad-handle" }));
    plot.content.append(bar);
    plot.above.append(text);
    if (drag) {
      plot.above.append(handle);
      const change = (value) => drag.change(i, Math.max(drag.min, Math.min(drag.max, Number(value.toFixed(2)))));
      let grip = 0;
      onDrag(plot, handle, {
        start: (px, py) => { grip = drag.of(i) - plot.fromY(py); },
        move: (px, py) => change(plot.fromY(py) + grip),
      });
      onSliderKeys(handle, { value: () => drag.of(i), min: () => drag.min, max: () => drag.max, step: drag.step, page: 10 * drag.step, change });
    }
    return { bar, text, handle };
  });
  plot.content.append(zero);
  plot.layers.push(() => {
    const values = read();
    const half = Math.min(26, (plot.x(2) - plot.x(1)) * 0.36);
    set(zero, { x1: plot.x(view.x[0]), x2: plot.x(view.x[1]), y1: plot.y(0), y2: plot.y(0) });
    bars.forEach(({ bar, text, handle }, i) => {
      const at = plot.x(i + 1);
      const value = values[i];
      const [top, bottom] = [Math.min(plot.y(0), plot.y(value)), Math.max(plot.y(0), plot.y(value))];
      set(bar, { x: at - half, y: top, width: 2 * half, height: Math.max(0.5, bottom - top) });
      const gap = drag ? 12 : 6;
      set(text, { x: at, y: value >= 0 ? top - gap : bottom + gap + 8, "data-value": value });
      write(text, format(value, 3));
      if (handle) set(handle, { transform: `translate(${at} ${plot.y(value)})`, "aria-valuemin": drag.min, "aria-valuemax": drag.max,
        "aria-valuenow": drag.of(i), "aria-valuetext": `${indexed(letter, i)} = ${format(drag.of(i), 3)}` });
    });
  });
  return plot;
}

/**
 * A square matrix as a grid of cells to pick by pointer or arrow keys. `show(matrix, [i, k])` counts
 * from 1, as mathematics does.
 */
export function createMatrix({ label, size, rows, columns, pick }) {
  const cells = [];
  const body = make("tbody");
  for (let i = 0; i < size; i++) {
    const row = make("tr", {}, make("th", { scope: "row" }, indexed(rows, i)));
    for (let k = 0; k < size; k++) {
      const cell = make("td", { role: "gridcell", "data-cell": `${i + 1},${k + 1}` });
      cell.addEventListener("click", () => pick([i + 1, k + 1]));
      row.append(cell);
      cells.push(cell);
    }
    body.append(row);
  }
  // Columns of equal width, whatever they hold, are laid out without measuring every cell.
  const width = `width: min(100%, ${1.75 + 3.4 * size}rem); min-width: ${1.75 + 2.5 * size}rem`;
  const element = make("table", { class: "actgrad-matrix", role: "grid", "aria-label": label, style: width },
    make("thead", {}, make("tr", {}, make("td", {}), ...Array.from({ length: size }, (_, k) => make("th", { scope: "col" }, indexed(columns, k))))), body);
  let at = [1, 1];
  element.addEventListener("keydown", (event) => {
    const [di, dk] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key] ?? [];
    if (di === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const within = (n) => Math.max(1, Math.min(size, n));
    pick([within(at[0] + di), within(at[1] + dk)]);
  });
  return {
    element: make("div", { class: "actgrad-scroll" }, element),
    show(matrix, selected) {
      at = selected;
      const largest = Math.max(1e-300, ...matrix.flat().map(Math.abs));
      const focused = element.contains(document.activeElement);
      cells.forEach((cell, n) => {
        const [i, k] = [Math.floor(n / size), n % size];
        const value = matrix[i][k];
        const share = Math.round(50 * Math.abs(value) / largest);
        const colour = value < 0 ? "derivative" : "function";
        const on = i + 1 === at[0] && k + 1 === at[1];
        write(cell, Math.abs(value) < 5e-4 ? "0"
          : value.toFixed(Math.abs(value) < 1 ? 3 : 2).replace(/^(-?)0\./, "$1.").replace("-", "−"));
        cell.style.backgroundColor = `color-mix(in srgb, var(--actgrad-${colour}) ${share}%, transparent)`;
        set(cell, { "data-value": value, tabindex: on ? 0 : -1, "aria-selected": on });
        if (on && focused) cell.focus();
      });
    },
  };
}
