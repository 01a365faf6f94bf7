// The reader's own proof: line by line, each judged by the worker.
import { formula, make, part, reading, refused, say } from "./page.js";

const ENDS = { failed: "No answer", broken: "Python does not run in this browser" };

/** @typedef {Formula & { what?: string, proof?: string | null, given?: boolean }} Line */

export class Proof {
  /** @param {import("./client.js").Client} client */
  constructor(client, tools) {
    this.client = client;
    this.tools = tools;
    this.turn = 0;
    this.task = "{}"; // as JSON, which the judge reads
    this.own = false; // whether lines may have notation that only the task has
    /** @type {any} */
    this.hinted = null;
    /** @type {Line[]} */
    this.lines = [];
    /** @type {ReplayedStep[]} */
    this.steps = [];
    this.list = make("ol", { "aria-label": "Your proof" });
    this.field = /** @type {HTMLInputElement} */ (
      make("input", {
        id: "lab-line",
        type: "text",
        autocomplete: "off",
        autocapitalize: "off",
        spellcheck: "false",
        "aria-describedby": "lab-line-reading",
        enterkeyhint: "go",
      })
    );
    this.reading = make("div", { id: "lab-line-reading", class: "lab-reading" });
    this.buttons = make(
      "div",
      { class: "lab-buttons" },
      make("button", { type: "submit", class: "lab-main" }, "Check line"),
      this.button("Hint", () => this.hint()),
      this.button("Take the last line back", () => this.takeBack()),
    );
    this.form = part("proof");
    // Where the next line is written: after the list or, in a replay, in the place of that line.
    this.entry = make(
      "div",
      {},
      make(
        "div",
        { class: "lab-field" },
        make("label", { for: "lab-line" }, "Your next line"),
        this.field,
      ),
      this.reading,
      this.buttons,
    );
    this.form.replaceChildren(
      make("h3", { class: "lab-title" }),
      make("p", { class: "lab-goal" }),
      this.list,
      this.entry,
    );
    this.form.onsubmit = (event) => {
      event.preventDefault();
      this.check();
    };
    this.field.addEventListener("input", () => this.read());
  }

  button(text, press) {
    const made = make("button", { type: "button" }, text);
    made.addEventListener("click", press);
    return made;
  }

  /**
   * Begin a task, JSON of `Task.to_dict`; `blank` are the numbers of the lines to be written
   * where a derivation is replayed. What comes back is the task as it was read, or null.
   */
  async begin(task, blank) {
    const turn = ++this.turn;
    this.form.hidden = true;
    say("Reading …");
    const begun = await this.ask("task", { task, blank });
    if (turn !== this.turn || !begun) return null;
    if (begun.kind === "refused") {
      say(`Not begun: ${begun.reason}.`);
      return null;
    }
    const { own, steps, start } = begun;
    Object.assign(this, { task, own, steps, hinted: null, lines: [start] });
    this.addGiven();
    this.field.value = "";
    this.reading.replaceChildren();
    this.head(begun);
    this.show();
    this.form.hidden = false;
    this.entry.append(part("status"));
    say("Write the next line. It may do one step or several.");
    this.field.focus();
    return begun;
  }

  /** The lines of a replay that are not the reader's, up to the next that is. */
  addGiven() {
    const rest = this.steps.slice(this.lines.length - 1);
    const open = rest.findIndex(({ blank }) => blank);
    const given = open < 0 ? rest : rest.slice(0, open);
    this.lines.push(...given.map((step) => ({ ...step, what: step.rule, given: true })));
  }

  /** The one message of an answer; null, with what was wrong said, where there is none. */
  async ask(call, given) {
    const turn = this.turn;
    /** @type {Message | null} */
    let heard = null;
    const reply = await this.client.ask(call, given, (message) => {
      heard = message;
    });
    if (turn === this.turn && !heard && "reason" in reply)
      say(reply.reason === "stopped" ? "Stopped." : `${ENDS[reply.type]}: ${reply.reason}.`);
    return /** @type {any} */ (heard);
  }

  /** Show how the line is read; the judge alone knows the notation of a task. */
  read() {
    this.reading.replaceChildren();
    refused(this.field, this.reading, "");
    if (this.field.value.trim() && !this.own)
      reading(this.tools, this.field, this.reading, "= ", { derivatives: true });
  }

  get last() {
    return this.lines[this.lines.length - 1].text;
  }

  async check() {
    if (!this.field.value.trim()) {
      say("Write a line first.");
      return;
    }
    const turn = this.turn;
    say("Checking …");
    const given = { before: this.last, after: this.field.value, task: this.task };
    const checked = await this.ask("line", given);
    if (!checked || turn !== this.turn) return;
    const taken = checked.status === "equal" && !checked.same;
    this.field.setAttribute("aria-invalid", String(!taken));
    if (taken) this.take(checked);
    else if (checked.same) say("? This is the line above, once more.");
    else say(`${checked.status === "undecided" ? "?" : "✗"} ${told(checked)}`);
    this.field.focus();
  }

  take({ after, latex, what, proof, message, reached, open }) {
    this.lines.push({ text: after, latex, what, proof });
    this.addGiven();
    this.hinted = null;
    this.field.value = "";
    this.reading.replaceChildren();
    this.show();
    const replayed = this.steps.length > 0;
    const done = replayed ? this.lines.length > this.steps.length : reached;
    if (done) say(`✓ ${message} This is what was asked for: ${this.count()}.`);
    else if (replayed) say(`✓ ${message} Write the next blank line.`);
    else say(`✓ ${message} Still open: ${open.join("; ")}.`);
  }

  count() {
    const own = this.lines.slice(1).filter(({ given }) => !given);
    const proved = own.filter(({ proof }) => proof === "exact").length;
    return `${own.length} ${own.length === 1 ? "step" : "steps"}, ${proved} proved`;
  }

  /** First the rule, and only then, asked again, the line. */
  async hint() {
    const line = this.last;
    const again = this.hinted === line;
    const hint = await this.ask("hint", { line, task: this.task, more: again ? "line" : "" });
    if (!hint) return;
    if (hint.kind === "refused") {
      say(`No hint: ${hint.reason}.`);
      return;
    }
    if (again && hint.latex) {
      this.reading.replaceChildren("For example: = ", formula(hint.latex, true));
      say(`One way to go on: ${hint.text}`);
      return;
    }
    this.hinted = hint.more ? line : null;
    const rule = hint.rule && `Next: ${hint.rule}. ${hint.sentence}`;
    say(`${rule} ${hint.note} ${hint.more ? "Ask again to see the line." : ""}`.trim());
  }

  takeBack() {
    if (this.lines.every(({ given }, at) => !at || given)) {
      say("There is no line of yours to take back.");
      return;
    }
    while (this.lines[this.lines.length - 1].given) this.lines.pop();
    this.field.value = this.lines.pop()?.text ?? "";
    this.read();
    this.show();
    say("Taken back: it stands in the field.");
    this.field.focus();
  }

  /** Say what is to be done, and with what names. */
  head({ title, goal, where }) {
    const heading = this.form.querySelector(".lab-title");
    const asked = this.form.querySelector(".lab-goal");
    heading?.replaceChildren(title || "Your own proof");
    const names = where.flatMap((latex, at) => [at ? ", " : "Here ", formula(latex)]);
    asked?.replaceChildren(
      "Each line must be equal to the one above. ",
      ...(names.length ? [...names, ". "] : []),
      ...(goal ? ["Show that this is ", formula(goal.latex), "."] : []),
    );
  }

  show() {
    const rest = this.steps.slice(this.lines.length - 1);
    this.list.replaceChildren(
      ...this.lines.map(({ latex, what, proof, given }, at) =>
        make(
          "li",
          {},
          formula(at ? `= ${latex}` : latex, true),
          ...(given ? [ruleOf(what)] : at ? [verdict(what, proof)] : []),
        ),
      ),
      ...rest.map(({ latex, rule, blank }, at) =>
        make(
          "li",
          { class: "lab-rest", ...(at ? {} : { "aria-current": "step" }) },
          blank ? "= … your line" : formula(`= ${latex}`, true),
          ruleOf(rule),
        ),
      ),
    );
    const place = this.list.querySelector("[aria-current]") ?? this.form;
    place.append(this.entry);
  }
}

/** What is said of a line that was not taken. */
const told = ({ kind, reason, message }) => (kind === "refused" ? `${reason}.` : message);

const ruleOf = (rule) => make("span", { class: "lab-mark" }, rule);

const verdict = (what, proof) =>
  make(
    "span",
    { class: "lab-mark", "data-proof": proof },
    `✓ ${proof === "exact" ? "proved" : "tested"}: ${what}`,
  );
