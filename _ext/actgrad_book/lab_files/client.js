// The page's side of the worker: fetches what it needs, starts it, asks it, ends it.

/** @typedef {{ worker: string, wasm: string, library: string, site: string, offline: string }} Names */
/** @typedef {(message: Message) => void} Hear */

const ORDER = /** @type {FileName[]} */ (["wasm", "library", "site"]);
// Where no word comes from a worker for longer than it may think, it is lost.
const PATIENCE = 60;
const LOST = 1000 * (PATIENCE + 15);
// Longer than this it is not waited for a worker whose answer nobody wants: another is faster.
const GRACE = 300;

/** Load a classic script, which a page opened from disk may do too. */
export const load = (address) =>
  new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    script.onerror = () => fail(new Error(`${address.split("/").at(-1)} could not be loaded`));
    document.head.append(script);
  });

export class Client {
  /**
   * @param {string} base the address of the folder of the files
   * @param {Names} names
   * @param {(text: string) => void} report says how far the start is
   */
  constructor(base, names, report) {
    this.base = base;
    this.names = names;
    this.report = report;
    /** @type {Map<number, { hear: Hear, end: (reply: Reply) => void, timer: number }>} */
    this.asked = new Map();
    this.next = 0;
    this.seen = 0;
    /** @type {Promise<Worker> | null} */
    this.started = null;
    /** @type {Kept | null} */
    this.kept = null;
    this.script = "";
    this.ready = false;
    /** What is done when the worker has dropped what it was asked. */
    this.dropped = () => {};
  }

  /** Start the worker unless it runs or starts; after a failure the next call tries again. */
  start() {
    this.started ??= this.boot().catch((error) => {
      this.started = null;
      throw error;
    });
    return this.started;
  }

  async boot() {
    if (typeof WebAssembly !== "object") throw new Error("it has no WebAssembly");
    this.seen = 0;
    const take = this.kept ? null : await this.source();
    if (take && !this.script) {
      const packed = new Blob([await take("worker")]).stream();
      const text = new Response(packed.pipeThrough(new DecompressionStream("gzip")));
      const script = new Blob([await text.arrayBuffer()], { type: "text/javascript" });
      this.script = URL.createObjectURL(script);
    }
    const worker = new Worker(this.script);
    const ready = new Promise((done, fail) => {
      worker.onerror = (event) => {
        fail(new Error(event.message || "its worker did not start"));
        this.lose(worker, "Python was lost");
      };
      worker.onmessage = ({ data }) => this.hear(worker, data, done, fail);
    });
    /** @param {Told} request */
    const post = (request, transfer = []) => worker.postMessage(request, transfer);
    if (this.kept) post({ type: "kept", kept: this.kept });
    else if (take)
      for (const name of ORDER) {
        const bytes = await take(name);
        post({ type: "packed", name, bytes }, [bytes.buffer]);
      }
    this.report("Starting Python …");
    await ready;
    this.ready = true;
    return worker;
  }

  /**
   * Return what gives a file's bytes: from the folder, or from one script beside it.
   *
   * @returns {Promise<(name: keyof Names) => Promise<Uint8Array<ArrayBuffer>>>}
   */
  async source() {
    if (location.protocol !== "file:") return (name) => this.fetched(name);
    this.report("Reading Python …");
    /** @type {Record<string, string>} */
    const texts = await new Promise((done, fail) => {
      Object.assign(window, { labOffline: done });
      load(this.base + this.names.offline).catch(fail);
    });
    return async (name) => Uint8Array.from(atob(texts[name]), (c) => c.charCodeAt(0));
  }

  async fetched(name) {
    const response = await fetch(this.base + this.names[name]);
    if (!response.ok || !response.body)
      throw new Error(`the server answered ${response.status} for ${this.names[name]}`);
    const reader = response.body.getReader();
    const parts = [];
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      this.seen += value.length;
      this.report(`Fetching Python: ${(this.seen / 1e6).toFixed(1)} MB …`);
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  }

  /** @param {Reply} reply */
  hear(worker, reply, done, fail) {
    if (reply.type === "phase") this.report(`Starting ${reply.phase} …`);
    else if (reply.type === "ready") {
      this.kept = reply.kept;
      done();
    } else if (reply.type === "broken") {
      fail(new Error(reply.reason));
      this.lose(worker, reply.reason);
    } else if (reply.type === "dropped") this.dropped();
    else if (reply.type === "says") {
      this.watch(worker, reply.id);
      this.asked.get(reply.id)?.hear(reply.message);
    } else this.close(reply.id, reply);
  }

  /** Ask the worker; `hear` gets each message. What comes back says how it ended. */
  async ask(call, given, /** @type {Hear} */ hear) {
    const id = ++this.next;
    /** @type {Promise<Reply>} */
    const ended = new Promise((end) => this.asked.set(id, { hear, end, timer: 0 }));
    this.start().then(
      (worker) => {
        if (!this.asked.has(id)) return;
        this.watch(worker, id);
        /** @type {Told} */
        const request = { type: "ask", id, call, given, seconds: PATIENCE };
        worker.postMessage(request);
      },
      (error) => this.close(id, { type: "broken", reason: error.message }),
    );
    return ended;
  }

  watch(worker, id) {
    const question = this.asked.get(id);
    if (!question) return;
    clearTimeout(question.timer);
    question.timer = window.setTimeout(() => this.lose(worker, "Python was lost"), LOST);
  }

  close(id, reply) {
    const question = this.asked.get(id);
    this.asked.delete(id);
    clearTimeout(question?.timer);
    question?.end(reply);
  }

  /** End a worker that is of no more use; the next question starts another. */
  lose(worker, reason) {
    worker.terminate();
    this.started = null;
    this.ready = false;
    for (const id of [...this.asked.keys()]) this.close(id, { type: "failed", id, reason });
  }

  /** Give up what was asked, as something else is to be: a worker that listens is kept. */
  async drop() {
    if (!this.ready || !this.started || !this.asked.size) return this.stop();
    const worker = await this.started;
    const listens = await new Promise((done) => {
      this.dropped = () => done(true);
      window.setTimeout(() => done(false), GRACE);
      worker.postMessage({ type: "drop" });
    });
    if (!listens) return this.stop();
    for (const id of [...this.asked.keys()])
      this.close(id, { type: "failed", id, reason: "stopped" });
  }

  /** Stop at once. A worker that is still starting goes on: it has been asked nothing. */
  async stop() {
    if (this.ready && this.started && this.asked.size) {
      this.lose(await this.started, "stopped");
      this.start().catch(() => {}); // the next question says why
    } else
      for (const id of [...this.asked.keys()])
        this.close(id, { type: "failed", id, reason: "stopped" });
  }
}
