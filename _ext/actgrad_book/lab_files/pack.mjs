// Makes the files that the lab's worker needs: node pack.mjs NODE_MODULES SOURCES.json TARGET
// Pyodide itself compiles the modules, and a run of it tells which of the standard library count.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import zlib from "node:zlib";

// Else node shows the script's line besides, which may be all of Pyodide.
process.on("uncaughtException", ({ message }) => {
  console.error(message);
  process.exit(1);
});

const [modules, given, target] = process.argv.slice(2);
const { sources, asked, needed } = JSON.parse(fs.readFileSync(given, "utf8"));
const here = import.meta.dirname;
const pyodide = path.join(modules, "pyodide");
const read = (...parts) => fs.readFileSync(path.join(...parts));
const { loadPyodide } = await import(pathToFileURL(path.join(pyodide, "pyodide.mjs")).href);
const start = () => loadPyodide({ indexURL: `${pyodide}${path.sep}`, env: { HOME: "/" } });

function compile(python, standard) {
  python.FS.writeFile("/standard.zip", standard);
  python.runPython(`${read(here, "compile.py")}`);
  const pack = python.globals.get("pack")(python.toPy(sources)).toJs();
  return [
    pack,
    (names) => python.globals.get("trimmed")("/standard.zip", python.toPy(names)).toJs(),
  ];
}

/** The modules that are loaded once these questions have been answered, and those needed. */
function traced(python, pack) {
  python.FS.writeFile("/lib/site.pack", pack);
  python.runPython(`${read(here, "importer.py")}`);
  python.registerJsModule("lab_clock", { now: () => 0, set: () => {}, get: () => Infinity });
  const inside = python.pyimport("lab_inside");
  for (const [call, given] of asked) [...inside.ask(call, JSON.stringify(given))];
  // Some modules WebAssembly has not, such as what limits memory: nobody asks for them there.
  const has = python.runPython("import importlib.util; importlib.util.find_spec");
  for (const name of needed) if (has(name)) python.pyimport(name);
  return python.runPython("import sys; list(sys.modules)").toJs();
}

const packed = (bytes, level = 22) =>
  zlib.zstdCompressSync(bytes, {
    params: {
      [zlib.constants.ZSTD_c_compressionLevel]: level,
      [zlib.constants.ZSTD_c_windowLog]: 24,
    },
  });

const [pack, trim] = compile(await start(), read(pyodide, "python_stdlib.zip"));
const names = traced(await start(), pack);
const lock = { ...JSON.parse(`${read(pyodide, "pyodide-lock.json")}`), packages: {} };
const classic = (name) =>
  `${read(here, name)}`.replace(/^import .*\n|^export (?=const|function)/gm, "");
const worker = [
  `${read(pyodide, "pyodide.asm.js")}`,
  `${read(pyodide, "pyodide.js")}`.replace(/\/\/# sourceMappingURL=.*/, ""),
  `${read(modules, "fzstd", "umd", "index.js")}`,
  `const LOCK = ${JSON.stringify(JSON.stringify(lock))};`,
  `const IMPORTER = ${JSON.stringify(`${read(here, "importer.py")}`)};`,
  classic("clock.js"),
  classic("worker.js"),
].join("\n;");
const files = {
  worker: zlib.gzipSync(worker, { level: 9 }),
  wasm: packed(read(pyodide, "pyodide.asm.wasm")),
  library: packed(trim(names)),
  site: packed(pack),
};
for (const [name, bytes] of Object.entries(files))
  fs.writeFileSync(path.join(target, `${name}.bin`), bytes);
// A page opened from disk may load nothing but scripts.
const texts = Object.fromEntries(
  Object.entries(files).map(([name, bytes]) => [name, bytes.toString("base64")]),
);
fs.writeFileSync(path.join(target, "offline.js"), `labOffline(${JSON.stringify(texts)});\n`);
process.exit(0);
