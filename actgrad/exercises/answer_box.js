// An answer box for exercises that are answered by an expression or a number, with no kernel.
// The text is read in the book's language and evaluated at the page's sample points: nothing is
// ever run as a program.

import { apart, element, places, verdict } from "./box.js";
import { renderCode } from "./code_box.js";
import { evaluate, ParseError, read, written } from "./language.js";
import { mathml } from "./mathml.js";
import { keep, recall } from "./progress.js";

// A number that is the answer must not stand in the page: its neighbourhood, cut into small
// steps, stands there as hashes. (A seal, not a safe: it can be broken by trying numbers.)
export function seal(value, step, salt) {
  const place =
    value === 0 ? "0" : `${Math.sign(value)}/${Math.round(Math.log(Math.abs(value)) / step)}`;
  let hash = 0x811c9dc5;
  let other = 0x1b873593;
  for (const letter of `${salt}:${place}`) {
    hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
    other = Math.imul(other ^ letter.charCodeAt(0), 0x85ebca6b);
    other ^= other >>> 13;
  }
  return `${(hash >>> 0).toString(16)}.${(other >>> 0).toString(16)}`;
}

const close = (a, b) => Math.abs(a - b) <= 1e-9 + 1e-7 * Math.abs(b);

function judgeNumber(number, { expected, mistakes, close: near, step, salt, learnt }) {
  const mark = seal(number, step, salt);
  if (expected.includes(mark)) return { status: "right", message: learnt };
  const known = mistakes.find(({ values }) => values.includes(mark));
  const other = near.values.includes(seal(number, near.step, salt))
    ? near.says
    : "That is not the number.";
  return { status: "wrong", message: known?.says ?? other };
}

/** Say where an expression differs: at a point that a person would choose, if there is one. */
function difference(tree, { samples, expected, simple }, wrong) {
  const points = [...simple, { at: samples[wrong], expected: expected[wrong] }];
  const found = points
    .map((point) => ({ ...point, got: evaluate(tree, point.at) }))
    .filter(({ got }, at) => at === points.length - 1 || Number.isFinite(got))
    .find((point) => !close(point.got, point.expected));
  const [got, wanted] = apart([found.got, found.expected]);
  return `At ${places(found.at)} it gives ${got}; expected ${wanted}.`;
}

export function judge(text, data) {
  if (!text.trim()) return { status: "empty", message: "Type an answer first." };
  const { letters, others, samples, expected, mistakes, learnt } = data;
  let tree;
  try {
    tree = read(text, letters, { others });
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { status: "unreadable", message: `The answer cannot be read: ${error.message}.` };
  }
  const reading = written(tree);
  if (!letters.length) return { ...judgeNumber(evaluate(tree, {}), data), reading };
  const got = samples.map((values) => evaluate(tree, values));
  const wrong = got.findIndex((value, index) => !close(value, expected[index]));
  if (wrong < 0) return { status: "right", message: learnt, reading };
  const known = mistakes.find(({ values }) => got.every((value, i) => close(value, values[i])));
  const numbers = difference(tree, data, wrong);
  return { status: "wrong", message: known ? `${known.says}\n${numbers}` : numbers, reading };
}

/** Show how a text is read, while it is typed; a text that is not finished shows nothing. */
function typeset(place, text, { letters, others }) {
  try {
    place.replaceChildren(mathml(read(text, letters, { others })));
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    place.replaceChildren();
  }
}

function renderAnswer({ model, el }) {
  const [id, data] = [model.get("exercise"), model.get("data")];
  const [letter] = data.letters;
  const input = element("input", {
    type: "text",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    placeholder: letter ? `2*${letter}*e^(-${letter})` : "1.5",
  });
  const what = letter ? ` (letters: ${data.letters.join(", ")})` : " (a number)";
  const typed = element("div", { class: "actgrad-typed" });
  const result = verdict();
  const form = element(
    "form",
    { class: "actgrad-answer" },
    element("label", {}, `Your answer: ${data.title}${what}`, input),
    element("button", { type: "submit" }, "Check"),
    typed,
    result.root,
  );
  const show = () => typeset(typed, input.value, data);

  const check = (event) => {
    event.preventDefault();
    const found = judge(input.value, data);
    keep(id, { text: input.value });
    result.tell(id, found);
    input.setAttribute("aria-invalid", String(found.status !== "right"));
    model.set("answer", input.value);
    model.set("status", found.status);
    model.save_changes();
  };
  const follow = () => {
    if (input.value !== model.get("answer")) input.value = model.get("answer");
    show();
  };
  form.addEventListener("submit", check);
  input.addEventListener("input", show);
  // In JupyterLab the browser does not submit a form by Enter.
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  model.on("change:answer", follow);
  input.value = model.get("answer") || (recall()[id]?.text ?? "");
  show();
  el.append(form);
  return () => model.off("change:answer", follow);
}

// One module: what both read the language with is loaded once.
export default {
  render: (view) => (view.model.get("data").starter ? renderCode(view) : renderAnswer(view)),
};
