// An answer box for exercises that are answered by an expression or a number, with no kernel.
// The text is read in the book's language and evaluated at the page's sample points: nothing is
// ever run as a program.

import { evaluate, ParseError, read, written } from "./language.js";

const short = (value) => String(Number(value.toPrecision(6)));

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

export function judge(
  text,
  { letters, others, samples, expected, mistakes, close: near, step, salt, learnt },
) {
  if (!text.trim()) return { status: "empty", message: "Type an answer first." };
  let tree;
  try {
    tree = read(text, letters, { others });
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { status: "unreadable", message: `The answer cannot be read: ${error.message}.` };
  }
  const reading = written(tree);
  if (!letters.length) {
    const number = evaluate(tree, {});
    const mark = seal(number, step, salt);
    if (expected.includes(mark)) return { status: "right", message: learnt, reading };
    const known = mistakes.find(({ values }) => values.includes(mark));
    const other = near.values.includes(seal(number, near.step, salt))
      ? near.says
      : "That is not the number.";
    return { status: "wrong", message: known?.says ?? other, reading };
  }
  const got = samples.map((values) => evaluate(tree, values));
  const close = (a, b) => Math.abs(a - b) <= 1e-9 + 1e-7 * Math.abs(b);
  const wrong = got.findIndex((value, index) => !close(value, expected[index]));
  if (wrong < 0) return { status: "right", message: learnt, reading };
  const known = mistakes.find(({ values }) => got.every((value, i) => close(value, values[i])));
  const at = letters.map((letter) => `${letter} = ${short(samples[wrong][letter])}`).join(", ");
  const numbers = `At ${at} it gives ${short(got[wrong])}; expected ${short(expected[wrong])}.`;
  return { status: "wrong", message: known ? `${known.says} ${numbers}` : numbers, reading };
}

const HEADS = { right: "✓ Right.", wrong: "✗ Not yet.", empty: "", unreadable: "✗" };

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** The parts of a message: what stands between backticks is code. */
const marked = (message) =>
  message.split("`").map((part, at) => (at % 2 ? element("code", {}, part) : part));

export default {
  render({ model, el }) {
    const data = model.get("data");
    const [letter] = data.letters;
    const input = element("input", {
      type: "text",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      placeholder: letter ? `2*${letter}*e^(-${letter})` : "1.5",
    });
    const what = letter ? ` (letters: ${data.letters.join(", ")})` : " (a number)";
    const result = element("p", { role: "status", "aria-live": "polite" });
    const form = element(
      "form",
      { class: "actgrad-answer" },
      element("label", {}, `Your answer: ${data.title}${what}`, input),
      element("button", { type: "submit" }, "Check"),
      result,
    );
    input.value = model.get("answer");

    const check = (event) => {
      event.preventDefault();
      const { status, message, reading } = judge(input.value, data);
      result.dataset.status = status;
      // Text only: neither the answer nor a message can become markup.
      result.replaceChildren(element("strong", {}, HEADS[status]), " ", ...marked(message));
      if (reading) result.append(element("span", {}, `Read as ${reading}`));
      input.setAttribute("aria-invalid", String(status !== "right"));
      model.set("answer", input.value);
      model.set("status", status);
      model.save_changes();
    };
    const follow = () => {
      if (input.value !== model.get("answer")) input.value = model.get("answer");
    };
    form.addEventListener("submit", check);
    // In JupyterLab the browser does not submit a form by Enter.
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    model.on("change:answer", follow);
    el.append(form);
    return () => model.off("change:answer", follow);
  },
};
