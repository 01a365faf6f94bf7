// Shared drawing code of the explorers: an SVG plot that follows its element's width, curves,
// a point to drag, and labelled controls. It knows no mathematics.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element: `make("button", { type: "button" }, "Reset")`. */
export function make(name, attributes = {}, ...children) {
  const svgNames = /^(svg|g|path|line|circle|rect|text|title|desc|clipPath|defs|tspan)$/;
  const element = svgNames.test(name)
    ? document.createElementNS(SVG, name)
    : document.createElement(name);
  set(element, attributes);
  element.append(...children);
  return element;
}

/** Set attributes; `null` removes one. */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes))
    if (value === null) element.removeAttribute(name);
    else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
  return element;
}

/** A page-wide unique id. */
export const uid = (() => {
  let count = 0;
  return (stem) => `actgrad-${stem}-${++count}-${Math.random().toString(36).slice(2, 7)}`;
})();

/** A number as a reader wants it: typeset minus, fixed significant digits, powers of ten. */
export function format(value, digits = 6) {
  if (Number.isNaN(value)) return "undefined";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-4 || size >= 1e6)
    ? value.toExponential(digits - 1).replace(/e([+-])(\d+)/, (_, sign, power) =>
      ` × 10${[...(sign === "-" ? "-" : "") + power].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("")}`)
    : value.toFixed(Math.max(0, Math.min(digits, digits - 1 - Math.floor(Math.log10(size || 1)))));
  return text.replace("-", "−");
}

/** Round positions for ticks, about `count` of them. */
export function ticks(from, to, count) {
  const rough = (to - from) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999);
  const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(from / step - 1e-9);
  return Array.from({ length: Math.max(0, Math.floor(to / step + 1e-9) - first + 1) }, (_, i) => {
    const value = (first + i) * step;
    return { value, text: value.toFixed(places).replace("-", "−").replace(/^−(0(\.0+)?)$/, "$1") };
  });
}

/** Run a function at most once a frame, however often it is asked for. */
export function oncePerFrame(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; draw(); });
  };
}

/**
 * A plot with axes. `view` is { x: [from, to], y: [from, to] }; after changing it call `draw`.
 * `layers` holds functions that `draw` calls with the plot, in order.
 */
export function createPlot(el, { label, view, aspect = 0.55, axes = ["x", ""] }) {
  const clip = uid("clip");
  const frame = make("rect");
  const grid = make("g", { class: "actgrad-grid" });
  const content = make("g", { "clip-path": `url(#${clip})` });
  const above = make("g");
  const names = make("g", { class: "actgrad-axis-names" });
  const svg = make("svg", { class: "actgrad-plot", role: "group", "aria-label": label },
    make("defs", {}, make("clipPath", { id: clip }, frame)), grid, content, names, above);
  el.append(svg);
  const margin = { left: 40, right: 12, top: 12, bottom: 36 };
  let width = 0;
  let height = 0;
  const plot = {
    svg, content, above, view, layers: [],
    x: (value) => margin.left + (value - view.x[0]) / (view.x[1] - view.x[0]) * (width - margin.left - margin.right),
    y: (value) => height - margin.bottom - (value - view.y[0]) / (view.y[1] - view.y[0]) * (height - margin.top - margin.bottom),
    fromX: (pixel) => view.x[0] + (pixel - margin.left) / (width - margin.left - margin.right) * (view.x[1] - view.x[0]),
    fromY: (pixel) => view.y[0] + (height - margin.bottom - pixel) / (height - margin.top - margin.bottom) * (view.y[1] - view.y[0]),
    /** The path of a function over the view, sampled at every other pixel, broken at `breaks`. */
    path(f, breaks = []) {
      const points = [];
      const step = 2 * (view.x[1] - view.x[0]) / Math.max(1, width - margin.left - margin.right);
      const tiny = (view.x[1] - view.x[0]) * 1e-9;
      const stops = [view.x[0], ...breaks.filter((b) => b > view.x[0] && b < view.x[1]), view.x[1]];
      for (let part = 0; part + 1 < stops.length; part++) {
        let pen = "M";
        const from = stops[part] + (part ? tiny : 0);
        const to = stops[part + 1] - (part + 2 < stops.length ? tiny : 0);
        const count = Math.max(1, Math.ceil((to - from) / step));
        for (let i = 0; i <= count; i++) {
          const x = from + (to - from) * i / count;
          const pixel = plot.y(f(x));
          if (!Number.isFinite(pixel)) { pen = "M"; continue; }
          points.push(pen, plot.x(x).toFixed(2), " ", Math.max(-9999, Math.min(9999, pixel)).toFixed(2));
          pen = "L";
        }
      }
      return points.join("");
    },
    draw() {
      if (!width) return;
      set(svg, { viewBox: `0 0 ${width} ${height}`, width, height });
      set(frame, { x: margin.left, y: margin.top, width: width - margin.left - margin.right, height: height - margin.top - margin.bottom });
      const marks = [];
      for (const { value, text } of ticks(...view.x, width / 80)) {
        const at = plot.x(value);
        marks.push(make("line", { x1: at, x2: at, y1: margin.top, y2: height - margin.bottom, class: value === 0 ? "actgrad-zero" : "" }),
          make("text", { x: at, y: height - margin.bottom + 15, "text-anchor": "middle" }, text));
      }
      for (const { value, text } of ticks(...view.y, height / 60)) {
        const at = plot.y(value);
        marks.push(make("line", { x1: margin.left, x2: width - margin.right, y1: at, y2: at, class: value === 0 ? "actgrad-zero" : "" }),
          make("text", { x: margin.left - 6, y: at + 4, "text-anchor": "end" }, text));
      }
      grid.replaceChildren(...marks);
      names.replaceChildren(
        make("text", { x: (margin.left + width - margin.right) / 2, y: height - 4, "text-anchor": "middle" }, axes[0]));
      for (const layer of plot.layers) layer(plot);
    },
    destroy() { observer.disconnect(); },
  };
  const observer = new ResizeObserver(() => {
    const next = Math.floor(el.clientWidth);
    if (next === width || next === 0) return;
    width = next;
    height = Math.round(Math.max(200, Math.min(420, width * aspect)));
    plot.draw();
  });
  observer.observe(el);
  return plot;
}

/** Drag on `target`: `move(x, y)` gets the pointer in the plot's pixels. */
export function onDrag(plot, target, { start = () => {}, move, end = () => {} }) {
  const at = (event) => {
    const box = plot.svg.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  let active = null;
  target.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    active = event.pointerId;
    target.setPointerCapture(active);
    start(...at(event), event);
    event.stopPropagation();
  });
  target.addEventListener("pointermove", (event) => {
    if (event.pointerId === active) move(...at(event), event);
  });
  for (const name of ["pointerup", "pointercancel"])
    target.addEventListener(name, (event) => {
      if (event.pointerId !== active) return;
      active = null;
      end(event);
    });
}

/** The arrow keys, Page Up/Down, Home and End of a slider (WAI-ARIA); `change(next)`. */
export function onSliderKeys(target, { value, min, max, step, page, change }) {
  target.addEventListener("keydown", (event) => {
    const small = event.shiftKey ? page : step;
    const moves = {
      ArrowRight: small, ArrowUp: small, ArrowLeft: -small, ArrowDown: -small,
      PageUp: page, PageDown: -page, Home: -Infinity, End: Infinity,
    };
    if (!(event.key in moves) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = value() + moves[event.key];
    // Steps of a tenth leave 0.30000000000000004 behind; a reader expects 0.3.
    change(Math.max(min(), Math.min(max(), Number.isFinite(next) ? Number(next.toPrecision(12)) : next)));
  });
}

/** A labelled range input with its value beside it. */
export function slider({ label, min, max, step, value, text = (v) => format(v, 3), change }) {
  const id = uid("slider");
  const input = make("input", { id, type: "range", min, max, step });
  const shown = make("output", { for: id, class: "actgrad-slider-value" });
  const element = make("div", { class: "actgrad-control" }, make("label", { for: id }, label), input, shown);
  const show = (next) => {
    input.value = next;
    shown.textContent = text(next);
    set(input, { "aria-valuetext": text(next) });
  };
  input.addEventListener("input", () => change(Number(input.value)));
  show(value);
  return { element, input, show };
}

/** A labelled check box. */
export function checkbox({ label, value, change }) {
  const id = uid("checkbox");
  const input = make("input", { id, type: "checkbox" });
  input.checked = value;
  input.addEventListener("change", () => change(input.checked));
  return {
    element: make("div", { class: "actgrad-control actgrad-check" }, input, make("label", { for: id }, label)),
    input,
    show: (next) => { input.checked = next; },
  };
}

/** A labelled choice; `options` is [[value, text], ...]. */
export function choice({ label, options, value, change }) {
  const id = uid("choice");
  const input = make("select", { id }, ...options.map(([name, text]) => make("option", { value: name }, text)));
  input.value = value;
  input.addEventListener("change", () => change(input.value));
  return {
    element: make("div", { class: "actgrad-control" }, make("label", { for: id }, label), input),
    input,
    show: (next) => { input.value = next; },
  };
}

/** A push button. */
export function button(text, label, press) {
  const element = make("button", { type: "button", "aria-label": label, title: label }, text);
  element.addEventListener("click", press);
  return element;
}

/** A row of named numbers; `show({ name: value })` rounds for the eye and keeps the whole value. */
export function readouts(names) {
  const cells = {};
  const element = make("dl", { class: "actgrad-readouts" });
  for (const [name, text] of Object.entries(names)) {
    cells[name] = make("dd", { "data-name": name });
    element.append(make("div", {}, make("dt", {}, text), cells[name]));
  }
  return {
    element,
    show(values) {
      for (const [name, value] of Object.entries(values)) {
        cells[name].textContent = format(value);
        set(cells[name], { "data-value": value, title: String(value) });
      }
    },
  };
}

/** A legend entry: a sample of the line and its name. */
export function legend(entries) {
  return make("ul", { class: "actgrad-legend" }, ...entries.map(([role, text]) =>
    make("li", { "data-role": role },
      make("svg", { width: 28, height: 10, "aria-hidden": "true" },
        make("line", { x1: 0, x2: 28, y1: 5, y2: 5, class: `actgrad-line actgrad-${role}` })),
      make("span", {}, text))));
}
