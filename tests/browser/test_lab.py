"""The lab in a real browser: derivations, proofs, stop, links, bad input, also from disk."""

import gzip
import re
from urllib.parse import quote

import pytest
from actgrad_book.lab import fragment

from actgrad.derivations import DERIVATIONS, plain

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("lab")]

PAGE = "chapters/lab.html"
DONE = r"/^\d+ steps?, \d+ proved/"
TEN = {
    "1/(1 + e^(-x))": "reciprocal rule",
    "x tanh(ln(1 + e^x))": "product rule",
    "x Phi(x)": "product rule",
    "|x|/(1 + x²)": "quotient rule",
    "max(alpha x, x)": "derivative case by case",
    "x/(1 + e^(-β x))": "quotient rule",
    "Piecewise((x, x > 0), (e^x - 1, otherwise))": "derivative case by case",
    "√(1 + x²) - 1": "chain rule",
    "x^x": "chain rule",
    r"\frac{1}{2} x \cdot \sin(2x)": "product rule",
}
# A line with a classical slip, and what is said of it.
SLIPS = {
    "cos(x^2)*x + sin(x^2)": "The inner derivative was forgotten",
    "-cos(x^2)*2x*x + sin(x^2)": "yours",
    "cos(x^2)*2x": "yours",
}
HOSTILE = ["__import__('os').system('ls')", "(" * 5000, "9**9**9**9", "x\0", "y" * 10**6, ""]
HOSTILE += ["gamma(x)", "<img src=x onerror=alert(1)>"]
MONSTER = "sin(exp(-x^2)*log(1+x^2))/(1+tanh(sqrt(1+x^4)))^3"


def field(page):
    return page.get_by_label("Function", exact=True)


def status(page):
    return page.locator('#lab [role="status"]')


def wait(page, pattern):
    page.wait_for_function(
        f"{pattern}.test(document.querySelector('#lab [role=status]').textContent)",
        timeout=60_000,
    )
    return status(page).inner_text()


def derive(page, text):
    """Derive a function; return what the status says in the end."""
    page.evaluate("document.querySelector('#lab [role=status]').textContent = ''")
    field(page).fill(text)
    field(page).press("Enter")
    return wait(page, DONE)


def test_nothing_is_fetched_before_the_reader_asks(open_page, book):
    watched = open_page(PAGE, keep_bodies=True)
    own = [url for url in watched.requests if "/_static/lab/" in url]
    assert [re.sub(r".*/|-\w+\.", "", url) for url in own] == ["labjs"]
    assert len(gzip.compress(watched.bodies[own[0]], 9)) <= 12 * 1024
    assert status(watched.page).inner_text().startswith("Nothing is loaded yet")
    assert watched.complaints == []


def test_ten_functions_and_a_proof(open_page, address):
    watched = open_page(PAGE)
    page = watched.page
    for text, rule in TEN.items():
        said = derive(page, text)
        steps, proved = re.match(r"(\d+) steps?, (\d+) proved", said).groups()
        assert steps == proved, (text, said)
        assert page.locator("#lab-results .lab-mark[data-proof=exact]").count() == int(steps)
        assert rule in page.locator("#lab-results").inner_text()
        for role in ("function", "derivative"):
            path = page.locator(f"#lab-plot path[data-curve={role}]").get_attribute("d")
            assert path.count("L") > 100
    field(page).fill("x sin(x^2)")
    page.get_by_role("button", name="Prove it yourself").click()
    wait(page, "/^Write the next line/")
    assert not page.locator("#lab-results").is_visible()
    line = page.get_by_label("Your next line")
    for text, named in SLIPS.items():
        line.fill(text)
        page.keyboard.press("Enter")
        assert named in wait(page, "/^✗/")
        assert line.input_value() == text
        assert line.get_attribute("aria-invalid") == "true"
        page.evaluate("document.querySelector('#lab [role=status]').textContent = ''")
    page.get_by_role("button", name="Hint").click()
    assert "product rule" in wait(page, "/^Next: .* Ask again to see the line/")
    line.fill("sin(x^2) + x d/dx(sin(x^2))")
    page.get_by_role("button", name="Check line").click()
    assert "product rule" in wait(page, "/^✓.* Still open: a derivative is left/")
    line.fill("sin(x^2) + 2x^2 cos(x^2)")
    page.keyboard.press("Enter")
    assert wait(page, "/asked for: /").endswith("2 steps, 2 proved.")
    assert [
        url for url in watched.requests if not url.startswith((address, "blob:", "data:"))
    ] == []
    assert watched.complaints == []
    assert watched.failures == []


def test_bad_input_stop_and_a_lost_worker(open_page):
    watched = open_page(PAGE)
    page = watched.page
    derive(page, "x^2")
    for text in HOSTILE:
        page.evaluate("document.querySelector('#lab [role=status]').textContent = ''")
        field(page).fill(text)
        field(page).press("Enter")
        assert wait(page, "/./").startswith("Not derived: ")
        assert field(page).input_value() == text
        assert field(page).get_attribute("aria-invalid") == "true"
    assert page.locator("#lab img").count() == 0
    # Stopped at once, and ready again from what was kept: nothing is fetched anew.
    before = len(watched.requests)
    field(page).fill(MONSTER)
    field(page).press("Enter")
    page.wait_for_function("!document.getElementById('lab-stop').disabled")
    page.get_by_role("button", name="Stop").click()
    assert wait(page, "/^Stopped/") == "Stopped."
    assert field(page).input_value() == MONSTER
    derive(page, "x^2")
    # A second question before the first is answered.
    field(page).fill(MONSTER)
    field(page).press("Enter")
    field(page).fill("x^3")
    field(page).press("Enter")
    wait(page, DONE)
    assert "#f=x%5E3" in page.url
    fetched = [url for url in watched.requests[before:] if "/_static/lab/" in url]
    assert fetched == []
    assert watched.complaints == []


def test_a_link_asks_and_a_phone_has_room(open_page):
    watched = open_page(
        f"{PAGE}#f={quote('x/(1 + |x|)')}", viewport={"width": 320, "height": 640}
    )
    page = watched.page
    assert wait(page, DONE)
    assert field(page).input_value() == "x/(1 + |x|)"
    width = "document.documentElement.scrollWidth"
    assert page.evaluate(width) <= 320
    page.get_by_role("button", name="Prove it yourself").click()
    wait(page, "/^Write the next line/")
    assert page.evaluate("document.activeElement.id") == "lab-line"
    assert page.evaluate(width) <= 320


def test_a_link_opens_a_task_or_a_derivation_with_blank_lines(open_page, address):
    task = {"start": "D(x*sigma(x), x)", "where": {"y": "sigma(x)"}, "letters": ["x", "y"]}
    page = open_page(PAGE + fragment({**task, "title": "The product rule"})).page
    wait(page, "/^Write the next line/")
    assert page.get_by_role("heading", name="The product rule").is_visible()
    assert field(page).input_value() == "x*sigma(x)"
    line = page.get_by_label("Your next line")
    line.fill("y + x*y*(1 - y)")
    line.press("Enter")
    assert wait(page, "/asked for: /").endswith("1 step, 1 proved.")
    page.goto("about:blank")
    page.goto(address + PAGE + fragment({"derivation": "softmax_vjp"}, [1, 3]))
    wait(page, "/^Write the next line/")
    proof = page.get_by_role("list", name="Your proof").get_by_role("listitem")
    assert proof.count() == 8
    blank = page.locator("#lab-proof li[aria-current=step]")
    line.fill("v[i]")
    line.press("Enter")
    assert "once more" in wait(page, r"/^\?/")
    for text in DERIVATIONS["softmax_vjp"]().steps[0::2][:2]:
        assert "your line" in blank.inner_text()
        line.fill(plain(text.expression))
        line.press("Enter")
        wait(page, "/^✓/")
        page.evaluate("document.querySelector('#lab [role=status]').textContent = ''")
    assert page.locator("#lab-proof .lab-rest").count() == 0
    page.get_by_role("button", name="Take the last line back").click()
    assert line.input_value() == plain(text.expression)
    assert "your line" in blank.inner_text()


def test_from_disk_in_the_dark(open_page, book):
    address = (book / PAGE).as_uri()
    watched = open_page(f"{address}#f=x%20Phi(x)", color_scheme="dark")
    assert wait(watched.page, DONE) == "4 steps, 4 proved"
    assert [url for url in watched.requests if not url.startswith(("file:", "blob:"))] == []
    assert watched.complaints == []


def test_where_webassembly_is_missing_the_command_line_is_named(open_page):
    page = open_page(PAGE).page
    page.evaluate("delete window.WebAssembly")
    field(page).fill("x^2")
    field(page).press("Enter")
    assert 'python -m actgrad derive "x^2"' in wait(page, "/does not run/")
