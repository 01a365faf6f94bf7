// Asks the packed lab in Node: node lab_node.mjs PYODIDE PACK < asks.json > messages.json
// The very files that a page loads, but for the worker's own script, which needs a browser.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import zlib from "node:zlib";

const [pyodide, pack, importer] = process.argv.slice(2);
const file = (name) => zlib.zstdDecompressSync(fs.readFileSync(path.join(pack, `${name}.bin`)));
const { loadPyodide } = await import(pathToFileURL(path.join(pyodide, "pyodide.mjs")).href);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lab-"));
const library = path.join(folder, "library.zip");
fs.writeFileSync(library, file("library"));
const python = await loadPyodide({ stdLibURL: library, env: { HOME: "/" } });
fs.rmSync(folder, { recursive: true });
python.FS.writeFile("/lib/site.pack", file("site"));
python.runPython(fs.readFileSync(importer, "utf8"));
const clock = {
  end: Infinity,
  get 0() {
    if (performance.now() < this.end) return 0;
    this.end = Infinity;
    return 2;
  },
  set 0(_) {},
};
python.setInterruptBuffer(clock);
python.registerJsModule("lab_clock", {
  now: () => performance.now(),
  get: () => clock.end,
  set: (end) => {
    clock.end = end;
  },
});
const inside = python.pyimport("lab_inside");
const answers = [];
for (const [call, given] of JSON.parse(fs.readFileSync(0, "utf8"))) {
  const messages = [];
  const started = performance.now();
  try {
    inside.ask(call, JSON.stringify(given), (text) => messages.push(JSON.parse(text)));
  } catch (error) {
    messages.push({ kind: "failed", reason: error.message });
  }
  answers.push({ messages, milliseconds: performance.now() - started });
}
const heap = python._module.HEAP8.length;
fs.writeSync(1, JSON.stringify({ answers, heap }));
process.exit(0);
