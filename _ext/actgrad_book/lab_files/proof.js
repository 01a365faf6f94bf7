// The reader's own proof: line by line, each judged by the worker.
import { formula, make, part, reading, refused, say } from "./page.js";

const ENDS = { failed: "No answer", broken: "Python does not run in this browser" };

export class Proof {
  /** @param {import("./client.js").Client} client */
  constructor(client, tools) {
    this.client = client;
    this.tools = tools;
    this.turn = 0;
    this.goal = "";
    /** @type {any} */
    this.hinted = null;
    /** @type {{ text: string, latex: string, what?: string, proof?: string | null }[]} */
    this.lines = [];
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
    this.form.replaceChildren(
      make("p", { class: "lab-goal" }),
      this.list,
      make(
        "div",
        { class: "lab-field" },
        make("label", { for: "lab-line" }, "Your next line"),
        this.field,
      ),
      this.reading,
      this.buttons,
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

  /** Begin with d/dx of a function; with a goal the proof ends there. */
  async begin(text, by, goal = "") {
    const turn = ++this.turn;
    Object.assign(this, { by, goal, hinted: null });
    this.form.hidden = false;
    this.form.append(part("status"));
    say("Reading …");
    const begun = await this.ask("begin", { text, by });
    if (turn !== this.turn || !begun) return;
    if (begun.kind === "refused") {
      say(`Not begun: ${begun.reason}.`);
      return;
    }
    this.by = begun.symbol;
    this.lines = [begun];
    this.field.value = "";
    this.reading.replaceChildren();
    this.show();
    say("Write the next line. It may do one step or several.");
    this.field.focus();
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

  read() {
    if (!this.field.value.trim()) {
      refused(this.field, this.reading, "");
      this.reading.replaceChildren();
      return null;
    }
    return reading(this.tools, this.field, this.reading, "= ", { derivatives: true });
  }

  async check() {
    if (!this.field.value.trim()) {
      say("Write a line first.");
      return;
    }
    if (!this.read()) {
      say("The line cannot be read.");
      return;
    }
    say("Checking …");
    const before = this.lines[this.lines.length - 1].text;
    const given = { before, after: this.field.value, goal: this.goal };
    const checked = await this.ask("line", given);
    if (!checked) return;
    const { status, message, reached, after, latex, what } = checked;
    this.field.setAttribute("aria-invalid", String(status !== "equal"));
    if (status === "equal") {
      this.lines.push({ text: after, latex, what, proof: checked.proof });
      this.hinted = null;
      this.field.value = "";
      this.reading.replaceChildren();
      this.show();
      say(reached ? `✓ ${message} This is the derivative: ${this.count()}.` : `✓ ${message}`);
    } else say(`${status === "wrong" ? "✗" : "?"} ${message}`);
    this.field.focus();
  }

  count() {
    const steps = this.lines.length - 1;
    const proved = this.lines.filter(({ proof }) => proof === "exact").length;
    return `${steps} ${steps === 1 ? "step" : "steps"}, ${proved} proved`;
  }

  /** First the rule, and only then, asked again, the line. */
  async hint() {
    const before = this.lines[this.lines.length - 1].text;
    if (this.hinted?.before === before && this.hinted.latex) {
      this.reading.replaceChildren("For example: = ", formula(this.hinted.latex, true));
      say(`One way to go on: ${this.hinted.text}`);
      return;
    }
    const hint = await this.ask("hint", { before, by: this.by });
    if (!hint) return;
    this.hinted = { before, ...hint };
    say(
      hint.rule
        ? `The ${hint.rule.replace(/( rule)?$/, "$1")} leads on. ${hint.sentence} Ask again to see the line.`
        : "Nothing is left to do: this is the derivative.",
    );
  }

  takeBack() {
    if (this.lines.length < 2) {
      say("There is no line of yours to take back.");
      return;
    }
    this.field.value = this.lines.pop()?.text ?? "";
    this.read();
    this.show();
    say("Taken back: it stands in the field.");
    this.field.focus();
  }

  show() {
    const goal = this.form.querySelector(".lab-goal");
    const start = this.goal ? `Show that this is ${this.goal}.` : "";
    goal?.replaceChildren(`Each line must be equal to the one above. ${start}`);
    this.list.replaceChildren(
      ...this.lines.map(({ latex, what, proof }, at) =>
        make(
          "li",
          {},
          formula(at ? `= ${latex}` : latex, true),
          ...(at ? [verdict(what, proof)] : []),
        ),
      ),
    );
  }
}

const verdict = (what, proof) =>
  make(
    "span",
    { class: "lab-mark", "data-proof": proof },
    `✓ ${proof === "exact" ? "proved" : "tested"}: ${what}`,
  );
