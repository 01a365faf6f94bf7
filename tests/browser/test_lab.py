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
# A function, a line with one classical slip, and what is said of it.
SLIPS = {
    "x sin(x^2)": ("sin(x^2) + x cos(x^2)", "The inner derivative was forgotten"),
    "x^3 sin(x)": ("3x^2 cos(x)", "not the product of the derivatives"),
    "x^2 tanh(x)": ("x^2 (1 - tanh(x)^2)", "Only one factor was differentiated"),
    "x/(1 + x^2)": (
        "(2x^2 - (1 + x^2))/(1 + x^2)^2",
        "the quotient rule were swapped",
    ),
    "cos(3x)": ("3 sin(3x)", "derivative of the cosine is minus the sine"),
    "1/(1 + x^2)": ("2x/(1 + x^2)^2", "begins with a minus, which was lost"),
    "x^5": ("5x^5", "the power was not lowered by one"),
    "3^x": ("x*3^(x - 1)", "The power rule is for a variable below"),
    "ln(1 + x^4)": ("4x^3", "argument of the logarithm has to stand below"),
    "7 tanh(x)": ("1 - tanh(x)^2", "A constant factor stays in front"),
    "x^2 + 5": ("2x + 5", "A constant was kept"),
    "tanh(2x)": ("2 (1 - tanh(2x))", "the hyperbolic tangent is squared"),
}
HOSTILE = ["__import__('os').system('ls')", "(" * 5000, "9**9**9**9", "x\0", "y" * 10**6, ""]
HOSTILE += ["gamma(x)", "<img src=x onerror=alert(1)>"]
# Keeps the workers that a page starts where a test can reach them.
WORKERS = """() => {
window.workers = [];
window.Worker = class extends Worker {
  constructor(...given) { super(...given); workers.push(this); }
};
}"""
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


def silence(page):
    """Empty the status, so that what it says next is seen."""
    page.evaluate("document.querySelector('#lab [role=status]').textContent = ''")


def derive(page, text):
    """Derive a function; return what the status says in the end."""
    silence(page)
    field(page).fill(text)
    field(page).press("Enter")
    return wait(page, DONE)


def test_the_code_can_be_copied_with_a_test_of_it(open_page, address):
    watched = open_page(PAGE)
    page = watched.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    derive(page, "x^2 + sin(3x)")
    scope = {}
    for name, title in (
        ("NumPy", "The derivative in NumPy"),
        ("test", "The test of the NumPy code"),
    ):
        silence(page)
        page.get_by_role("button", name=f"Copy {name}", exact=True).click()
        assert wait(page, "/copied/") == f"{title} is copied."
        exec(page.evaluate("navigator.clipboard.readText()"), scope)
    scope["test_derivative"]()
    assert watched.complaints == []


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
    line = page.get_by_label("Your next line")
    for function, (text, named) in reversed(SLIPS.items()):
        silence(page)
        field(page).fill(function)
        page.get_by_role("button", name="Prove it yourself").click()
        wait(page, "/^Write the next line/")
        assert not page.locator("#lab-results").is_visible()
        line.fill(text)
        line.press("Enter")
        said = wait(page, "/^✗/")
        assert named in said
        assert re.search("at x = .* the line above is .*, yours", said)
        assert line.input_value() == text
        assert line.get_attribute("aria-invalid") == "true"
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
        silence(page)
        field(page).fill(text)
        field(page).press("Enter")
        said = wait(page, r"/\.$/")
        assert re.match(r"Not derived: .*\w.*\.$", said)
        assert field(page).input_value() == text
        assert field(page).get_attribute("aria-invalid") == "true"
        # Nothing of an earlier answer stands there as if it were this one's.
        assert page.locator("#lab-results").inner_text() == ""
    assert page.locator("#lab img").count() == 0
    # What is shown is of another text as soon as one is typed.
    derive(page, "x^2")
    assert not page.locator("#lab-results.lab-stale").count()
    field(page).fill("x^2 +")
    assert page.locator("#lab-results.lab-stale").count() == 1
    assert page.locator("#lab-plot.lab-stale").count() == 1
    derive(page, "x^2")
    assert not page.locator(".lab-stale").count()
    # Stopped at once, and ready again from what was kept: nothing is fetched anew.
    before = len(watched.requests)
    field(page).fill(MONSTER)
    field(page).press("Enter")
    page.wait_for_function("!document.getElementById('lab-stop').disabled")
    page.get_by_role("button", name="Stop").click()
    assert wait(page, "/^Stopped/") == "Stopped."
    assert field(page).input_value() == MONSTER
    derive(page, "x^2")
    # A second question before the first is answered; the worker may go on to serve it.
    field(page).fill(MONSTER)
    field(page).press("Enter")
    field(page).fill("x^3")
    field(page).press("Enter")
    wait(page, DONE)
    assert "#f=x%5E3" in page.url
    fetched = [url for url in watched.requests[before:] if "/_static/lab/" in url]
    assert fetched == []
    assert watched.complaints == []


def test_a_worker_that_listens_is_kept_and_a_lost_one_replaced(open_page):
    page = open_page(PAGE).page
    page.evaluate(WORKERS)
    derive(page, "x^2")
    for text in (
        "x^3",
        "gamma(x)",
        "x^4",
        "x +",
        "x^5",
    ):  # each before the one before has ended
        silence(page)
        field(page).fill(text)
        field(page).press("Enter")
        wait(page, "/./")
    wait(page, DONE)
    assert page.evaluate("workers.length") == 1
    # No memory, or a crash: the page says so, and starts another.
    field(page).fill(MONSTER)
    field(page).press("Enter")
    wait(page, "/being proved/")
    page.evaluate("workers[0].onerror(new ErrorEvent('error', {message: 'out of memory'}))")
    assert "lost" in wait(page, "/^No answer/")
    assert field(page).input_value() == MONSTER
    assert derive(page, "x^6") == "1 step, 1 proved"
    assert page.evaluate("workers.length") == 2


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
    replayed = DERIVATIONS["softmax_vjp"]()
    assert proof.count() == 1 + len(replayed.steps)
    blank = page.locator("#lab-proof li[aria-current=step]")
    line.fill(plain(replayed.start))
    line.press("Enter")
    assert "once more" in wait(page, r"/^\?/")
    silence(page)
    for text in replayed.steps[0::2][:2]:
        assert "your line" in blank.inner_text()
        line.fill(plain(text.expression))
        line.press("Enter")
        wait(page, "/^✓/")
        silence(page)
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
    # What the build has answered stands without it.
    silence(page)
    page.get_by_role("button", name="x^x", exact=True).click()
    assert wait(page, DONE)
    assert page.locator("#lab-results .lab-mark[data-proof=exact]").count() > 3
