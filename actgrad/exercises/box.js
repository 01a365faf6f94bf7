// What the boxes of all exercises share: elements, messages, the verdict.

import { keep } from "./progress.js";

const HEADS = {
  right: "✓ Right",
  wrong: "✗ Not yet",
  empty: "Nothing to check",
  unreadable: "✗ Cannot be read",
  open: "Not checked here",
};

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** The parts of a message: what stands between backticks is code. */
const marked = (message) =>
  message.split("`").map((part, at) => (at % 2 ? element("code", {}, part) : part));

const short = (value, digits = 6) => String(Number(value.toPrecision(digits)));

/** Numbers, the first with as many digits as it takes to tell it from the others. */
export function apart([first, ...others]) {
  let digits = 6;
  const shown = (value) => short(value, digits);
  while (digits < 17 && others.some((other) => shown(other) === shown(first))) digits += 1;
  return [first, ...others].map(shown);
}

export const places = (values) =>
  Object.entries(values)
    .map(([letter, value]) => `${letter} = ${short(Number(value))}`)
    .join(", ");

/** Where a verdict is told: large, in words; what it says is text, and cannot become markup. */
export function verdict() {
  const root = element("div", { class: "actgrad-verdict", role: "status" });
  const tell = (id, { status, message }) => {
    root.dataset.status = status;
    root.replaceChildren(
      element("strong", {}, HEADS[status]),
      ...message.split("\n").map((line) => element("p", {}, ...marked(line))),
    );
    if (status === "right") keep(id, { solved: true });
  };
  return { root, tell };
}
