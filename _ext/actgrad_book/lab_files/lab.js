// The lab's page. Nothing is fetched before the reader writes, asks or follows a link to here.
import { Client, load } from "./client.js";
import { formula, make, part, prose, reading, refused, say } from "./page.js";
import { Proof } from "./proof.js";

const root = /** @type {HTMLElement} */ (document.getElementById("lab"));
const own = /** @type {HTMLScriptElement} */ (document.currentScript);
const base = own.src.replace(/[^/]*$/, "");
const names = JSON.parse(root.dataset.names ?? "{}");
const field = /** @type {HTMLInputElement} */ (part("function"));
const by = /** @type {HTMLSelectElement} */ (part("by"));
const [form, stop, prove] = [part("ask"), part("stop"), part("prove")];
const [place, results] = [part("reading"), part("results")];
const LONGEST = 2000; // of what an address carries: the language's own limit

const client = new Client(base, names, (text) => {
  if (client.asked.size) say(text);
});
let tools; // the language, LaTeX and the plot, once they are here
let picture;
let proof;

function prepared() {
  const scripts = [names.tools, names.katex, names.ready];
  prepared.once ??= Promise.all(scripts.map((name) => load(base + name))).then(() => {
    tools = labTools;
    picture = new tools.Picture(part("plot"));
    proof = new Proof(client, tools);
    part("with").hidden = false;
  });
  return prepared.once;
}
/** @type {Promise<void> | undefined} */
prepared.once = undefined;

// What is written in the field

/** Read the field; its tree, the names in it and the variable, or null. */
function read() {
  const tree = reading(tools, field, place, "f = ");
  if (!tree) return null;
  const found = namesOf(tree);
  return { tree, names: found, variable: chosen(found) };
}

const refuse = (reason) => refused(field, place, reason);

function namesOf(tree, found = new Set()) {
  if (tree.kind === "name") found.add(tree.value);
  for (const child of tree.children) namesOf(child, found);
  return [...found].sort();
}

/** The variable: what was chosen, else x, else the first letter. */
function chosen(found) {
  const several = found.length > 1;
  const now = found.includes(by.value) ? by.value : found.includes("x") ? "x" : found[0];
  by.hidden = part("by-label").hidden = !several;
  by.replaceChildren(...(several ? found : []).map((name) => make("option", {}, name)));
  if (several) by.value = now;
  return now ?? "x";
}

async function follow() {
  await prepared();
  const found = read();
  // What is shown may be of another text than this one.
  results.classList.toggle("lab-stale", field.value.trim() !== shown);
  part("plot").hidden = part("with").hidden = false;
  part("plot").classList.toggle("lab-stale", !found);
  if (found) picture.show(found.tree, found.names, found.variable, known()?.at);
  return found;
}

/** What the build has answered already of what is in the field. */
const known = () => labReady.find(({ text }) => text === field.value.trim());

/** Draw a function of the atlas beside the reader's own. */
function compare() {
  const choice = /** @type {HTMLSelectElement} */ (part("compare"));
  const text = choice.value;
  const at = labReady.find((other) => other.text === text)?.at;
  const tree = text && tools.read(text, [], { free: true });
  picture.compare(tree, at, choice.selectedOptions[0].text);
}

// The derivation

function row({ left, latex, rule, sentence, note }, index) {
  const mark = make("span", { class: "lab-mark" }, "…");
  const line = make(
    "div",
    { class: "derivation-line" },
    make("div", { class: "derivation-step" }, formula(latex, true)),
    make(
      "div",
      { class: "derivation-rule" },
      make(
        "p",
        {},
        make("strong", { class: "rule-name", tabindex: 0, "data-says": sentence }, rule),
        ...prose(note),
      ),
      mark,
    ),
  );
  const first = make("td", {}, ...(left ? [formula(left, true)] : []));
  const number = make("td", {}, make("span", { class: "derivation-number" }, `(${index + 1})`));
  const wide = { class: left ? "derivation-wide-left" : "" };
  return { element: make("tr", wide, number, first, make("td", {}, line)), mark };
}

function derivationTable(rows) {
  const heads = ["Line", "Left side", "Step and rule"].map((text) =>
    make("th", { scope: "col" }, text),
  );
  return make(
    "table",
    { class: "derivation table", "aria-label": "Derivation" },
    make("thead", {}, make("tr", {}, ...heads)),
    make("tbody", {}, ...rows.map(({ element }) => element)),
  );
}

const MARKS = { exact: "✓ proved", numeric: "✓ tested to 40 digits" };

/** Hears what is said of one question and shows it. */
class Answer {
  constructor(text) {
    this.text = text;
    shown = text.trim();
    results.classList.remove("lab-stale");
    this.rows = [];
    this.counts = { exact: 0, numeric: 0 };
    this.facts = make("dl", { class: "lab-facts" });
    results.replaceChildren();
  }

  /** @param {Message} message */
  hear(message) {
    if (message.kind === "read")
      results.append(make("h3", {}, "The derivative of ", formula(message.latex)));
    else if (message.kind === "refused") {
      results.replaceChildren();
      refuse(`${message.reason}.`);
      say(`Not derived: ${message.reason}.`);
      this.closed = true;
    } else if (message.kind === "derived") {
      this.rows = message.steps.map(row);
      if (message.positive.length) results.append(assumed(message.positive));
      results.append(derivationTable(this.rows), again(message.result.text), this.facts);
      picture.prove(tools.read(message.result.text, [], { free: true }), message.symbol);
      say(`${counted(this.rows.length)}, being proved …`);
    } else if (message.kind === "proof") {
      const { mark } = this.rows[message.step - 1];
      this.counts[message.proof] += 1;
      Object.assign(mark.dataset, { proof: message.proof });
      mark.title = message.reason;
      mark.replaceChildren(MARKS[message.proof]);
    } else if (message.kind === "unproved") {
      const { mark } = this.rows[message.step - 1];
      Object.assign(mark.dataset, { proof: "wrong" });
      mark.replaceChildren("✗ not proved");
      say(`Step ${message.step} is not proved: ${message.reason}`);
      this.closed = true;
    } else if (message.kind === "proved") {
      const { exact, numeric } = this.counts;
      const tested = numeric ? `, ${numeric} tested to 40 digits` : "";
      say(`${counted(message.steps)}, ${exact} proved${tested}`);
      this.closed = true;
    } else if (message.kind === "output") this.showOutput(message);
    else if (message.kind === "fact") this.show(message.title, prose(message.says));
    else if (message.kind === "code")
      this.showCode(message.text, message.language, `The derivative in ${message.language}`);
    else if (message.kind === "test")
      this.showCode(message.text, "test", "The test of the NumPy code");
  }

  show(title, parts) {
    const shown = make("div", {}, make("dt", {}, ...prose(title)), make("dd", {}, ...parts));
    this.facts.append(shown);
  }

  showCode(text, name, title) {
    const copy = make("button", { type: "button" }, `Copy ${name}`);
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text);
        say(`${title} is copied.`);
      } catch {
        say("This browser does not let a page copy: mark the text and copy it.");
      }
    });
    // What may scroll can be reached by the keyboard.
    const code = make("pre", { tabindex: "0", "aria-label": name }, text);
    this.show(title, [code, copy]);
  }

  showOutput({ exists, reason, latex = "" }) {
    const shown = exists
      ? ["yes: ", formula(`f'(x) = ${latex}`, true), ", with y = f(x)"]
      : prose(`${reason}.`);
    this.show("Is the output enough to backpropagate?", shown);
  }

  /** @param {Reply} reply */
  end(reply) {
    if (reply.type === "broken")
      say(
        `Python does not run in this browser: ${reply.reason}. On your machine: `
          + `python -m actgrad derive "${this.text}"`,
      );
    else if (reply.type === "failed" && reply.reason === "stopped") say("Stopped.");
    else if (reply.type === "failed" && !this.closed) say(`No answer: ${reply.reason}.`);
    for (const { mark } of this.rows)
      if (!mark.dataset.proof) mark.replaceChildren("not proved");
  }
}

/** What no derivation could do without. */
const assumed = (names) =>
  make(
    "p",
    {},
    "Derived for ",
    ...names.flatMap((name, at) => [at ? ", " : "", positive(name)]),
    ".",
  );
const positive = (name) =>
  make("span", {}, tools.mathml(tools.read(name, [], { free: true })), " > 0");

/** A button that asks for the derivative of the derivative. */
function again(text) {
  const button = make("button", { type: "button" }, "Differentiate again");
  button.addEventListener("click", () => {
    field.value = text;
    derive();
    field.focus();
  });
  return button;
}

let shown = ""; // the text of the answer that stands there
const counted = (steps) => `${steps} ${steps === 1 ? "step" : "steps"}`;
let current = 0;

const notLoaded = (error) => say(`The lab could not be loaded: ${error.message}.`);

/** Begin a new question: what the field says, once nothing else runs; null if it has none. */
async function question() {
  const turn = ++current;
  stop.setAttribute("disabled", "");
  const found = await follow().catch(notLoaded);
  if (turn !== current) return null;
  await client.drop();
  if (found) return { turn, found, text: field.value, by: by.hidden ? "" : found.variable };
  results.replaceChildren();
  if (tools) say(`Not derived: ${place.textContent}`);
  return null;
}

/** Show one of the two: the derivation, or the reader's own. */
function turnTo(proving) {
  part("proof").hidden = !proving;
  part("example")?.closest("section")?.setAttribute("hidden", "");
  results.hidden = proving;
  if (!proving) form.append(part("status"));
}

async function derive() {
  const asked = await question();
  if (!asked) return;
  const { turn, text, by } = asked;
  write({ f: text, by });
  turnTo(false);
  const answer = new Answer(text);
  const ready = known();
  const same = ready && JSON.stringify(ready.at) === JSON.stringify(picture.given);
  if (same && (!by || by === "x")) {
    for (const message of ready.messages) answer.hear(message);
    return;
  }
  stop.removeAttribute("disabled");
  say("Deriving …");
  const reply = await client.ask("answer", { text, by, at: picture.given }, (message) => {
    if (turn === current) answer.hear(message);
  });
  if (turn !== current) return;
  stop.setAttribute("disabled", "");
  answer.end(reply);
}

/** Let the reader prove the derivative of what stands in the field. */
async function proveIt() {
  const asked = await question();
  if (!asked) return;
  const { tree, variable } = asked.found;
  const task = JSON.stringify({ start: `D(${tools.written(tree)}, ${variable})` });
  write({ f: asked.text, by: asked.by, prove: task });
  turnTo(true);
  await proof.begin(task, "");
}

/** Open a task that an address brings along; a function of its own goes into the field. */
async function openTask(task, blank, hasFunction) {
  const turn = ++current;
  await prepared().catch(notLoaded);
  if (!tools) return;
  await client.drop();
  if (turn !== current) return;
  turnTo(true);
  const begun = await proof.begin(task, blank);
  if (!begun || turn !== current) return;
  if (!hasFunction) field.value = begun.of?.text ?? "";
  // A task of formulas with indices, say, has no curve.
  part("plot").hidden = part("with").hidden = !field.value;
  if (field.value) follow();
}

// The address carries the question: `fragment` in `lab.py` says how.

function write(values) {
  const given = Object.entries(values).filter(([, value]) => value && value.length <= LONGEST);
  history.replaceState(null, "", `#${new URLSearchParams(given)}`);
}

function open() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const [text, task] = [asked.get("f"), asked.get("prove")];
  if (text === null && task === null) return;
  if (text !== null) field.value = text;
  const name = asked.get("by");
  if (name) by.replaceChildren(make("option", {}, name));
  if (task === null) derive();
  else openTask(task, asked.get("blank") ?? "", text !== null);
}

/** Ask for what is shown: a derivation, or a proof of the reader's own. */
function ask() {
  if (part("proof").hidden) derive();
  else proveIt();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  derive();
});
stop.addEventListener("click", async () => {
  await client.stop();
  form.querySelector("button")?.focus();
});
prove.addEventListener("click", () => proveIt());
field.addEventListener("focus", () => {
  prepared()
    .then(() => client.start())
    .catch(() => {}); // the question will say it
});
field.addEventListener("input", () => follow().catch(() => {}));
part("atlas").addEventListener("change", ({ target }) => {
  field.value = /** @type {HTMLSelectElement} */ (target).value || field.value;
  ask();
});
part("compare").addEventListener("change", compare);
by.addEventListener("change", () => follow().catch(() => {}));
for (const example of root.querySelectorAll(".lab-example"))
  example.addEventListener("click", () => {
    field.value = example.textContent ?? "";
    ask();
  });
window.addEventListener("hashchange", open);
open();
