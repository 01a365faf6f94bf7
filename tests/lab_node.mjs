// Asks the packed lab in Node: node lab_node.mjs PYODIDE PACK LAB_FILES ASKED.json
// The very files that a page loads, but for the worker's own script, which needs a browser.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import zlib from "node:zlib";

const [pyodide, pack, files, asked] = process.argv.slice(2);
const file = (name) => zlib.zstdDecompressSync(fs.readFileSync(path.join(pack, `${name}.bin`)));
const { loadPyodide } = await import(pathToFileURL(path.join(pyodide, "pyodide.mjs")).href);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lab-"));
const library = path.join(folder, "library.zip");
fs.writeFileSync(library, file("library"));
const python = await loadPyodide({ stdLibURL: library, env: { HOME: "/" } });
fs.rmSync(folder, { recursive: true });
python.FS.writeFile("/lib/site.pack", file("site"));
python.runPython(fs.readFileSync(path.join(files, "importer.py"), "utf8"));
const { setClock } = await import(pathToFileURL(path.join(files, "clock.js")).href);
setClock(python);
const inside = python.pyimport("lab_inside");
const answers = [];
for (const [call, given] of JSON.parse(fs.readFileSync(asked, "utf8"))) {
  const messages = [];
  const started = performance.now();
  try {
    for (const text of inside.ask(call, JSON.stringify(given))) messages.push(JSON.parse(text));
  } catch (error) {
    messages.push({ kind: "failed", reason: String(error) });
  }
  answers.push({ messages, milliseconds: performance.now() - started });
}
const heap = python._module.HEAP8.length;
const names = python.runPython("import sys; list(sys.meta_path[0].index)").toJs();
process.stdout.write(JSON.stringify({ answers, heap, names }), () => process.exit(0));
