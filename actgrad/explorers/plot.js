// Shared drawing code of the explorers: an SVG plot that follows its element's width, curves,
// and points, lines and views to drag. It knows no mathematics.

import { changes, make, set, uid } from "./dom.js";
import { powerTicks, roundUp, ticks, tidy } from "./text.js";

/** @typedef {[number, number]} Range */
/** @typedef {{ readonly x: Range, readonly y: Range }} View */
/** @typedef {() => { value: number, text: string }[]} Ticks */

/**
 * @typedef {object} PlotOptions
 * @property {string} label
 * @property {View} view
 * @property {number} [aspect]
 * @property {number} [least] the least height
 * @property {(width: number) => number} [height] where it is not `aspect` that says it
 * @property {[string, string]} [axes]
 * @property {string} [log]
 * @property {Ticks | null} [xTicks]
 * @property {Ticks | null} [yTicks]
 */

/**
 * A plot with axes. `view` has `x` and `y`, each [from, to] (powers of ten where `log` names
 * the axis), and is read by each `draw`. `layers` holds what `draw` calls, in order.
 */
export class Plot {
  /**
   * @param {HTMLElement} el
   * @param {PlotOptions} options
   */
  constructor(
    el,
    {
      label,
      view,
      aspect = 0.55,
      least = 200,
      height = (width) => Math.max(least, Math.min(420, width * aspect)),
      axes = ["", ""],
      log = "",
      xTicks = null,
      yTicks = null,
    },
  ) {
    const clip = uid("clip");
    this.el = el;
    this.view = view;
    this.heightOf = height;
    this.axes = axes;
    this.log = log;
    /** @type {((plot: Plot) => void)[]} */
    this.layers = [];
    this.width = 0;
    this.height = 0;
    this.own = { x: xTicks, y: yTicks };
    this.margin = { left: 40, right: 12, top: axes[1] ? 24 : 12, bottom: axes[0] ? 36 : 22 };
    // A view may be costly to ask for: many points are placed in each.
    /** @type {View} */
    this.drawn = { x: [0, 1], y: [0, 1] };
    this.moved = changes();
    this.frame = make("rect");
    this.grid = make("g", { class: "actgrad-grid", "aria-hidden": "true" });
    this.content = make("g", { "clip-path": `url(#${clip})` });
    this.above = make("g");
    this.names = make("g", { class: "actgrad-axis-names", "aria-hidden": "true" });
    this.svg = make(
      "svg",
      { class: "actgrad-plot", role: "group", "aria-label": label },
      make("defs", {}, make("clipPath", { id: clip }, this.frame)),
      this.grid,
      this.content,
      this.names,
      this.above,
    );
    el.append(this.svg);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(el);
  }

  get right() {
    return this.width - this.margin.right;
  }

  get bottom() {
    return this.height - this.margin.bottom;
  }

  resize() {
    const next = Math.floor(this.el.clientWidth);
    if (next === this.width || next === 0) return;
    this.width = next;
    this.height = Math.round(this.heightOf(next));
    this.draw();
  }

  destroy() {
    this.observer.disconnect();
  }

  /** Where a value stands in what is being drawn. */
  x(value) {
    const [from, to] = this.drawn.x;
    return this.margin.left + ((value - from) / (to - from)) * (this.right - this.margin.left);
  }

  y(value) {
    const [from, to] = this.drawn.y;
    return this.bottom - ((value - from) / (to - from)) * (this.bottom - this.margin.top);
  }

  /** The value at a pixel. Handlers ask: it is that of the view, drawn already or not. */
  fromX(pixel) {
    const [from, to] = this.view.x;
    return from + ((pixel - this.margin.left) / (this.right - this.margin.left)) * (to - from);
  }

  fromY(pixel) {
    const [from, to] = this.view.y;
    return from + ((this.bottom - pixel) / (this.bottom - this.margin.top)) * (to - from);
  }

  /** The value at a pixel, or at most one pixel beside it, that is round. */
  roundX(pixel) {
    const [from, to] = this.view.x;
    const step = roundUp((0.8 * (to - from)) / (this.right - this.margin.left));
    return tidy(Math.round(this.fromX(pixel) / step) * step);
  }

  /** The path of a function over the view, sampled at every other pixel, broken at `breaks`. */
  path(f, breaks = []) {
    const [from, to] = this.drawn.x;
    const step = (2 * (to - from)) / Math.max(1, this.right - this.margin.left);
    const tiny = (to - from) * 1e-9;
    const stops = [from, ...breaks.filter((b) => b > from && b < to), to];
    return stops
      .slice(1)
      .map((stop, part) => {
        const start = stops[part] + (part ? tiny : 0);
        const end = stop - (part + 2 < stops.length ? tiny : 0);
        const count = Math.max(1, Math.ceil((end - start) / step));
        return this.polyline(
          Array.from({ length: count + 1 }, (_, i) => {
            const x = start + ((end - start) * i) / count;
            return [x, f(x)];
          }),
        );
      })
      .join("");
  }

  /** The path through points; it breaks where a value is not finite. */
  polyline(points) {
    let pen = "M";
    return points
      .map(([x, y]) => {
        const pixel = this.y(y);
        if (!Number.isFinite(pixel)) {
          pen = "M";
          return "";
        }
        const height = Math.max(-9999, Math.min(9999, pixel)).toFixed(2);
        const piece = `${pen}${this.x(x).toFixed(2)} ${height}`;
        pen = "L";
        return piece;
      })
      .join("");
  }

  draw() {
    if (!this.width) return;
    this.drawn = { x: this.view.x, y: this.view.y };
    // Axes are drawn anew only where they differ: most steps of a slider leave them alone.
    if (this.moved(this.width, this.height, this.drawn)) this.drawAxes();
    for (const layer of this.layers) layer(this);
  }

  /** @param {"x" | "y"} axis */
  marks(axis, count) {
    const [from, to] = this.drawn[axis];
    const placed = this.log.includes(axis) ? powerTicks : ticks;
    return this.own[axis]?.() ?? placed(from, to, count);
  }

  drawAxes() {
    const { svg, frame, margin, width, height, right, bottom } = this;
    const box = {
      x: margin.left,
      y: margin.top,
      width: right - margin.left,
      height: bottom - margin.top,
    };
    set(svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    set(frame, box);
    const look = (axis, value) =>
      value === 0 && !this.log.includes(axis) ? "actgrad-zero" : "";
    const lines = [];
    for (const { value, text } of this.marks("x", width / 80)) {
      const x = this.x(value);
      if (!this.own.x)
        lines.push(
          make("line", { x1: x, x2: x, y1: margin.top, y2: bottom, class: look("x", value) }),
        );
      lines.push(make("text", { x, y: bottom + 15, "text-anchor": "middle" }, text));
    }
    for (const { value, text } of this.marks("y", height / 60)) {
      const y = this.y(value);
      lines.push(
        make("line", { x1: margin.left, x2: right, y1: y, y2: y, class: look("y", value) }),
        make("text", { x: margin.left - 6, y: y + 4, "text-anchor": "end" }, text),
      );
    }
    this.grid.replaceChildren(...lines);
    const middle = { x: (margin.left + right) / 2, y: height - 4, "text-anchor": "middle" };
    this.names.replaceChildren(
      make("text", middle, this.axes[0]),
      make("text", { x: 4, y: 14 }, this.axes[1]),
    );
  }
}

/**
 * Where a pointer is, in the plot's pixels.
 *
 * @returns {[number, number]}
 *
 * @param {Plot} plot
 */
export function pixels(plot, event) {
  const box = plot.svg.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

/**
 * Drag on `target`: `move(x, y)` gets the pointer in the plot's pixels.
 *
 * @param {Plot} plot
 */
export function onDrag(plot, target, { start = (_x, _y) => {}, move }) {
  /** @type {number | null} */
  let active = null;
  target.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    active = event.pointerId;
    target.setPointerCapture(active);
    start(...pixels(plot, event));
    event.stopPropagation();
  });
  target.addEventListener("pointermove", (event) => {
    if (event.pointerId === active) move(...pixels(plot, event));
  });
  for (const name of ["pointerup", "pointercancel"])
    target.addEventListener(name, (event) => {
      if (event.pointerId === active) active = null;
    });
}

/** The arrow keys, Page Up/Down, Home and End of a slider (WAI-ARIA); `change` clamps. */
export function onSliderKeys(target, { value, step, page, change }) {
  target.addEventListener("keydown", (event) => {
    const small = event.shiftKey ? page : step;
    const moves = {
      ArrowRight: small,
      ArrowUp: small,
      ArrowLeft: -small,
      ArrowDown: -small,
      PageUp: page,
      PageDown: -page,
      Home: -Infinity,
      End: Infinity,
    };
    if (!(event.key in moves) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    change(tidy(value() + moves[event.key]));
  });
}

/**
 * A slider that is a point of a plot: `shape` is what is seen of it, `hit` what is grasped.
 *
 * @param {Plot} plot
 */
export function createHandle(plot, label, hit, shape) {
  const handle = make("g", { role: "slider", tabindex: 0, "aria-label": label }, hit, shape);
  plot.above.append(handle);
  return handle;
}

/**
 * A vertical line, dragged by itself or by the mark at its foot, and moved by keys.
 *
 * @param {Plot} plot
 */
export function createCursor(plot, { label, value, step, page, change, drag = change }) {
  const line = make("line", { class: "actgrad-cursor" });
  plot.content.append(line);
  const grip = make("rect", { x: -12, width: 24, class: "actgrad-grip" });
  const foot = make("rect", { x: -22, y: -30, width: 44, height: 44, class: "actgrad-hit" });
  const handle = createHandle(
    plot,
    label,
    make("g", {}, grip, foot),
    make("path", { d: "M0-9l7 12h-14z", class: "actgrad-handle" }),
  );
  onDrag(plot, handle, { move: (px) => drag(plot.roundX(px)) });
  onSliderKeys(handle, { value, step, page, change });
  return (at, from, to, text) => {
    const [x, bottom] = [plot.x(Math.max(from, Math.min(to, at))), plot.bottom];
    set(line, { x1: plot.x(at), x2: plot.x(at), y1: 0, y2: bottom });
    const top = plot.margin.top - bottom + 6;
    set(grip, { y: top, height: -top });
    set(handle, {
      transform: `translate(${x} ${bottom - 6})`,
      "aria-valuemin": from,
      "aria-valuemax": to,
      "aria-valuenow": at,
      "aria-valuetext": text,
    });
  };
}
