"""Exercises are cards: solved in the page, remembered, taken to a notebook or the lab."""

import asyncio
import html
import json
import re
import sys
from urllib.parse import parse_qs

import nbformat
import pytest
from nbclient import NotebookClient

from actgrad.derivations import DERIVATIONS
from actgrad.exercises import CHAPTERS, EXERCISES, proof_editor
from actgrad.exercises._exercise import Derivable

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("lab")]

PAGE = "chapters/sigmoid.html"
ANSWER = "y(1-y)(1-2y)"


def card(page, id):
    """Return an exercise's card, its boxes alive."""
    found = page.locator(f"#exercise-{id}")
    for view in found.locator(".actgrad-explorer").element_handles():
        view.scroll_into_view_if_needed()
        page.wait_for_function("view => 'ready' in view.dataset", arg=view)
    return found


def answer(page, id, text):
    """Answer by the keyboard; return the card."""
    found = card(page, id)
    box = found.get_by_role("textbox")
    box.fill(text)
    box.press("Enter")
    return found


def progress(page):
    return page.locator(".exercise-progress").first.inner_text()


def test_a_card_asks_judges_and_remembers(open_page):
    watched = open_page(PAGE, wait=False)
    page = watched.page
    assert progress(page) == f"{len(CHAPTERS['sigmoid'])} exercises"
    found = card(page, "sigmoid-second-derivative")
    item = EXERCISES["sigmoid-second-derivative"]
    found.get_by_role("textbox").fill("y/(1+y)")
    assert found.locator(".actgrad-typed mfrac").count() == 1
    found = answer(page, item.id, "1-2y")
    verdict = found.get_by_role("status")
    assert verdict.inner_text().split("\n\n")[:1] == ["✗ Not yet"]
    assert "This differentiates by y" in verdict.inner_text()
    assert "At x = 1, y = 0.731059 it gives -0.462117" in verdict.inner_text()
    assert item.learnt not in found.inner_text()
    heading = "getComputedStyle(document.querySelector('#exercise-%s [role=status] strong'))"
    size, wrong = page.evaluate(
        f"(({{fontSize, color}}) => [fontSize, color])({heading % item.id})"
    )
    assert float(size.removesuffix("px")) > 20
    found = answer(page, item.id, ANSWER)
    assert verdict.inner_text().split("\n\n")[0] == "✓ Right"
    assert "You have learnt: " in verdict.inner_text()
    assert page.evaluate(f"{heading % item.id}.color") != wrong
    assert found.locator(".exercise-mark").inner_text().strip() == "✓ solved"
    assert progress(page).startswith(f"1 of {len(CHAPTERS['sigmoid'])} exercises solved")
    page.reload()
    assert progress(page).startswith("1 of ")
    assert card(page, item.id).get_by_role("textbox").input_value() == ANSWER
    page.goto(page.url.replace("sigmoid", "index"))
    assert progress(page).startswith("1 of ")
    page.get_by_role("button", name="Erase my progress").click()
    assert "Erased" in page.locator(".exercise-progress").inner_text()
    assert page.evaluate("localStorage.getItem('actgrad')") is None
    page.go_back()
    assert not progress(page).startswith("1 of ")
    assert watched.complaints == []


def test_where_nothing_may_be_kept_a_card_works_all_the_same(open_page, book):
    page = open_page((book / PAGE).as_uri(), wait=False).page
    refused = "{ get() { throw new Error('refused'); } }"
    page.add_init_script(f"Object.defineProperty(window, 'localStorage', {refused})")
    page.reload()
    found = answer(page, "sigmoid-second-derivative", ANSWER)
    assert found.get_by_role("status").inner_text().startswith("✓ Right")
    assert progress(page).startswith("1 of ")


def test_code_is_checked_and_taken_to_a_notebook(open_page, tmp_path):
    item = EXERCISES["sigmoid-gradient"]
    watched = open_page(PAGE, wait=False)
    page = watched.page
    found = card(page, item.id)
    area = found.get_by_role("textbox")
    assert area.input_value() == item.starter_text
    # Tab indents, and after Escape it leaves.
    area.fill("def sigmoid_gradient(x):")
    area.press("End")
    area.press("Enter")
    page.keyboard.type("return 1 / (1 + np.exp(-x))")
    assert area.input_value().endswith(":\n    return 1 / (1 + np.exp(-x))")
    area.press("Tab")
    assert area.input_value().endswith("    ")
    area.press("Control+Enter")
    verdict = found.get_by_role("status")
    assert "This is the sigmoid itself" in verdict.inner_text()
    area.fill(item.submission(item.solution))
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Check"
    page.keyboard.press("Enter")
    assert verdict.inner_text().startswith("✓ Right")
    with page.expect_download() as download:
        found.get_by_role("button", name="Download as a notebook").click()
    assert download.value.suggested_filename == "sigmoid_gradient.ipynb"
    path = tmp_path / "sigmoid_gradient.ipynb"
    download.value.save_as(path)
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    _, install, _, text, check, _ = notebook.cells
    assert "%pip install" in install.source
    assert text.source == item.submission(item.solution)
    install.source = ""  # the package is there
    if sys.platform == "win32":
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute(cwd=tmp_path)
    assert "**Right.** All parts pass." in check.outputs[0]["data"]["text/markdown"]
    assert watched.complaints == []


def test_every_exercise_and_derivation_of_the_pages_links_to_the_lab(book):
    linked = re.compile(r'href="([^"#]*)#(prove=[^"]*)">(Prove it|Replay)')
    wanted = {
        item.id: proof_editor(item.id).given
        for item in EXERCISES.values()
        if isinstance(item, Derivable)
    }
    for path in [*book.glob("chapters/*.html"), *book.glob("atlas/*.html")]:
        text = path.read_text(encoding="utf-8")
        links = linked.findall(text)
        assert all((path.parent / to).resolve().name == "lab.html" for to, *_ in links)
        tasks = [json.loads(parse_qs(html.unescape(part))["prove"][0]) for _, part, _ in links]
        kinds = [kind for *_, kind in links]
        proved = [task for task, kind in zip(tasks, kinds, strict=True) if kind == "Prove it"]
        cards = re.findall(r'data-exercise="([\w-]+)"', text)
        assert proved == [wanted[id] for id in cards if id in wanted], path.name
        named = re.findall(r'class="derivation-report" data-name="([\w-]+)"', text)
        known = [name for name in named if name.replace("-", "_") in DERIVATIONS]
        replayed = [task["derivation"] for task in tasks if "derivation" in task]
        assert replayed == [name.replace("-", "_") for name in known], path.name


def lab_status(page, pattern):
    page.wait_for_function(
        f"{pattern}.test(document.querySelector('#lab [role=status]').textContent)",
        timeout=60_000,
    )
    return page.locator('#lab [role="status"]').inner_text()


def test_an_exercise_is_proved_line_by_line_from_disk(open_page, book):
    watched = open_page((book / PAGE).as_uri(), wait=False)
    page = watched.page
    page.locator("#exercise-sigmoid-second-derivative").get_by_role(
        "link", name="Prove it line by line"
    ).click()
    lab_status(page, "/^Write the next line/")
    assert "Where the sigmoid bends" in page.locator("#lab-proof").inner_text()
    line = page.get_by_label("Your next line")
    line.fill("D(sigma(x)(1 - sigma(x)), x)")
    line.press("Enter")
    assert "Still open" in lab_status(page, "/^✓/")
    line.fill("sigma'(x)(1 - sigma(x)) - sigma(x) sigma'(x)")
    line.press("Enter")
    lab_status(page, "/^✓ .*product rule/")
    line.fill("y(1-y)(1-y) - y y (1-y)")
    line.press("Enter")
    assert "3 steps, 3 proved" in lab_status(page, "/what was asked for/")
    assert watched.complaints == []


def test_a_derivation_is_replayed(open_page):
    watched = open_page(PAGE, wait=False)
    page = watched.page
    page.get_by_role("link", name="Replay with lines blanked").first.click()
    lab_status(page, "/line/")
    blank = page.locator("#lab-proof li", has_text="your line")
    count = blank.count()
    assert count > 2
    line = page.get_by_label("Your next line")
    for left in range(count, 0, -1):
        assert blank.count() == left
        page.get_by_role("button", name="Hint").click()
        lab_status(page, "/Ask again/")
        page.get_by_role("button", name="Hint").click()
        own = lab_status(page, "/^One way to go on: /").removeprefix("One way to go on: ")
        line.fill(own)
        line.press("Enter")
        lab_status(page, "/^✓/")
    assert f"{count} steps, {count} proved" in lab_status(page, "/^✓/")
    assert watched.complaints == []


def test_without_javascript_question_and_starter_are_there(open_page):
    page = open_page(PAGE, java_script_enabled=False).page
    text = page.locator("#exercise-sigmoid-gradient").inner_text()
    assert "Write sigmoid_gradient(x)" in text
    assert "def sigmoid_gradient(x):" in text
    assert re.search(r"Hint 1 of \d", text)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_cards_fit_a_phone(open_page, scheme):
    page = open_page(
        PAGE, wait=False, viewport={"width": 375, "height": 740}, color_scheme=scheme
    ).page
    for item in CHAPTERS["sigmoid"]:
        card(page, item.id)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
