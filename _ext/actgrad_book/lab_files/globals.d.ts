// What stands before the lab's scripts: KaTeX and the tools in the page, in the worker Pyodide's
// and fzstd's scripts and two texts.

declare const katex: { renderToString(latex: string, options: object): string };
declare const labTools: typeof import("./tools").default;
/** The answers that the build has: the examples, and the functions of the atlas. */
interface Ready {
  title: string;
  text: string;
  at: Record<string, number>;
  messages: Message[];
}
declare const labReady: Ready[];
declare const LOCK: string;
declare const IMPORTER: string;
declare const fzstd: {
  Decompress: new (
    each: (part: Uint8Array<ArrayBuffer>) => void,
  ) => { push(bytes: Uint8Array, last: boolean): void };
};

interface Pyodide {
  FS: { writeFile(path: string, bytes: Uint8Array): void };
  _module: { HEAP8: Int8Array };
  runPython(text: string): void;
  setInterruptBuffer(buffer: object): void;
  registerJsModule(name: string, module: object): void;
  pyimport(name: string): {
    ask(call: string, given: string): Iterable<string> & { destroy(): void };
  };
}
declare const loadPyodide: (options: object) => Promise<Pyodide>;
