// Elements of a page and the model that they follow.

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

/** Run a function at most once a frame, however often it is asked for. */
export function oncePerFrame(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}

/** Return a function that says whether what it is given differs from the last time. */
export function changes() {
  let last;
  return (...state) => {
    const before = last;
    last = JSON.stringify(state);
    return last !== before;
  };
}

/** Follow the model: draw at most once a frame, and send what the reader changes. */
export function connect(model, draw) {
  const redraw = oncePerFrame(draw);
  const save = oncePerFrame(() => model.save_changes());
  const put = (changes) => {
    model.set(changes);
    save();
  };
  model.on("change", redraw);
  const change = (name) => (value) => put({ [name]: value });
  return { redraw, put, change, stop: () => model.off("change", redraw) };
}
