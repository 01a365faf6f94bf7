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

/** Set the text where it differs: the same text again would be laid out anew. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A page-wide unique id. */
export const uid = (() => {
  let count = 0;
  return (stem) => `actgrad-${stem}-${++count}-${Math.random().toString(36).slice(2, 7)}`;
})();

/** Ten to a whole power, typeset: 10⁻³. */
export const powerOfTen = (power) =>
  `10${[...String(power)].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("")}`;

/** A number as a reader wants it: typeset minus, fixed significant digits, powers of ten. */
export function format(value, digits = 6) {
  if (Number.isNaN(value)) return "undefined";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-4 || size >= 1e6)
    ? value.toExponential(digits - 1).replace(/e([+-]\d+)/, (_, power) => ` × ${powerOfTen(Number(power))}`)
    : value.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(size || 1))));
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

/** Ticks at whole powers of ten of a logarithmic axis, about `count` of them. */
export function powerTicks(from, to, count) {
  const step = Math.max(1, Math.ceil((to - from) / Math.max(1, count)));
  const first = Math.ceil(from / step - 1e-9);
  return Array.from({ length: Math.max(0, Math.floor(to / step + 1e-9) - first + 1) }, (_, i) => {
    const value = (first + i) * step;
    return { value, text: value === 0 ? "1" : powerOfTen(value) };
  });
}

/** Return a function that says whether what it is given differs from the last time. */
export function changes() {
  let last;
  return (...state) => last !== (last = JSON.stringify(state));
}

/** Follow the model: draw at most once a frame, and send what the reader changes. */
export function connect(model, draw) {
  const redraw = oncePerFrame(draw);
  const save = oncePerFrame(() => model.save_changes());
  const put = (changes) => { model.set(changes); save(); };
  model.on("change", redraw);
  return { redraw, put, change: (name) => (value) => put({ [name]: value }), stop: () => model.off("change", redraw) };
}

/**
 * A plot with axes. `view` has `x` and `y`, each [from, to] (powers of ten where `log` names the
 * axis), and is read by each `draw`. `layers` holds what `draw` calls, in order.
 */
export function createPlot(el, { label, view, aspect = 0.55, least = 200, axes = ["", ""], log = "", xTicks = null, yTicks = null }) {
  const clip = uid("clip");
  const frame = make("rect");
  const grid = make("g", { class: "actgrad-grid", "aria-hidden": "true" });
  const content = make("g", { "clip-path": `url(#${clip})` });
  const above = make("g");
  const names = make("g", { class: "actgrad-axis-names", "aria-hidden": "true" });
  const svg = make("svg", { class: "actgrad-plot", role: "group", "aria-label": label },
    make("defs", {}, make("clipPath", { id: clip }, frame)), grid, content, names, above);
  el.append(svg);
  const margin = { left: 40, right: 12, top: axes[1] ? 24 : 12, bottom: axes[0] ? 36 : 22 };
  let width = 0;
  let height = 0;
  const right = () => width - margin.right;
  const bottom = () => height - margin.bottom;
  // A view may be costly to ask for: many points are placed in each.
  let drawn = { x: [0, 1], y: [0, 1] };
  const own = { x: xTicks, y: yTicks };
  const marks = (axis, count) => own[axis] ? own[axis]()
    : (log.includes(axis) ? powerTicks : ticks)(...view[axis], count);
  const plot = {
    svg, content, above, view, layers: [],
    x: (value) => margin.left + (value - drawn.x[0]) / (drawn.x[1] - drawn.x[0]) * (right() - margin.left),
    y: (value) => bottom() - (value - drawn.y[0]) / (drawn.y[1] - drawn.y[0]) * (bottom() - margin.top),
    fromX: (pixel) => drawn.x[0] + (pixel - margin.left) / (right() - margin.left) * (drawn.x[1] - drawn.x[0]),
    fromY: (pixel) => drawn.y[0] + (bottom() - pixel) / (bottom() - margin.top) * (drawn.y[1] - drawn.y[0]),
    /** The path of a function over the view, sampled at every other pixel, broken at `breaks`. */
    path(f, breaks = []) {
      const points = [];
      const step = 2 * (drawn.x[1] - drawn.x[0]) / Math.max(1, right() - margin.left);
      const tiny = (drawn.x[1] - drawn.x[0]) * 1e-9;
      const stops = [drawn.x[0], ...breaks.filter((b) => b > drawn.x[0] && b < drawn.x[1]), drawn.x[1]];
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
    /** The path through points; it breaks where a value is not finite. */
    polyline(points) {
      let pen = "M";
      return points.map(([x, y]) => {
        if (!Number.isFinite(y)) { pen = "M"; return ""; }
        const piece = `${pen}${plot.x(x).toFixed(2)} ${plot.y(y).toFixed(2)}`;
        pen = "L";
        return piece;
      }).join("");
    },
    draw() {
      if (!width) return;
      drawn = { x: view.x, y: view.y };
      // Axes are drawn anew only where they differ: most steps of a slider leave them alone.
      if (moved(width, height, drawn.x, drawn.y)) drawAxes();
      for (const layer of plot.layers) layer(plot);
    },
    destroy() { observer.disconnect(); },
  };
  const moved = changes();
  function drawAxes() {
    set(svg, { viewBox: `0 0 ${width} ${height}`, width, height });
    set(frame, { x: margin.left, y: margin.top, width: right() - margin.left, height: bottom() - margin.top });
    const lines = [];
    for (const { value, text } of marks("x", width / 80)) {
      const at = plot.x(value);
      if (!own.x) lines.push(make("line", { x1: at, x2: at, y1: margin.top, y2: bottom(), class: value === 0 && !log.includes("x") ? "actgrad-zero" : "" }));
      lines.push(make("text", { x: at, y: bottom() + 15, "text-anchor": "middle" }, text));
    }
    for (const { value, text } of marks("y", height / 60)) {
      const at = plot.y(value);
      lines.push(make("line", { x1: margin.left, x2: right(), y1: at, y2: at, class: value === 0 && !log.includes("y") ? "actgrad-zero" : "" }),
        make("text", { x: margin.left - 6, y: at + 4, "text-anchor": "end" }, text));
    }
    grid.replaceChildren(...lines);
    names.replaceChildren(
      make("text", { x: (margin.left + right()) / 2, y: height - 4, "text-anchor": "middle" }, axes[0]),
      make("text", { x: 4, y: 14 }, axes[1]));
  }
  const observer = new ResizeObserver(() => {
    const next = Math.floor(el.clientWidth);
    if (next === width || next === 0) return;
    width = next;
    height = Math.round(Math.max(least, Math.min(420, width * aspect)));
    plot.draw();
  });
  observer.observe(el);
  return plot;
}

/**
 * Zoom and pan of a plot whose view is the model's `x_range` and `y_range`: by buttons, by
 * dragging the plot, by the wheel with Ctrl. `anchor()` is the point that zooming in keeps.
 */
export function navigate(plot, { put, anchor, home }) {
  const { view } = plot;
  const zoom = (factor, at = anchor()) => {
    const width = (view.x[1] - view.x[0]) * factor;
    if (width < 0.02 || width > 400) return;
    put({ x_range: view.x.map((side) => at[0] + (side - at[0]) * factor),
      y_range: view.y.map((side) => at[1] + (side - at[1]) * factor) });
  };
  const middle = () => [(view.x[0] + view.x[1]) / 2, (view.y[0] + view.y[1]) / 2];
  const pan = (from, dx, dy) =>
    put({ x_range: from.x.map((side) => side + dx), y_range: from.y.map((side) => side + dy) });
  const step = (direction) => pan(view, direction * (view.x[1] - view.x[0]) / 4, 0);
  let grabbed = null;
  onDrag(plot, plot.svg, {
    start: (px, py) => { grabbed = { px, py, x: [...view.x], y: [...view.y] }; },
    move: (px, py) => pan(grabbed, plot.fromX(grabbed.px) - plot.fromX(px), plot.fromY(grabbed.py) - plot.fromY(py)),
  });
  // A bare wheel scrolls the page; with Ctrl (or a pinch) it zooms, as maps do.
  plot.svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const box = plot.svg.getBoundingClientRect();
    zoom(event.deltaY > 0 ? 1.25 : 0.8, [plot.fromX(event.clientX - box.left), plot.fromY(event.clientY - box.top)]);
  }, { passive: false });
  return make("div", { class: "actgrad-buttons", role: "group", "aria-label": "View" },
    button("+", "Zoom in", () => zoom(0.5)), button("−", "Zoom out", () => zoom(2, middle())),
    button("◂", "Move the view left", () => step(-1)), button("▸", "Move the view right", () => step(1)),
    button("Reset view", null, () => put(home)));
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
  // Not an output element: that would be read aloud besides the slider's own value.
  const shown = make("span", { class: "actgrad-slider-value", "aria-hidden": "true" });
  const element = make("div", { class: "actgrad-control" }, make("label", { for: id }, label), input, shown);
  const show = (next) => {
    input.value = next;
    write(shown, text(next));
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

/** A whole number with its digits in groups of three. */
export const grouped = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");

/** A row of named numbers; `show({ name: value })` rounds for the eye and keeps the whole value. */
export function readouts(names, text = format) {
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
        write(cells[name], text(value));
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
