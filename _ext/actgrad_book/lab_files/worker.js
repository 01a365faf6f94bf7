// The lab's worker. Above it stand, in one script, Pyodide's two and fzstd, and the texts LOCK
// (Pyodide's lock file) and IMPORTER, and `clock.js`. What it hears and says is listed in `messages.d.ts`.
import { clock, setClock } from "./clock.js";

/** @type {(reply: Reply) => void} */
const say = (reply) => postMessage(reply);

/** What arrives in its time: a promise, and what fulfils it. */
function awaited() {
  /** @type {(value: any) => void} */
  let resolve = () => {};
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
const files = { wasm: awaited(), library: awaited(), site: awaited() };

function unpacked(bytes) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  const stream = new fzstd.Decompress((part) => parts.push(part.slice()));
  stream.push(bytes, true);
  return new Blob(parts).arrayBuffer();
}

async function take({ name, bytes }) {
  const plain = await unpacked(bytes);
  files[name].resolve(name === "wasm" ? await WebAssembly.compile(plain) : plain);
}

/** Pyodide asks for two files by their addresses; both are answered here, without a request. */
async function startPython() {
  const [fetched, instantiated] = [self.fetch, WebAssembly.instantiateStreaming];
  const here = "https://lab.invalid/"; // no name of this kind is ever resolved
  WebAssembly.instantiateStreaming = async (_, imports) => {
    /** @type {WebAssembly.Module} */
    const module = await files.wasm.promise;
    return { module, instance: await WebAssembly.instantiate(module, imports) };
  };
  self.fetch = async (address) =>
    new Response(String(address).endsWith(".zip") ? await files.library.promise : null);
  const python = await loadPyodide({
    indexURL: here,
    stdLibURL: `${here}library.zip`,
    packageBaseUrl: here,
    lockFileContents: LOCK,
    env: { HOME: "/", PYTHONDONTWRITEBYTECODE: "1" },
  });
  [self.fetch, WebAssembly.instantiateStreaming] = [fetched, instantiated];
  return python;
}

async function start() {
  const python = await startPython();
  say({ type: "phase", phase: "SymPy" });
  const [wasm, library, site] = await Promise.all(
    Object.values(files).map(({ promise }) => promise),
  );
  python.FS.writeFile("/lib/site.pack", new Uint8Array(site));
  python.runPython(IMPORTER);
  setClock(python);
  const inside = python.pyimport("lab_inside");
  say({ type: "ready", kept: { wasm, library, site } });
  return { python, inside };
}

const started = start();
started.catch((error) => say({ type: "broken", reason: lastLine(error) }));

/** @param {any} error */
const lastLine = (error) =>
  String(error?.message ?? error)
    .trim()
    .split("\n")
    .at(-1) ?? "";

const ENDS = {
  KeyboardInterrupt: (seconds) => `it takes more than ${seconds} seconds`,
  MemoryError: () => "it takes more memory than the page has",
  RecursionError: () => "it is nested too deeply",
};
// Between two messages the worker listens, where it has not for so many milliseconds.
const DEAF = 30;
let [last, dropped] = [0, 0];
const listen = () => new Promise((done) => setTimeout(done));

async function ask({ id, call, given, seconds }) {
  const { python, inside } = await started;
  if (id <= dropped) return;
  const messages = inside.ask(call, JSON.stringify(given));
  clock.end = performance.now() + 1000 * seconds;
  let heard = performance.now();
  try {
    for (const message of messages) {
      say({ type: "says", id, message: JSON.parse(message) });
      if (performance.now() - heard < DEAF) continue;
      await listen();
      if (id <= dropped) break;
      heard = performance.now();
    }
    say({ type: "done", id, heap: python._module.HEAP8.length });
  } catch (error) {
    const said = lastLine(error);
    // An error that is not Python's own leaves a Python that answers no more.
    if (/** @type {Error} */ (error).name !== "PythonError")
      say({ type: "broken", reason: said });
    else say({ type: "failed", id, reason: ENDS[said.split(":")[0]]?.(seconds) ?? said });
  }
  clock.end = Infinity;
  messages.destroy();
}

let asked = Promise.resolve();

self.onmessage = ({ data }) => {
  if (data.type === "ask") {
    last = data.id;
    asked = asked.then(() => ask(data)).catch(() => {}); // it was said that it is broken
  } else if (data.type === "drop") {
    dropped = last;
    say({ type: "dropped" });
  } else if (data.type === "packed")
    take(data).catch((error) => say({ type: "broken", reason: `${data.name}: ${error}` }));
  else for (const [name, plain] of Object.entries(data.kept)) files[name].resolve(plain);
};
