// Several functions and their derivatives on one plot, each to be switched on and off; sliders for
// their parameters; one of them can be scaled, stretched and shifted until it lies on another.
import { changes, checkbox, connect, createPlot, format, make, navigate, onDrag, onSliderKeys, readouts, set, write,
  slider, uid } from "./plot.js";
import { defaults, functions } from "./functions.js";

// One mark a function, so that no curve is known by its colour alone.
const MARKS = ["M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z", "M-3.5-3.5h7v7h-7z", "M0-5l4.5 8h-9z", "M0-5l5 5l-5 5l-5-5z",
  "M0 5l4.5-8h-9z", "M-1.5-4.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z"];

function build({ model, el }) {
  const names = model.get("functions");
  const rescaled = model.get("rescale");
  const settings = (name) => ({ ...defaults(name), ...model.get("parameters")[name] });
  const affine = (name) => name === rescaled
    ? ["scale", "stretch", "shift"].map((key) => model.get(key)) : [1, 1, 0];
  const value = (name) => {
    const [a, s, c] = affine(name);
    const own = settings(name);
    return (x) => a * functions[name].value(s * x, own) + c;
  };
  const slope = (name) => {
    const [a, s] = affine(name);
    const own = settings(name);
    return (x) => a * s * functions[name].derivative(s * x, own);
  };
  const breaks = (name) => functions[name].kinks.map((kink) => kink / affine(name)[1]);
  const titles = (name) => name === rescaled ? `a · ${functions[name].title}(s·x) + c` : functions[name].title;
  const view = { get x() { return model.get("x_range"); }, get y() { return model.get("y_range"); } };
  const within = (x) => Math.max(view.x[0], Math.min(view.x[1], x));

  const root = make("div", { class: "actgrad", role: "group", "aria-label": `Comparison of ${names.map((name) => functions[name].title).join(", ")}` });
  const stage = make("div");
  const plot = createPlot(stage, { label: "Plot of the functions and their derivatives", view, axes: ["x", ""] });
  const { redraw, put, change, stop } = connect(model, () => plot.draw());
  const setX = (x) => put({ x: within(x) });

  const cursor = make("line", { class: "actgrad-cursor" });
  plot.content.append(cursor);
  const body = make("tbody");
  const rows = names.map((name, i) => {
    const id = uid("shown");
    const input = make("input", { id, type: "checkbox" });
    input.addEventListener("change", () => put({
      shown: names.filter((other) => other === name ? input.checked : model.get("shown").includes(other)) }));
    const cells = { value: make("td", { "data-name": `${name}-value` }), slope: make("td", { "data-name": `${name}-slope` }) };
    const row = make("tr", {}, make("th", { scope: "row" }, make("label", { for: id }, input,
      make("svg", { width: 34, height: 14, "aria-hidden": "true", viewBox: "-17 -7 34 14" },
        make("path", { d: "M-17 0H17", class: `actgrad-line actgrad-series-${i}` }), make("path", { d: MARKS[i], class: `actgrad-mark actgrad-series-${i}` })),
      make("span", {}, titles(name)))), cells.value, cells.slope);
    body.append(row);
    const curve = (kind, look) => make("path", { class: `actgrad-line actgrad-series-${i} ${look}`, "data-curve": `${name}-${kind}` });
    const drawn = { slope: curve("slope", "actgrad-thin"), value: curve("value", ""), marks: make("path", { class: `actgrad-mark actgrad-series-${i}`, "data-curve": `${name}-marks` }) };
    plot.content.append(...Object.values(drawn));
    return { name, input, cells, row, drawn, mark: MARKS[i] };
  });
  const handle = make("g", { role: "slider", tabindex: 0, "aria-label": "Place x of the values" },
    make("rect", { x: -22, y: -30, width: 44, height: 44, class: "actgrad-hit" }), make("path", { d: "M0-9l7 12h-14z", class: "actgrad-handle" }));
  plot.above.append(handle);
  const table = make("table", { class: "actgrad-table" },
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "function"), make("th", { scope: "col" }, "f(x)"), make("th", { scope: "col" }, "f′(x)"))), body);
  const gap = readouts({ gap: "largest gap of f", slope_gap: "largest gap of f′" });

  const position = slider({ label: "x", min: view.x[0], max: view.x[1], step: 0.01, value: model.get("x"), text: (v) => format(v, 4), change: setX });
  const sliders = names.flatMap((name) => Object.entries(functions[name].parameters).map(([key, { min, max, title }]) => ({
    read: () => settings(name)[key],
    control: slider({ label: `${functions[name].title} ${title}`, min, max, step: (max - min) / 198, value: settings(name)[key],
      change: (next) => put({ parameters: { ...model.get("parameters"), [name]: { ...settings(name), [key]: next } } }) }),
  })));
  if (rescaled) {
    for (const [key, label, min, max] of [["scale", "a", -4, 4], ["stretch", "s", 0.1, 4], ["shift", "c", -4, 4]])
      sliders.push({ read: () => model.get(key), control: slider({ label, min, max, step: 0.05, value: model.get(key), change: change(key) }) });
  }
  const values = checkbox({ label: "Functions f (solid)", value: model.get("values"), change: change("values") });
  const derivatives = checkbox({ label: "Derivatives f′ (dashed)", value: model.get("derivatives"), change: change("derivatives") });
  const buttons = navigate(plot, {
    put: (changes) => put({ ...changes, x: Math.max(changes.x_range[0], Math.min(changes.x_range[1], model.get("x"))) }),
    anchor: () => [model.get("x"), (view.y[0] + view.y[1]) / 2], home: { x_range: view.x, y_range: view.y } });

  root.append(stage, table, gap.element, make("div", { class: "actgrad-controls" },
    position.element, ...sliders.map(({ control }) => control.element), values.element, derivatives.element, buttons));
  el.replaceChildren(root);
  gap.element.hidden = names.length !== 2;

  function largestGap(f, g) {
    let largest = 0;
    for (let i = 0; i <= 400; i++) {
      const x = view.x[0] + (view.x[1] - view.x[0]) * i / 400;
      largest = Math.max(largest, Math.abs(f(x) - g(x)));
    }
    return largest;
  }

  const moved = changes();
  plot.layers.push(() => {
    const x = model.get("x");
    const shown = model.get("shown");
    const [from, to] = view.x;
    const fresh = moved(view.x, view.y, plot.x(0), shown, names.map((name) => [settings(name), affine(name)]), model.get("values"), model.get("derivatives"));
    set(cursor, { x1: plot.x(x), x2: plot.x(x), y1: -999, y2: 999 });
    for (const { name, input, cells, row, drawn, mark } of rows) {
      const f = value(name);
      const df = slope(name);
      const on = shown.includes(name);
      input.checked = on;
      row.classList.toggle("actgrad-off", !on);
      if (fresh) {
        set(drawn.value, { d: on && model.get("values") ? plot.path(f, breaks(name)) : "" });
        set(drawn.slope, { d: on && model.get("derivatives") ? plot.path(df, breaks(name)) : "" });
      }
      // Marks at fixed places and at x itself, on f or, where f is not drawn, on f′.
      const marked = model.get("values") ? f : df;
      const places = on && (model.get("values") || model.get("derivatives")) ? [x, ...[1, 3, 5, 7, 9].map((k) => from + (to - from) * k / 10)] : [];
      set(drawn.marks, { d: places.map((t) => mark.replace(/^M(-?[\d.]+)([- ])(-?[\d.]+)/, (_, mx, gap, my) =>
        `M${(plot.x(t) + Number(mx)).toFixed(2)} ${(plot.y(marked(t)) + Number(gap.trim() + my)).toFixed(2)}`)).join("") });
      for (const [key, number] of [["value", f(x)], ["slope", df(x)]]) {
        write(cells[key], format(number, 4));
        set(cells[key], { "data-value": number, title: String(number) });
      }
    }
    if (names.length === 2 && fresh) {
      const [f, g] = names;
      gap.show({ gap: largestGap(value(f), value(g)), slope_gap: largestGap(slope(f), slope(g)) });
    }
    set(handle, { transform: `translate(${plot.x(within(x))} ${plot.y(view.y[0]) - 6})`, "aria-valuemin": from, "aria-valuemax": to,
      "aria-valuenow": x, "aria-valuetext": `x = ${format(x, 4)}` });
    set(position.input, { min: from, max: to });
    position.show(x);
    for (const { read, control } of sliders) control.show(read());
    values.show(model.get("values"));
    derivatives.show(model.get("derivatives"));
  });
  onDrag(plot, handle, { move: (px) => setX(plot.fromX(px)) });
  onSliderKeys(handle, { value: () => model.get("x"), min: () => view.x[0], max: () => view.x[1], step: 0.1, page: 1, change: setX });
  redraw();
  return () => { stop(); plot.destroy(); };
}

function render({ model, el }) {
  let stop = build({ model, el });
  const rebuild = () => { stop(); stop = build({ model, el }); };
  model.on("change:functions", rebuild);
  model.on("change:rescale", rebuild);
  return () => { model.off("change:functions", rebuild); model.off("change:rescale", rebuild); stop(); };
}

export default { render };
