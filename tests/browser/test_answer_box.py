"""The answer box in a real browser, with the keyboard alone."""

import json
import re
from pathlib import Path

import pytest

from actgrad.atlas._javascript import module_text
from actgrad.exercises import EXERCISES
from actgrad.exercises import _answer_box as module
from actgrad.exercises._proof_editor import ProofEditor

SOURCE = Path(module.__file__).with_name("answer_box.js")
CASES = Path(__file__).parents[1] / "atlas" / "language.json"
PAGE = """<!doctype html><html lang="en"><title>t</title><style>%s</style><main></main>
<script type="module">
const url = URL.createObjectURL(new Blob([%s], { type: "text/javascript" }));
const box = (await import(url)).default;
const state = %s;
const model = { get: (n) => state[n], set: (n, v) => { state[n] = v; }, save_changes() {},
  on() {}, off() {} };
window.state = state;
await box.render({ model, el: document.querySelector("main") });
</script></html>"""


@pytest.mark.browser
def test_with_the_keyboard_alone(tmp_path, open_page):
    item = EXERCISES["sigmoid-second-derivative"]
    state = {"data": module.data(item), "answer": "", "status": ""}
    css = SOURCE.with_suffix(".css").read_text("utf-8")
    scripts = [
        json.dumps(part).replace("<", "\\u003c") for part in (module.module_text(), state)
    ]
    page_file = tmp_path / "page.html"
    page_file.write_text(PAGE % (css, *scripts), encoding="utf-8")
    watched = open_page(page_file.as_uri())
    page = watched.page
    box = page.get_by_label(re.compile("Your answer: .*letters: x, y"))
    box.fill("1-2*y")
    box.press("Enter")
    status = page.get_by_role("status")
    assert status.inner_text().split("\n\n")[0] == "✗ Not yet"
    assert "This differentiates by y, not by x" in status.inner_text()
    assert status.locator("code").first.inner_text() == "y"
    assert box.get_attribute("aria-invalid") == "true"
    box.fill("<img src=x onerror=alert(1)>")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "cannot be read" in status.inner_text()
    assert page.locator("img").count() == 0
    box.fill("y(1−y)(1−2y)")
    box.press("Enter")
    assert status.inner_text().split("\n\n")[0] == "✓ Right"
    assert "You have learnt" in status.inner_text()
    assert page.evaluate("state.status") == "right"
    assert watched.complaints == []


@pytest.mark.browser
def test_the_language_reads_its_table(tmp_path, open_page):
    cases = json.loads(CASES.read_text("utf-8"))
    blank = tmp_path / "blank.html"
    blank.write_text('<!doctype html><html lang="en"><title>t</title></html>', "utf-8")
    page = open_page(blank.as_uri()).page
    found = page.evaluate(
        """async ([text, cases]) => {
          const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
          const { read, written, evaluate } = await import(url);
          const letters = Object.keys(cases.values);
          const code = (text, names = letters, options = {}) => {
            try { return written(read(text, names, options)); }
            catch (error) { return error.code; }
          };
          const derivatives = { free: true, derivatives: true };
          const where = Object.fromEntries(
            Object.keys(cases)
              .filter((name) => name.includes("where derivatives may stand"))
              .map((name) => [
                name, cases[name].map(([text]) => [text, code(text, [], derivatives)]),
              ]),
          );
          return {
            read: cases.read.map(([text]) => {
              const tree = read(text, letters);
              return [text, written(tree), evaluate(tree, cases.values)];
            }),
            refused: cases.refused.map(([text]) => [text, code(text)]),
            where,
          };
        }""",
        [module_text("language"), cases],
    )
    assert found["refused"] == cases["refused"]
    assert len(found["where"]) == 2
    for name, got in found["where"].items():
        assert got == cases[name]
    for (text, reading, value), got in zip(cases["read"], found["read"], strict=True):
        assert got == [text, reading, pytest.approx(value, rel=4e-15, abs=0)]


EDITOR = """<!doctype html><html lang="en"><title>t</title><style>%s</style><main></main>
<script type="module">
const url = URL.createObjectURL(new Blob([%s], { type: "text/javascript" }));
const editor = (await import(url)).default;
const state = { title: "Square", start: "D(x^2, x)", lines: [], answer: {}, request: {} };
const heard = {};
const model = { get: (n) => state[n], set: (n, v) => { state[n] = v; }, save_changes() {},
  on(n, f) { heard[n] = f; }, off() {} };
window.state = state;
window.told = (changes) => {
  Object.assign(state, changes);
  for (const name of Object.keys(changes)) heard[`change:${name}`]?.();
};
await editor.render({ model, el: document.querySelector("main") });
</script></html>"""


@pytest.mark.browser
def test_the_proof_editor_with_the_keyboard_alone(tmp_path, open_page):
    script = json.dumps(ProofEditor._esm).replace("<", "\\u003c")
    page_file = tmp_path / "page.html"
    page_file.write_text(EDITOR % (ProofEditor._css, script), encoding="utf-8")
    watched = open_page(page_file.as_uri())
    page = watched.page
    box = page.get_by_label("Your next line")
    box.fill("<img src=x>")
    box.press("Enter")
    assert page.evaluate("state.request") == {
        "number": 1,
        "what": "check",
        "more": False,
        "line": "<img src=x>",
    }
    page.evaluate("told({answer: {status: 'wrong', message: 'Not `<img src=x>`.'}})")
    status = page.get_by_role("status")
    assert status.inner_text() == "✗ Not <img src=x>."
    assert page.locator("img").count() == 0
    assert box.get_attribute("aria-invalid") == "true"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("state.request.what") == "hint"
    page.evaluate("told({answer: {status: 'hint', message: 'Next: power rule.', more: true}})")
    page.get_by_role("button", name="Show the next line").click()
    assert page.evaluate("state.request.more") is True
    page.evaluate(
        "told({lines: [{text: '2*x', message: 'power rule'}],"
        " answer: {status: 'equal', message: 'Equal.'}})"
    )
    assert page.get_by_role("listitem").count() == 2
    assert box.input_value() == ""
    page.get_by_role("button", name="Undo").click()
    assert page.evaluate("state.request.what") == "undo"
    assert watched.complaints == []
