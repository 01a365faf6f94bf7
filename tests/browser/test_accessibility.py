"""axe-core finds no violation of WCAG 2.2 A and AA, light and dark, explorers moving."""

from pathlib import Path

import pytest
from actgrad_book.assets import fetch

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """(tags) => axe.run(document, {
  runOnly: { type: "tag", values: tags }, resultTypes: ["violations"],
  rules: { "target-size": { enabled: true } },
})"""


@pytest.fixture(scope="session")
def axe() -> Path:
    """Return axe-core's script, fetched by lockfile."""
    return fetch(development=True) / "axe-core" / "axe.min.js"


def violations(page):
    found = page.evaluate(RUN, TAGS)
    assert len(found["passes"]) > 20
    return [
        (violation["id"], str(node["target"]), node["failureSummary"])
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def check(page, axe):
    """Run axe in both schemes: the page follows the reader's as it changes."""
    page.add_script_tag(path=axe)
    for scheme in ("light", "dark"):
        # Halfway through a transition, colours are neither the one scheme's nor the other's.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.wait_for_function(f"document.documentElement.dataset.theme === '{scheme}'")
        assert (scheme, violations(page)) == (scheme, [])


def test_page(open_page, axe, page_name):
    check(open_page(page_name).page, axe)


@pytest.mark.parametrize("width", [320, 1280])
def test_search_results(open_page, axe, width):
    size = {"width": width, "height": 800}
    page = open_page("search.html?q=relu", viewport=size).page
    assert page.query_selector("#search-results mark")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    check(page, axe)


@pytest.mark.parametrize("width", [320, 1280])
def test_explorers(open_page, explorers_address, axe, width):
    size = {"width": width, "height": 800}
    check(open_page(f"{explorers_address}explorers.html", viewport=size).page, axe)


def test_axe_would_see_a_fault(open_page, explorers_address, axe):
    page = open_page(f"{explorers_address}explorers.html").page
    page.add_script_tag(path=axe)
    page.evaluate(
        "() => { document.querySelector('.actgrad input').labels[0].remove();"
        " document.querySelector('.actgrad-note').style.color = '#ccc'; }"
    )
    assert {"label", "color-contrast"} <= {rule for rule, _, _ in violations(page)}


def test_the_lab_in_use(open_page, axe):
    page = open_page("chapters/lab.html#f=x/(1%2B|x|)").page
    said = "document.querySelector('#lab [role=status]').textContent"
    page.wait_for_function(rf"/^\d+ steps, \d+ proved/.test({said})", timeout=60_000)
    check(page, axe)
    page.get_by_role("button", name="Prove it yourself").click()
    page.wait_for_function(f"{said}.startsWith('Write the next line')")
    page.get_by_label("Your next line").fill("x +")
    page.keyboard.press("Enter")
    check(page, axe)
