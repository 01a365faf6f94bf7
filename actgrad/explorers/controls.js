// Labelled controls, rows of numbers, legends.
import { make, set, uid, write } from "./dom.js";
import { format } from "./text.js";

/** @typedef {{ element: HTMLElement, input: any, show: (value: any) => void }} Control */

/** A control under its label; `show` sets what it shows. */
function labelled(input, label, look, show, ...rest) {
  const id = uid("control");
  const parts = [make("label", { for: id }, label), set(input, { id }), ...rest];
  if (look) parts.reverse();
  return { element: make("div", { class: `actgrad-control${look}` }, ...parts), input, show };
}

/** A labelled range input with its value beside it. */
export function slider({ label, min, max, step, value, text = (v) => format(v, 3), change }) {
  const input = make("input", { type: "range", min, max, step });
  // Not an output element: that would be read aloud besides the slider's own value.
  const shown = make("span", { class: "actgrad-slider-value", "aria-hidden": "true" });
  const show = (next) => {
    input.value = next;
    write(shown, text(next));
    set(input, { "aria-valuetext": text(next) });
  };
  input.addEventListener("input", () => change(Number(input.value)));
  show(value);
  return labelled(input, label, "", show, shown);
}

/** A slider of the place x within the view. */
export function createPosition(model, setX) {
  const [min, max] = model.get("x_range");
  return slider({
    label: "x",
    min,
    max,
    step: 0.01,
    value: model.get("x"),
    text: (v) => format(v, 4),
    change: (x) => setX(Math.round(100 * x) / 100),
  });
}

/** A labelled check box. */
export function checkbox({ label, value, change }) {
  const input = make("input", { type: "checkbox" });
  input.checked = value;
  input.addEventListener("change", () => change(input.checked));
  return labelled(input, label, " actgrad-check", (next) => {
    input.checked = next;
  });
}

/** A labelled choice; `options` is [[value, text], ...]. */
export function choice({ label, options, value, change }) {
  const input = make(
    "select",
    {},
    ...options.map(([name, text]) => make("option", { value: name }, text)),
  );
  input.value = value;
  input.addEventListener("change", () => change(input.value));
  return labelled(input, label, "", (next) => {
    input.value = next;
  });
}

/** A push button. */
export function button(text, label, press) {
  const element = make("button", { type: "button", "aria-label": label, title: label }, text);
  element.addEventListener("click", press);
  return element;
}

/** Named numbers; `show({ name: value })` writes each by `text` and keeps the whole value. */
export function readouts(names, text = (value, _name) => format(value)) {
  const cells = {};
  const element = make("dl", { class: "actgrad-readouts" });
  for (const [name, title] of Object.entries(names)) {
    cells[name] = make("dd", { "data-name": name });
    element.append(make("div", {}, make("dt", {}, title), cells[name]));
  }
  return {
    element,
    hide(name, hidden) {
      cells[name].parentElement.hidden = hidden;
    },
    show(values) {
      for (const [name, value] of Object.entries(values)) {
        write(cells[name], text(value, name));
        set(cells[name], { "data-value": value, title: String(value) });
      }
    },
  };
}

/** A short piece of a line, as tables and legends show it. */
export const sample = (look) =>
  make(
    "svg",
    { width: 28, height: 10, "aria-hidden": "true" },
    make("line", { x1: 0, x2: 28, y1: 5, y2: 5, class: `actgrad-line ${look}` }),
  );

/** A legend: of each role a sample of its line, and its name. */
export function legend(entries) {
  return make(
    "ul",
    { class: "actgrad-legend" },
    ...entries.map(([role, text]) =>
      make("li", { "data-role": role }, sample(`actgrad-${role}`), make("span", {}, text)),
    ),
  );
}

/** The root of an explorer. */
export const group = (label, ...children) =>
  make("div", { class: "actgrad", role: "group", "aria-label": label }, ...children);

/** The grid in which controls stand. */
export const controls = (...elements) =>
  make("div", { class: "actgrad-controls" }, ...elements);

/** A table whose first column names its rows. */
export const tabulated = (heads, body) =>
  make(
    "table",
    { class: "actgrad-table" },
    make(
      "thead",
      {},
      make("tr", {}, ...heads.map((text) => make("th", { scope: "col" }, text))),
    ),
    body,
  );
