"""The lab in Chromium: what it fetches, and how long an answer takes, against its bounds.

Each first use is in a fresh browser. A line of 10 Mbit/s is the browser's own limit; a share of
a core is held by stopping the page's process for the rest of every 20 ms. Beside each time
stands the processor time of all of the browser's processes: where other work runs on the
machine, that is the figure to compare.
"""

import contextlib
import functools
import gzip
import http.server
import shutil
import statistics
import threading
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
TITLE = "The lab in Chromium, against its bounds"
CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PAGE = "chapters/lab.html"
PERIOD = 0.02
# None of them has been answered by the build.
FIRST = "x tanh(ln(1 + e^(2x)))"
NAMED = ("1/(e^(-x) + 1)", "Phi(x)*x", "tanh(ln(1 + e^x))*x")
LINES = ("tanh(x)^2 + x d/dx(tanh(x)^2)", "tanh(x)^2 + 2 x tanh(x) (1 - tanh(x)^2)")
WRONG = "2 tanh(x) (1 - tanh(x)^2)"
HEAVY = "sin(exp(-x^2)*log(1+x^2))/(1+tanh(sqrt(1+x^4)))^3"
PROVED = r"^\d+ steps?, \d+ proved"

# The largest heap, and whether the worker has nothing to do.
WATCH = """
window.heap = 0;
window.idle = true;
window.Worker = class extends Worker {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => {
      window.idle = ["done", "failed", "ready"].includes(data.type);
      if (data.type === "done") window.heap = Math.max(window.heap, data.heap);
    });
  }
};
"""
# Milliseconds from the question until the status says what is waited for.
ASK = """([name, text, pattern]) => new Promise((done) => {
  const status = document.querySelector("#lab [role=status]");
  const field = document.getElementById(name);
  status.textContent = "";
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  const start = performance.now();
  new MutationObserver((_, observer) => {
    if (!new RegExp(pattern).test(status.textContent)) return;
    observer.disconnect();
    done(performance.now() - start);
  }).observe(status, { childList: true });
  field.form.requestSubmit();
})"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def _served(folder):
    handler = functools.partial(_Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def _browser(before):
    """Return the processes of the browser: those that were not there before."""
    return [
        process
        for process in psutil.Process().children(recursive=True)
        if process.pid not in before and process.is_running()
    ]


def _cpu(processes):
    """Return the processor time of processes, in seconds."""
    total = 0.0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            total += times.user + times.system
    return total


@contextlib.contextmanager
def _share(processes, share):
    """Let the pages' processes have a share of a core."""
    pages = [p for p in processes if "--type=renderer" in " ".join(p.cmdline())]
    over = threading.Event()

    def hold():
        while not over.is_set():
            start, used = time.perf_counter(), _cpu(pages)
            while _cpu(pages) - used < share * PERIOD and not over.is_set():
                time.sleep(PERIOD / 10)
                if time.perf_counter() - start > PERIOD:
                    break
            # Its processor time is read in hundredths: what it had too much is waited off.
            rest = (_cpu(pages) - used) / share - (time.perf_counter() - start)
            if rest > 0:
                for page in pages:
                    page.suspend()
                over.wait(rest)
                for page in pages:
                    page.resume()

    if share == 1:
        yield
        return
    thread = threading.Thread(target=hold, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class _Lab:
    """The lab in a browser of its own, with what it fetched."""

    def __init__(self, driver, path, address, *, slow=False, share=1.0):
        self.before = {p.pid for p in psutil.Process().children(recursive=True)}
        self.browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        self.page = self.browser.new_page()
        self.page.set_default_timeout(180_000)
        self.page.add_init_script(WATCH)
        self.fetched: list[str] = []
        self.page.on("request", lambda request: self.fetched.append(request.url))
        self.page.goto(address + PAGE)
        self.page.wait_for_load_state("networkidle")
        self.at_first = list(self.fetched)
        if slow:
            session = self.page.context.new_cdp_session(self.page)
            speed = {"latency": 60, "downloadThroughput": 1.25e6, "uploadThroughput": 1.25e6}
            session.send("Network.enable")
            session.send("Network.emulateNetworkConditions", {"offline": False, **speed})
        self.share = share

    def ask(self, name, text, pattern):
        """Return seconds until an answer, and the processor's; the worker has time before."""
        self.page.wait_for_function("idle")
        processes = _browser(self.before)
        with _share(processes, self.share):
            used = _cpu(processes)
            milliseconds = self.page.evaluate(ASK, [name, text, pattern])
            return milliseconds / 1000, _cpu(_browser(self.before)) - used

    def derive(self, text):
        return self.ask("lab-function", text, PROVED)


def _row(what, value, bound, unit, cpu=None):
    return {"what": what, "measured": value, "at most": bound, "unit": unit, "CPU (s)": cpu}


def run():
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return [_row("playwright is not installed", None, None, "")]
    path = next(filter(None, map(shutil.which, CANDIDATES)), None)
    folder = ROOT / "_build" / "html"
    if path is None or not (folder / PAGE).is_file():
        return [_row("needs Chromium, and the book: run `make book` first", None, None, "")]
    with sync_playwright() as driver, _served(folder) as address:
        return list(_rows(driver, path, address, folder))


def _rows(driver, path, address, folder):
    lab = _Lab(driver, path, address)
    (script,) = (url for url in lab.at_first if "/_static/lab/" in url)
    size = len(gzip.compress((folder / script.removeprefix(address)).read_bytes(), 9))
    yield _row("lab.js, compressed", size / 1024, 12, "KB")
    seconds, cpu = lab.derive(FIRST)
    used = [url for url in lab.fetched if "/_static/lab/" in url]
    data = {url: (folder / url.removeprefix(address)).read_bytes() for url in used}
    sizes = (len(gzip.compress(d, 9)) if u.endswith(".js") else len(d) for u, d in data.items())
    yield _row("first use in all", sum(sizes) / 1e6, 5.6, "MB")
    yield _row("from click to proved, cold", seconds, None, "s", cpu)
    yield _row("the same, of the processor's time", cpu, 3.5, "s")
    yield from _named(lab, 0.7, "no limit")
    lab.page.locator("#lab-function").fill("x tanh(x)^2")
    lab.page.locator("#lab-prove").click()
    lab.page.wait_for_function("document.activeElement.id === 'lab-line'")
    for what, text, sign in (
        ("a line refused, with the slip", WRONG, "✗"),
        ("a line judged: product rule", LINES[0], "✓"),
        ("a line judged: chain rule, the goal reached", LINES[1], "✓"),
    ):
        seconds, cpu = lab.ask("lab-line", text, f"^{sign}")
        yield _row(what, seconds, 0.3, "s", cpu)
    lab.ask("lab-function", HEAVY, "being proved")
    stop = """() => new Promise((done) => {
      const status = document.querySelector("#lab [role=status]");
      const start = performance.now();
      new MutationObserver(() => done(performance.now() - start))
        .observe(status, { childList: true });
      document.getElementById("lab-stop").click();
    })"""
    yield _row("stopped", lab.page.evaluate(stop), 50, "ms")
    lab.page.evaluate("idle = true")  # what is measured next begins at once
    seconds, cpu = lab.derive("x^7")
    yield _row("ready again, with the next answer", seconds, 1.5, "s", cpu)
    yield _row("heap", lab.page.evaluate("heap") / 2**20, 64, "MB")
    others = [url for url in lab.fetched if not url.startswith((address, "blob:", "data:"))]
    yield _row("requests to other hosts", len(others), 0, "")
    lab.browser.close()
    for share, first, named in ((0.5, 8, None), (0.25, 14, 2)):
        slow = _Lab(driver, path, address, slow=True, share=share)
        seconds, cpu = slow.derive(FIRST)
        yield _row(f"first result at 10 Mbit/s, {share:g} of a core", seconds, first, "s", cpu)
        if named:
            yield from _named(slow, named, f"{share:g} of a core")
        slow.browser.close()


def _named(lab, bound, how):
    found = [lab.derive(text) for text in NAMED]
    seconds, cpu = (statistics.median(column) for column in zip(*found, strict=True))
    yield _row(f"a named function proved, {how}", seconds, bound, "s", cpu)
