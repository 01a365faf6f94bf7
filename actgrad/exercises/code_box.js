// An editor for exercises that are answered by a function. A formula of one line, and names that
// lines before it give to others, are read in the book's language and evaluated: nothing is ever
// run as a program. The rest is for the notebook that is made here.

import { apart, element, places, verdict } from "./box.js";
import { evaluate, ParseError, read } from "./language.js";
import { keep, recall } from "./progress.js";

const ASSIGNED = /^([A-Za-z_]\w*)\s*=(?!=)\s*(.+)$/;
const FUNCTIONS = { absolute: "abs", maximum: "max", minimum: "min" };

/** The lines of a function's body, without comments and docstring; null where there is none. */
function body(text, name) {
  const bare = text.replace(/\r/g, "").replace(/"""[\s\S]*?"""|'''[\s\S]*?'''/g, "");
  const found = new RegExp(
    `^def ${name}\\(.*\\).*:[ \\t]*\\n((?:[ \\t]+.*\\n|\\s*\\n)*)`,
    "m",
  ).exec(`${bare}\n`);
  if (!found) return null;
  const lines = found[1].split("\n").map((line) => line.replace(/#.*/, "").trim());
  return lines.filter((line) => line && line !== "...");
}

/** The arguments of a call whose bracket opens at a place, and where it ends. */
function split(code, open) {
  const parts = [""];
  for (let at = open + 1, depth = 0; at < code.length; at += 1) {
    if (code[at] === ")" && depth === 0) return { parts, end: at + 1 };
    depth += "([".includes(code[at]) ? 1 : ")]".includes(code[at]) ? -1 : 0;
    if (code[at] === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += code[at];
  }
  return { parts, end: code.length };
}

/** `where(c, a, b)` by cases, as the book's language writes them. */
function byCases(code) {
  const found = /\bwhere\(/.exec(code);
  if (!found) return code;
  const { parts, end } = split(code, found.index + 5);
  const [condition, yes, no] = parts;
  const cases = `Piecewise((${yes}, ${condition}), (${no}, otherwise))`;
  return byCases(`${code.slice(0, found.index)}${cases}${code.slice(end)}`);
}

/** A formula of NumPy in the book's language: names of the body's own become letters of it. */
function translated(code, names) {
  const words = code
    .replace(/\b(?:np|numpy|math)\.(\w+)/g, (_, word) => FUNCTIONS[word] ?? word)
    .replace(/\b[A-Za-z_]\w*\b/g, (word) => names.get(word) ?? word);
  return byCases(words);
}

/** Return what computes the function's values by the book's language, or why it cannot. */
export function formula(text, { name, letters }) {
  const lines = body(text, name);
  if (!lines) return { reason: `there is no \`def ${name}(${letters.join(", ")}):\`` };
  if (!lines.length) return { empty: true };
  const names = new Map(letters.map((letter, at) => [letter, `v_${at}`]));
  const steps = [];
  for (const line of lines) {
    const [, given, value] = ASSIGNED.exec(line) ?? [];
    const returned = /^return\b(.+)$/.exec(line)?.[1];
    if (!value && !returned) return { reason: `\`${line}\` is no formula` };
    try {
      const tree = read(translated(value ?? returned, names), [...names.values()]);
      if (value && !names.has(given)) names.set(given, `v_${names.size}`);
      steps.push([value ? names.get(given) : "", tree]);
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      return { reason: `\`${line}\` is more than a formula` };
    }
    if (returned) return { compute: (at) => run(steps, letters, at) };
  }
  return { reason: "there is no `return`" };
}

function run(steps, letters, at) {
  const values = Object.fromEntries(
    letters.map((letter, index) => [`v_${index}`, Number(at[letter])]),
  );
  let result = Number.NaN;
  for (const [given, tree] of steps) {
    result = evaluate(tree, values);
    if (given) values[given] = result;
  }
  return result;
}

/** Whether a value lies within the bounds, which may be infinite, or no numbers. */
function inside(got, from, to, { rtol, atol }) {
  const [low, high] = [Number(from), Number(to)];
  if (Number.isNaN(low)) return Number.isNaN(got);
  const about = (bound) => (Number.isFinite(bound) ? atol + rtol * Math.abs(bound) : 0);
  return got >= low - about(low) && got <= high + about(high);
}

export function judgeCode(text, data) {
  if (text.trim() === data.starter.trim())
    return {
      status: "empty",
      message: "This is the function as it was given: change it first.",
    };
  const later = "In the notebook `check` says whether it is right.";
  if (!data.parts.length)
    return { status: "open", message: `This function takes whole arrays. ${later}` };
  const { compute, reason, empty } = formula(text, data);
  if (empty) return { status: "empty", message: "Write the function's body first." };
  if (!compute)
    return {
      status: "open",
      message: `Here only a formula can be checked: ${reason}. ${later}`,
    };
  const cases = data.parts.flatMap((part) =>
    part.cases.map((c) => ({ part, ...c, got: compute(c.at) })),
  );
  const wrong = cases.find(({ got, low, high, part }) => !inside(got, low, high, part));
  if (!wrong)
    return {
      status: "right",
      message: `At ${cases.length} points the formula gives what it should. ${later}\n${data.learnt}`,
    };
  const known = data.mistakes.find(({ values }) =>
    cases.every(({ got, part }, at) => inside(got, values[at], values[at], part)),
  );
  const { low, high } = wrong;
  const [got, from, to] = apart([wrong.got, Number(low), Number(high)]);
  const range = from === to ? from : `anything from ${from} to ${to}`;
  const numbers = `At ${places(wrong.at)} it gives ${got}; expected ${range}.`;
  return {
    status: "wrong",
    message: known ? `${known.says}\n${numbers}` : `${wrong.part.name}: ${numbers}`,
  };
}

/** The notebook with the reader's text in it, ready to be run from its top. */
export function notebook(text, { cells }) {
  const install = document.getElementById("actgrad-install")?.textContent ?? "";
  const filled = { answer: text, install };
  const made = cells
    .map(([kind, source]) => [kind, filled[kind] ?? source])
    .filter(([, source]) => source)
    .map(([kind, source]) =>
      kind === "markdown"
        ? { cell_type: kind, metadata: {}, source }
        : { cell_type: "code", execution_count: null, metadata: {}, outputs: [], source },
    );
  const kernelspec = { display_name: "Python 3", language: "python", name: "python3" };
  return {
    cells: made,
    metadata: { kernelspec, language_info: { name: "python" } },
    nbformat: 4,
    nbformat_minor: 4,
  };
}

function download(name, content) {
  const url = URL.createObjectURL(
    new Blob([JSON.stringify(content, null, 1)], { type: "application/x-ipynb+json" }),
  );
  element("a", { href: url, download: `${name}.ipynb` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

/** Type a text where the cursor is, so that it can be undone. */
function type(area, text) {
  if (!document.execCommand("insertText", false, text))
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
}

/** Tab indents; after Escape it leaves, as it does everywhere else. A new line is indented. */
function indenting(area) {
  let leaving = false;
  area.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Tab" && !event.shiftKey && !leaving) {
      event.preventDefault();
      type(area, "    ");
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const line = area.value.slice(0, area.selectionStart).split("\n").at(-1) ?? "";
      const deeper = /:\s*$/.test(line) ? "    " : "";
      type(area, `\n${/^ */.exec(line)?.[0]}${deeper}`);
    }
    if (event.key !== "Shift") leaving = event.key === "Escape";
  });
  area.addEventListener("blur", () => {
    leaving = false;
  });
}

/** Show the editor of an exercise. */
export function renderCode({ model, el }) {
  const [id, data] = [model.get("exercise"), model.get("data")];
  const area = /** @type {HTMLTextAreaElement} */ (
    element("textarea", {
      spellcheck: "false",
      autocapitalize: "off",
      autocomplete: "off",
      wrap: "off",
      rows: String(data.starter.split("\n").length + 2),
      "aria-describedby": `keys-${id}`,
    })
  );
  const button = (text, kind = "button") => element("button", { type: kind }, text);
  const [check, load, again] = [
    button("Check", "submit"),
    button("Download as a notebook"),
    button("Start again"),
  ];
  const result = verdict();
  const form = element(
    "form",
    { class: "actgrad-answer actgrad-code" },
    element("label", {}, `Your function: ${data.title}`, area),
    element("small", { id: `keys-${id}` }, "Tab indents; press Escape, then Tab, to leave."),
    element("div", {}, check, load, again),
    result.root,
  );
  area.value = recall()[id]?.text ?? data.starter;
  indenting(area);
  area.addEventListener("input", () => keep(id, { text: area.value }));
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    result.tell(id, judgeCode(area.value, data));
  });
  load.addEventListener("click", () => download(data.name, notebook(area.value, data)));
  again.addEventListener("click", () => {
    area.value = data.starter;
    keep(id, { text: area.value });
    area.focus();
  });
  el.append(form);
}
