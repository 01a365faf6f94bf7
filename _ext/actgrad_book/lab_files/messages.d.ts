// What the page and the lab's worker say to each other: one table, both sides are checked by it.

/** The files that the worker needs, in the order in which they are fetched. */
type FileName = "wasm" | "library" | "site";

/** A file as it was unpacked: a restarted worker needs it again. */
interface Kept {
  wasm: WebAssembly.Module;
  library: ArrayBuffer;
  site: ArrayBuffer;
}

/** From the page. */
type Told =
  | { type: "packed"; name: FileName; bytes: Uint8Array<ArrayBuffer> }
  | { type: "kept"; kept: Kept }
  | { type: "ask"; id: number; call: string; given: Record<string, unknown>; seconds: number }
  | { type: "drop" }; // nobody waits any more for what was asked

/** From the worker. */
type Reply =
  | { type: "phase"; phase: string }
  | { type: "ready"; kept: Kept }
  | { type: "broken"; reason: string } // it will never be ready
  | { type: "dropped" }
  | { type: "says"; id: number; message: Message }
  | { type: "done"; id: number; heap: number }
  | { type: "failed"; id: number; reason: string };

/** A formula as plain text, which can be typed again, and as LaTeX. */
interface Formula {
  text: string;
  latex: string;
}

/** A line of a derivation. */
interface Step extends Formula {
  left: string;
  rule: string;
  sentence: string;
  note: string;
}

/** What `_answer.py` sends, one message as soon as it is known. */
type Message =
  | ({ kind: "read"; names: string[] } & Formula)
  | { kind: "refused"; reason: string }
  | { kind: "derived"; symbol: string; positive: string[]; steps: Step[]; result: Formula }
  | { kind: "proof"; step: number; proof: "exact" | "numeric"; reason: string }
  | { kind: "unproved"; step: number; reason: string }
  | { kind: "proved"; steps: number; exact: number }
  | { kind: "fact"; title: string; says: string } // text between dollar signs is LaTeX
  | { kind: "code"; language: string; text: string }
  | { kind: "test"; text: string } // of the NumPy code
  | ({ kind: "task" } & OpenTask)
  | ({ kind: "line" } & CheckedLine)
  | ({ kind: "hint"; rule: string; sentence: string; formula: string } & MoreOfAHint & Formula)
  | ({ kind: "output"; exists: boolean; reason: string } & Partial<Formula>);

/** A task as the judge read it; `_proof_answer.py` says what each field is. */
interface OpenTask {
  title: string;
  start: Formula;
  goal: Formula | null;
  where: string[];
  of: { text: string; by: string } | null;
  own: boolean;
  steps: ReplayedStep[];
}

/** A line of a replay; where it is blank, text and LaTeX are empty. */
interface ReplayedStep extends Formula {
  rule: string;
  sentence: string;
  note: string;
  blank: boolean;
}

/** Where or why, and whether there is a line to ask for: only then text and LaTeX are filled. */
interface MoreOfAHint {
  note: string;
  more: boolean;
}

/** What `CheckedLine.to_dict` says, and whether the proof ends there. */
interface CheckedLine {
  status: "equal" | "wrong" | "undecided" | "unreadable";
  before: string;
  after: string;
  latex: string;
  proof: "exact" | "numeric" | null;
  rules: { name: string; where: string; sentence: string; formula: string }[];
  what: string;
  difference: { at: Record<string, string>; above: string; yours: string } | null;
  slips: { name: string; says: string; hint: string; rule: string }[];
  factor: string;
  reason: string;
  message: string;
  same: boolean;
  reached: boolean;
  open: string[];
}
