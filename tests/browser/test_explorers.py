"""Every explorer in Chromium: each control by pointer and keyboard; numbers are actgrad's."""

import re

import numpy as np
import pytest

from actgrad.activations import ReLU, Sigmoid, Softmax, Softplus, Tanh
from actgrad.explorers._network import propagate
from actgrad.explorers._palette import palette
from actgrad.layers import Dense, Sequential, SquaredError

pytestmark = pytest.mark.browser

TITLES = {
    "leaky relu": "Explorer of Leaky ReLU and its derivative",
    "sigmoid": "Explorer of Sigmoid and its derivative",
    "rescaled": "Comparison of Hyperbolic tangent, Sigmoid",
    "limit": "Comparison of Softplus, ReLU",
    "stepper": "Steps of the derivation above",
    "softmax": "Explorer of softmax and its Jacobian",
    "vjp": "Explorer of the vector-Jacobian product of softmax",
    "graph": "Explorer of a network in numbers",
    "network": "Explorer of a stack of layers",
    "precision": "Explorer of the accuracy of",
}
# What makes a button's press visible: without it the view is at home, the line is the first ...
BEFORE = {
    "Reset view": "Zoom in",
    "First line only": "All lines",
    "One line back": "All lines",
    "Next line": "First line only",
    "All lines": "First line only",
    "To the start": "All steps",
    "One step back": "All steps",
    "Next step": "To the start",
    "All steps": "To the start",
    "Where float32 fails": "Where float64 fails",
    "Where float64 fails": "Where float32 fails",
}
CONTROLS = "input, select, button, [role=slider], [role=gridcell][tabindex='0']"
# Everything that a reader could see change, lines of a derivation included.
SIGNATURE = """root => [root.outerHTML,
  ...[...root.querySelectorAll("input, select")].map(
    (input) => input.type === "checkbox" ? input.checked : input.value),
  ...[...document.querySelectorAll("table.derivation tr")].map((row) => row.className),
].join()"""


class Figure:
    """One explorer on an open page."""

    def __init__(self, page, title):
        self.page = page
        self.root = page.locator(f'.actgrad[aria-label^="{title}"]').first
        self.root.scroll_into_view_if_needed()

    def settle(self):
        """Wait until what was asked for is drawn."""
        self.page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame("
            "() => requestAnimationFrame(done))))"
        )

    def signature(self):
        self.settle()
        return self.root.evaluate(SIGNATURE)

    def number(self, name):
        self.settle()
        text = self.root.locator(f'[data-name="{name}"]').first.get_attribute("data-value")
        return float(text.replace("Infinity", "inf"))

    def range(self, label):
        return self.root.get_by_label(label, exact=True).and_(self.page.locator("input"))

    def set_range(self, label, value):
        self.range(label).evaluate(
            "(input, value) => { input.value = value; "
            "input.dispatchEvent(new Event('input', { bubbles: true })); }",
            str(value),
        )
        self.settle()

    def press(self, name):
        self.root.get_by_role("button", name=name, exact=True).click(force=True)
        self.settle()

    def drag(self, handle, dx, dy):
        """Drag the middle of an element by some pixels."""
        handle.scroll_into_view_if_needed()
        box = handle.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + dx / 2, y + dy / 2)
        self.page.mouse.move(x + dx, y + dy)
        self.page.mouse.up()
        self.settle()


@pytest.fixture(scope="module")
def opened(chromium, explorers_address):
    """One page with every explorer, live: opening it anew for each test would take minutes."""
    context = chromium.new_context(viewport={"width": 1100, "height": 900})
    page = context.new_page()
    page.set_default_timeout(10_000)
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda m: problems.append(m.text) if m.type in ("error", "warning") else None,
    )
    page.goto(f"{explorers_address}explorers.html")
    for view in page.query_selector_all(".actgrad-explorer"):
        page.evaluate("view => view.scrollIntoView()", view)
        page.wait_for_function("view => 'ready' in view.dataset", arg=view)
    yield page
    assert problems == []
    context.close()


@pytest.fixture
def figure(opened):
    """Return a function: the explorer of a name, whatever the tests before did with it."""
    return lambda name: Figure(opened, TITLES[name])


CONTROLS_OF = """(root, selector) => [...root.querySelectorAll(selector)]
  .map((c, place) => ({ place, shown: c.checkVisibility(),
    kind: c.getAttribute("role") ?? (c.localName === "input" ? c.type : c.localName),
    label: c.dataset.cell ? "a cell"
      : c.getAttribute("aria-label") ?? c.labels?.[0]?.textContent ?? c.textContent }))
  .filter(({ shown }) => shown)"""


def controls_of(figure):
    """Return what is to be handled: for each visible control its label, kind and locator."""
    found = figure.root.evaluate(CONTROLS_OF, CONTROLS)
    every = figure.root.locator(CONTROLS)
    return [(c["label"], c["kind"], every.nth(c["place"])) for c in found]


def act_by_pointer(figure, control, kind):
    if kind == "range":
        box = control.bounding_box()
        share = (
            0.3
            if float(control.evaluate("c => (c.value - c.min) / (c.max - c.min)")) > 0.5
            else 0.7
        )
        control.click(position={"x": box["width"] * share, "y": box["height"] / 2})
    elif kind == "select":
        # The list of a select is the browser's own and cannot be clicked in a headless one.
        chosen = control.evaluate("c => c.value")
        values = control.evaluate("c => [...c.options].map((o) => o.value)")
        control.select_option(next(v for v in reversed(values) if v != chosen))
    elif kind == "slider":
        before = figure.signature()
        figure.drag(control, 30, -12)
        if figure.signature() == before:
            figure.drag(control, -30, 12)
    elif kind == "gridcell":
        figure.root.locator("[role=gridcell]").nth(1).click()
    else:
        control.click()


def act_by_keyboard(figure, control, kind):
    control.focus()
    page = figure.page
    keys = {
        "range": ["ArrowRight", "ArrowLeft"],
        "slider": ["ArrowRight", "ArrowLeft"],
        "select": ["ArrowDown", "ArrowUp"],
        "gridcell": ["ArrowDown", "ArrowUp"],
        "checkbox": ["Space"],
        "button": ["Enter"],
    }[kind]
    before = figure.signature()
    for key in keys:
        page.keyboard.press(key)
        if figure.signature() != before:
            return


@pytest.mark.parametrize("act", [act_by_pointer, act_by_keyboard])
@pytest.mark.parametrize("name", TITLES)
def test_every_control_changes_something(figure, name, act):
    explorer = figure(name)
    labels = [label for label, _, _ in controls_of(explorer)]
    assert len(labels) >= 5
    assert all(labels)
    idle = []
    for label in dict.fromkeys(labels):
        for nth in range(labels.count(label)):
            if label in BEFORE:
                explorer.press(BEFORE[label])
            _, kind, control = [c for c in controls_of(explorer) if c[0] == label][nth]
            before = explorer.signature()
            chosen = control.input_value() if kind == "select" else None
            act(explorer, control, kind)
            if explorer.signature() == before:
                idle.append(label)
            # Another function, or a switch that hides others, would change what is to be tried.
            if kind == "checkbox":
                control.click()
            elif kind == "select":
                control.select_option(chosen)
            explorer.settle()
    assert idle == []


@pytest.mark.parametrize("name", TITLES)
def test_controls_are_large_enough(figure, name):
    """24 CSS pixels are WCAG 2.2 AA; a point to drag has 44."""
    for label, kind, control in controls_of(figure(name)):
        box = control.bounding_box()
        least = 40 if kind == "slider" else 24
        if kind == "checkbox":  # its label is part of the target
            box = control.locator("xpath=..").bounding_box()
        assert box["height"] >= least, label
        assert box["width"] >= least, label


# --- read-outs are actgrad's values


def close(got, want, size=1.0):
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12 * size)


def test_sigmoid_follows_a_drag(figure):
    sigmoid = figure("sigmoid")
    sigmoid.press("Reset view")
    handle = sigmoid.root.get_by_role("slider", name="Point x on the curve")
    seen = set()
    for dx in (60, -200, 35):
        sigmoid.drag(handle, dx, 0)
        x = sigmoid.number("x")
        seen.add(x)
        close(sigmoid.number("y"), Sigmoid()(x))
        close(sigmoid.number("slope"), Sigmoid().gradient(x))
        assert float(handle.get_attribute("aria-valuenow")) == x
    assert len(seen) == 3


def test_dragged_point_stays_under_the_pointer(figure):
    sigmoid = figure("sigmoid")
    sigmoid.press("Reset view")
    sigmoid.set_range("x", 0)
    handle = sigmoid.root.get_by_role("slider", name="Point x on the curve")
    before = handle.bounding_box()["x"]
    sigmoid.drag(handle, 50, 0)
    assert abs(handle.bounding_box()["x"] - before - 50) <= 1


def test_two_views_of_one_explorer_move_together(opened):
    views = opened.locator(f'.actgrad[aria-label="{TITLES["sigmoid"]}"]')
    assert views.count() == 2
    first = Figure(opened, TITLES["sigmoid"])
    first.set_range("x", -3.25)
    shown = [
        views.nth(i).locator('[data-name="x"]').get_attribute("data-value") for i in (0, 1)
    ]
    assert shown == ["-3.25", "-3.25"]


def test_keys_of_the_point(figure):
    sigmoid = figure("sigmoid")
    sigmoid.press("Reset view")
    sigmoid.set_range("x", 1)
    sigmoid.root.get_by_role("slider", name="Point x on the curve").focus()
    for key, x in [
        ("ArrowRight", 1.1),
        ("ArrowDown", 1.0),
        ("PageUp", 2.0),
        ("Shift+ArrowLeft", 1.0),
        ("Home", -8.0),
        ("End", 8.0),
    ]:
        sigmoid.page.keyboard.press(key)
        assert sigmoid.number("x") == x


def test_value_at_the_kink_parameter_and_difference(figure):
    leaky = figure("leaky relu")
    leaky.press("Reset view")
    leaky.set_range("x", 0)
    leaky.set_range("α", 0.2)
    slopes = []
    for weight in (0, 0.5, 1):
        leaky.set_range("f′ at 0", weight)
        slopes.append(leaky.number("slope"))
    assert slopes == pytest.approx([0.2, 0.6, 1])  # between the two sides: subgradients
    assert leaky.range("f′ at 0").get_attribute("aria-valuetext") == "1.00"
    leaky.set_range("x", -2)
    leaky.set_range("α", 0.01)
    assert leaky.number("y") == pytest.approx(-2 * leaky.number("slope"))
    check = leaky.root.get_by_label("Finite-difference slope")
    check.set_checked(True)
    leaky.set_range("h", -5)
    close(leaky.number("difference"), leaky.number("slope"), 1e3)
    leaky.set_range("x", 0)
    close(leaky.number("difference"), (1 + leaky.number("slope") * 0 + 0.01) / 2, 1e3)
    curve = leaky.root.locator('[data-curve="difference"]')
    assert len(curve.get_attribute("d")) > 500
    check.set_checked(False)
    leaky.settle()
    assert curve.get_attribute("d") == ""


def test_overlay(figure):
    leaky = figure("leaky relu")
    curve = leaky.root.locator('[data-curve="overlay"]')
    leaky.root.get_by_label("Compare with").select_option("tanh")
    leaky.settle()
    before = curve.get_attribute("d")
    leaky.root.get_by_label("Compare with").select_option("")
    leaky.settle()
    assert len(before) > 500
    assert curve.get_attribute("d") == ""


def test_zoom_and_pan(figure):
    sigmoid = figure("sigmoid")
    sigmoid.press("Reset view")
    sigmoid.set_range("x", 0)
    position = sigmoid.range("x")

    def view():
        sigmoid.settle()
        return [float(position.get_attribute(end)) for end in ("min", "max")]

    assert view() == [-8, 8]
    sigmoid.press("Zoom in")
    assert view() == [-4, 4]
    sigmoid.press("Move the view right")
    assert view() == [-2, 6]
    plot = sigmoid.root.locator("svg.actgrad-plot")
    box = plot.bounding_box()
    start = (box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.6)
    sigmoid.page.mouse.move(*start)
    sigmoid.page.mouse.down()
    sigmoid.page.mouse.move(start[0] - 100, start[1])
    sigmoid.page.mouse.up()
    low, high = view()
    assert high - low == pytest.approx(8)
    assert low > -1.9
    sigmoid.page.keyboard.down("Control")
    sigmoid.page.mouse.wheel(0, -100)
    sigmoid.page.keyboard.up("Control")
    assert np.diff(view())[0] == pytest.approx(6.4)
    sigmoid.press("Reset view")
    assert view() == [-8, 8]


def test_comparison(figure):
    both = figure("rescaled")
    both.press("Reset view")
    for label, value in [("x", 0.7), ("a", 2), ("s", 2), ("c", -1)]:
        both.set_range(label, value)
    close(both.number("tanh-value"), Tanh()(0.7))
    close(both.number("tanh-slope"), Tanh().gradient(0.7))
    close(both.number("sigmoid-value"), 2 * Sigmoid()(1.4) - 1)
    close(both.number("sigmoid-slope"), 4 * Sigmoid().gradient(1.4))
    assert both.number("gap") < 1e-15
    assert both.number("slope_gap") < 1e-15
    both.set_range("s", 1)
    assert both.number("gap") > 0.1


def test_softplus_comes_near_to_relu(figure):
    limit = figure("limit")
    limit.press("Reset view")
    gaps = []
    for beta in (1, 4, 10):
        limit.set_range("Softplus β", beta)
        shown = float(limit.range("Softplus β").input_value())
        gaps.append(limit.number("gap"))
        close(gaps[-1], np.log(2) / shown, 1e10)  # at x = 0, where the slider's step ends
        limit.set_range("x", 0.5)
        close(limit.number("softplus-value"), Softplus(beta=shown)(0.5), 1e3)
        close(limit.number("relu-value"), ReLU()(0.5))
    assert gaps[0] > gaps[1] > gaps[2]


def test_comparison_toggles(figure):
    both = figure("rescaled")
    kinds = ("value", "slope", "marks")
    curve = {k: both.root.locator(f'[data-curve="tanh-{k}"]') for k in kinds}

    def drawn():
        both.settle()
        return [bool(curve[k].get_attribute("d")) for k in kinds]

    for label in ("Hyperbolic tangent", "Functions f (solid)", "Derivatives f′ (dashed)"):
        both.root.get_by_label(label).set_checked(True)
    assert drawn() == [True, True, True]
    for label, want in [
        ("Functions f (solid)", [False, True, True]),
        ("Derivatives f′ (dashed)", [True, False, True]),
        ("Hyperbolic tangent", [False, False, False]),
    ]:
        both.root.get_by_label(label).set_checked(False)
        assert drawn() == want
        both.root.get_by_label(label).set_checked(True)


def logits_of(figure, letter="z"):
    figure.settle()
    values = figure.root.locator(f'text[data-name^="{letter}-"]')
    return np.array([float(v.get_attribute("data-value")) for v in values.all()])


def test_softmax(figure):
    softmax = figure("softmax")
    softmax.set_range("classes k", 4)
    softmax.set_range("add c to all", 0)
    softmax.set_range("stretch s", 1.5)
    bar = softmax.root.get_by_role("slider", name="z₂")
    before = logits_of(softmax)
    softmax.drag(bar, 0, 20)
    z = logits_of(softmax)
    assert z[1] < before[1]
    y = logits_of(softmax, "y")
    close(y, Softmax(stretch=1.5)(z))
    jacobian = Softmax(stretch=1.5).jacobian(z)
    cells = softmax.root.locator("[data-cell]")
    assert cells.count() == 16
    for cell in cells.all():
        i, k = map(int, cell.get_attribute("data-cell").split(","))
        close(float(cell.get_attribute("data-value")), jacobian[i - 1, k - 1])
    softmax.set_range("add c to all", 3)
    np.testing.assert_allclose(logits_of(softmax), z + 3)
    close(logits_of(softmax, "y"), y)
    assert softmax.number("moved") < 1e-15


def test_each_cell_explains_itself(figure):
    softmax = figure("softmax")
    note = softmax.root.get_by_role("status")
    for i, j in [(1, 1), (1, 2), (2, 1)]:
        softmax.root.locator(f'[data-cell="{i},{j}"]').click()
        softmax.settle()
        text = note.text_content()
        assert text.startswith("i = j: ∂" if i == j else "i ≠ j: ∂")
        value = float(
            softmax.root.locator(f'[data-cell="{i},{j}"]').get_attribute("data-value")
        )
        said = re.search(r" = ([−\d.]+(?: × 10[⁻⁰-⁹¹²³]+)?)\. More", text)[1]
        if "×" not in said:
            assert float(said.replace("−", "-")) == pytest.approx(value, rel=1e-3)
    softmax.root.locator('[data-cell="1,1"]').click()
    softmax.page.keyboard.press("ArrowRight")
    softmax.settle()
    assert softmax.page.evaluate("document.activeElement.dataset.cell") == "1,2"


def test_vjp(figure):
    vjp = figure("vjp")
    vjp.set_range("stretch s", 2)
    vjp.drag(vjp.root.get_by_role("slider", name="g₂"), 0, -25)
    vjp.drag(vjp.root.get_by_role("slider", name="z₃"), 0, -15)
    z, g = logits_of(vjp), logits_of(vjp, "g")
    assert g[1] > 0
    close(logits_of(vjp, "d"), Softmax(stretch=2.0).vjp(z, g))
    close(vjp.number("c"), Softmax(stretch=2.0)(z) @ g)
    assert abs(vjp.number("sum")) < 1e-14
    assert vjp.number("gap") < 1e-14
    vjp.root.locator('[data-cell="1,2"]').click()
    vjp.settle()
    product = float(vjp.root.get_by_role("status").get_attribute("data-value"))
    close(product, Softmax(stretch=2.0).vjp(z, g)[1])
    vjp.set_range("classes k", 3)
    assert vjp.number("closed") == 4999
    assert vjp.number("full") == 4_000_000


def press_on(figure, slider, key):
    figure.root.get_by_role("slider", name=slider, exact=True).focus()
    figure.page.keyboard.press(key)
    figure.settle()


def test_graph_in_numbers(figure):
    """Every number on the page is that of actgrad's layers, in both directions."""
    network = figure("graph")
    network.press("All steps")
    network.root.get_by_label("activation f").select_option("tanh")
    network.root.get_by_label("derivatives").select_option("backward")
    for name, key, dx in (("w₂₁", "Home", 40), ("x₂", "End", -30)):
        press_on(network, name, key)
        network.drag(network.root.get_by_role("slider", name=name), dx, 0)
    names = ["x1", "x2", "w11", "w12", "w21", "w22", "b1", "b2", "v1", "v2", "t"]
    x1, x2, w11, w12, w21, w22, b1, b2, v1, v2, t = map(network.number, names)
    assert (w21, x2) == (-2.5, 2.6)
    layers = Sequential(
        (
            Dense([[w11, w12], [w21, w22]], [b1, b2], Tanh()),
            Dense([[v1], [v2]], [0.0]),
        )
    )
    y, vjp = layers.value_and_vjp([[x1, x2]])
    loss, upstream = SquaredError().value_and_gradient(y, [[t]])
    hidden, out = vjp(upstream)
    close(network.number("y"), y[0, 0])
    close(network.number("L"), loss)
    for name, want in {
        **dict(zip(("dx1", "dx2"), hidden.x[0], strict=True)),
        **dict(zip(("dw11", "dw12", "dw21", "dw22"), hidden.weights.ravel(), strict=True)),
        **dict(zip(("db1", "db2"), hidden.bias, strict=True)),
        **dict(zip(("dv1", "dv2"), out.weights.ravel(), strict=True)),
        **dict(zip(("da1", "da2"), out.x[0], strict=True)),
        "dy": upstream[0, 0],
    }.items():
        close(network.number(name), want)
    # What comes back on the two edges of an input is its derivative, added up.
    close(network.number("x1-z1") + network.number("x1-z2"), hidden.x[0, 0])
    assert "added" in network.root.get_by_role("status").text_content()
    backward = network.number("dw12")
    network.root.get_by_label("derivatives").select_option("w12")
    close(network.number("dL"), backward)
    assert "gives this" in network.root.get_by_role("status").text_content()
    network.root.get_by_label("derivatives").select_option("backward")


def test_graph_shows_what_is_computed_so_far(figure):
    network = figure("graph")
    network.root.get_by_label("derivatives").select_option("backward")
    network.press("To the start")
    values = ["z1", "z2", "a1", "a2", "y", "L"]

    def known():
        network.settle()
        names = [f"d{n}" for n in [*values, "x1", "x2", "w11", "w22", "v1"]] + values
        cells = {name: network.root.locator(f'[data-name="{name}"]') for name in names}
        return {n for n, cell in cells.items() if cell.get_attribute("data-value")}

    assert known() == set()
    for n in range(1, 7):
        network.press("Next step")
        assert known() == set(values[:n])
    after = [{"dy", "dL", "dv1"}, {"da1"}, {"da2"}, {"dz1", "dw11"}, {"dz2", "dw22"}]
    expected = set(values)
    for new in [*after, {"dx1"}, {"dx2"}]:
        network.press("Next step")
        expected |= new
        assert known() == expected
    network.press("One step back")
    assert known() == expected - {"dx2"}


def test_a_closed_gate_lets_nothing_back(figure):
    network = figure("graph")
    network.press("All steps")
    network.root.get_by_label("derivatives").select_option("backward")
    network.root.get_by_label("activation f").select_option("relu")
    for name in ("x₁", "w₁₂", "x₂", "v₁", "v₂"):
        press_on(network, name, "End")
    for name in ("w₂₂", "t"):
        press_on(network, name, "Home")
    press_on(network, "b₂", "Home")
    assert network.number("z2") == -3
    assert network.number("z2-a2") == 0
    for name in ("dz2", "dw12", "dw22", "db2", "dv2"):
        assert network.number(name) == 0
    close(network.number("dx1"), network.number("dz1") * network.number("w11"))
    press_on(network, "b₂", "End")
    assert network.number("z2-a2") == 1
    assert network.number("db2") != 0


def test_network(figure):
    network = figure("network")
    network.root.get_by_label("activation").select_option("sigmoid")
    network.set_range("depth", 12)
    network.set_range("scale of W", 1)
    network.set_range("layer", 1)
    sizes = [network.number("forward"), network.number("backward")]
    known = [
        [passes.rms(passes.values)[1], passes.rms(passes.gradients)[1]]
        for passes in (propagate("sigmoid", 12, 1.0, seed) for seed in range(1, 8))
    ]
    assert any(np.allclose(sizes, pair, rtol=1e-12, atol=0) for pair in known)
    assert network.number("ratio") < 1e-5
    before = sizes[0]
    network.press("New weights")
    assert network.number("forward") != before
    network.root.get_by_label("activation").select_option("relu")
    network.set_range("depth", 20)
    network.set_range("layer", 20)
    assert network.number("dead") > 0
    assert len(network.root.locator('[data-curve="dead"]').get_attribute("d")) > 100


def test_precision(figure):
    precision = figure("precision")
    precision.root.get_by_label("formula").select_option("sigmoid-gradient")
    precision.press("Where float64 fails")
    x = precision.range("x").input_value()
    assert abs(float(x) - 53 * np.log(2)) < 0.02
    assert precision.number("textbook-double") == 0
    assert precision.number("textbook-double-error") == 1
    assert precision.number("accurate-double-error") < 1e-15
    assert precision.number("accurate-single-error") < 1e-6
    at = float(
        precision.root.get_by_role("slider", name="Place x").get_attribute("aria-valuenow")
    )
    close(precision.number("truth"), Sigmoid().gradient(at), 1e-16)
    assert "first gives 0" in precision.root.get_by_role("status").text_content()
    curve = precision.root.locator('[data-curve="textbook-single"]')
    precision.root.get_by_label("float32", exact=True).set_checked(False)
    precision.settle()
    assert curve.get_attribute("d") == ""
    precision.root.get_by_label("float32", exact=True).set_checked(True)


def test_stepper_takes_the_derivation_above_it(opened):
    steppers = opened.locator(".actgrad-stepper")
    tables = opened.locator("table.derivation")
    assert steppers.count() == tables.count() == 2
    for i in range(2):
        stepper, rows = steppers.nth(i), tables.nth(i).locator("tbody tr")

        def shown(rows=rows):
            opened.wait_for_timeout(60)
            return sum(row.is_visible() for row in rows.all())

        stepper.get_by_role("button", name="First line only").click(force=True)
        assert shown() == 1
        stepper.get_by_role("button", name="Next line").click()
        assert shown() == 2
        opened.keyboard.press("ArrowRight")
        assert shown() == 3
        opened.keyboard.press("ArrowLeft")
        assert shown() == 2
        rule = rows.nth(1).locator("strong").text_content()
        status = stepper.get_by_role("status").text_content()
        # The rule of the next line is a hint; the line itself is shown on request.
        hint = rows.nth(2).locator("strong").text_content()
        assert status == f"Line 2 of {rows.count()}: {rule}. Next: {hint}"
        assert rows.nth(2).locator("strong").is_visible()
        assert not rows.nth(2).locator(".derivation-step").is_visible()
        assert not rows.nth(3).locator("strong").is_visible()
        stepper.get_by_role("button", name="All lines").click(force=True)
        assert shown() == rows.count()
        opened.keyboard.press("Home")
        assert shown() == 1


def test_stepper_keeps_its_place_under_the_pointer(opened):
    stepper = opened.locator(".actgrad-stepper").first
    stepper.get_by_role("button", name="First line only").click(force=True)
    button = stepper.get_by_role("button", name="Next line")
    button.click()
    opened.wait_for_timeout(60)
    before = button.bounding_box()["y"]
    button.click()
    opened.wait_for_timeout(60)
    assert abs(button.bounding_box()["y"] - before) <= 1


SCREENS = [(1280, 900), (375, 667), (320, 640)]
# What was seen from the first frame on: the most lines at once, and every shift of the layout.
WATCH = """
  window.seen = { lines: 0, shifts: 0 };
  new PerformanceObserver((list) => list.getEntries().forEach((e) => seen.shifts += e.value))
    .observe({ type: "layout-shift", buffered: true });
  (function look() {
    const rows = [...document.querySelectorAll("table.derivation tbody tr")]
      .filter((row) => row.checkVisibility({ visibilityProperty: true }));
    seen.lines = Math.max(seen.lines, rows.length);
    requestAnimationFrame(look);
  })();
"""
# Where the present line and the controls are; and what reaches beyond the window.
PLACES = """() => {
  const box = (element) => element.getBoundingClientRect();
  const header = [...document.querySelectorAll(".bd-header, .bd-header-article")]
    .filter((e) => /sticky|fixed/.test(getComputedStyle(e).position))
    .reduce((bottom, e) => Math.max(bottom, box(e).bottom), 0);
  const line = box(document.querySelector("tr.actgrad-now"));
  const controls = box(document.querySelector(".actgrad-stepper"));
  return { header, top: line.top, bottom: line.bottom, controls: controls.top,
    end: controls.bottom, height: box(document.querySelector("table.derivation")).height,
    out: [...document.querySelectorAll(".derivation-rule, .actgrad-stepper *")]
      .filter((e) => box(e).right > innerWidth + 0.5 || box(e).left < -0.5).length };
}"""


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_stepper_starts_without_a_jump(chromium, explorers_address, width, height):
    context = chromium.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(f"{explorers_address}derivation.html")
    page.wait_for_selector(".actgrad-steps[data-ready] .actgrad-stepper")
    page.wait_for_timeout(300)
    seen = page.evaluate("seen")
    rows = page.locator("table.derivation tbody tr")
    assert rows.count() >= 8
    assert seen["lines"] == 1
    assert seen["shifts"] <= 0.02
    start = page.evaluate(PLACES)
    for _ in range(rows.count() - 1):
        page.get_by_role("button", name="Next line").click()
        page.wait_for_timeout(60)
        now = page.evaluate(PLACES)
        assert now["height"] == start["height"]
        assert now["out"] == 0
        assert now["header"] <= now["top"] + 1
        assert now["bottom"] <= now["controls"] + 1
        assert now["end"] <= height + 1
    assert all(row.is_visible() for row in rows.all())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_derivation_is_whole_without_javascript(open_page, explorers_address, width, height):
    page = open_page(
        f"{explorers_address}derivation.html",
        java_script_enabled=False,
        viewport={"width": width, "height": height},
    ).page
    rows = page.locator("table.derivation tbody tr")
    assert rows.count() >= 8
    assert all(row.is_visible() for row in rows.all())
    rules = [rule.bounding_box() for rule in page.locator(".derivation-rule").all()]
    assert all(r["x"] >= 0 and r["x"] + r["width"] <= width for r in rules)


def test_a_rule_stands_below_a_line_that_needs_the_width(open_page, explorers_address):
    below = set()
    for name in ("derivation", "explorers"):
        page = open_page(f"{explorers_address}{name}.html").page
        below |= set(
            page.evaluate(
                "[...document.querySelectorAll('.derivation-line')].map((line) => {"
                " const [step, rule] ="
                "   [...line.children].map((e) => e.getBoundingClientRect());"
                " return rule.top >= step.bottom - 1; })"
            )
        )
    assert below == {True, False}


def test_a_stepper_that_cannot_start_leaves_the_derivation(chromium, explorers_address):
    context = chromium.new_context()
    page = context.new_page()

    def spoil(route):
        html = route.fetch().text().replace('"module":"', '"module":"none')
        route.fulfill(body=html, content_type="text/html")

    page.route("**/derivation.html", spoil)
    page.goto(f"{explorers_address}derivation.html")
    page.wait_for_function("!document.documentElement.matches('.actgrad-live')")
    assert all(row.is_visible() for row in page.locator("table.derivation tbody tr").all())
    context.close()


# --- what is written at bars, in cells and in numbers

OVERLAPS = """root => {
  const boxes = [...root.querySelectorAll(".actgrad-bar-value")]
    .map((e) => [e.textContent, e.closest("svg"), e.getBoundingClientRect()]);
  return boxes.flatMap(([text, svg, a], n) => boxes.slice(n + 1)
    .filter(([, other, b]) => other === svg && a.left < b.right && b.left < a.right
      && a.top + 2 < b.bottom && b.top + 2 < a.bottom).map(([other]) => [text, other]));
}"""


BOXES = """root => {
  const boxes = [...root.querySelectorAll(".actgrad-graph g > rect.actgrad-box, .actgrad-graph "
    + "text[data-name*='-']")].filter((e) => e.localName === "rect" || e.textContent)
    .map((e) => [e.dataset.name ?? e.parentNode.textContent, e.getBoundingClientRect()]);
  return boxes.flatMap(([text, a], n) => boxes.slice(n + 1).filter(([, b]) =>
    a.left + 1 < b.right && b.left + 1 < a.right && a.top + 3 < b.bottom
      && b.top + 3 < a.bottom).map(([other]) => [text, other]));
}"""


@pytest.mark.parametrize("width", [1100, 375, 320])
def test_numbers_of_a_graph_keep_apart(open_page, explorers_address, width):
    page = open_page(
        f"{explorers_address}explorers.html", viewport={"width": width, "height": 900}
    ).page
    network = Figure(page, TITLES["graph"])
    for step in (6, 13):
        network.set_range("step", step)
        assert network.root.locator(".actgrad-graph rect.actgrad-box").count() == 17
        assert network.root.evaluate(BOXES) == []


@pytest.mark.parametrize("width", [1100, 320])
def test_labels_keep_apart(open_page, explorers_address, width):
    page = open_page(
        f"{explorers_address}explorers.html", viewport={"width": width, "height": 900}
    ).page
    softmax = Figure(page, TITLES["softmax"])
    softmax.set_range("classes k", 6)
    softmax.set_range("stretch s", 10)
    assert softmax.root.locator('text[data-name^="y-"]').count() == 6
    assert softmax.root.evaluate(OVERLAPS) == []


def test_no_false_zero(figure):
    for name in ("softmax", "vjp"):
        explorer = figure(name)
        explorer.set_range("stretch s", 10)
        explorer.settle()
        shown = explorer.root.locator("[data-cell], .actgrad-bar-value").evaluate_all(
            "all => all.map((e) => [e.textContent, Number(e.dataset.value)])"
        )
        zero = [
            (text, value) for text, value in shown if value and not re.search("[1-9]", text)
        ]
        assert zero == []
        assert any("·10⁻" in text for text, _ in shown)
    explorer.set_range("stretch s", 1)


def test_rounding_is_called_rounding(figure):
    vjp = figure("vjp")
    vjp.set_range("stretch s", 1)
    before = logits_of(vjp, "d")
    vjp.set_range("add to every g", 5)
    np.testing.assert_allclose(logits_of(vjp, "d"), before, rtol=0, atol=1e-15)
    for name in ("sum", "gap"):
        cell = vjp.root.locator(f'[data-name="{name}"]')
        exact = float(cell.get_attribute("data-value")) == 0
        assert cell.text_content() == ("0.00000" if exact else "0 up to rounding")
    vjp.set_range("add to every g", 0)
    both = figure("rescaled")
    for label, value in [("a", 2), ("s", 2), ("c", -1)]:
        both.set_range(label, value)
    said = both.root.locator('[data-name="gap"]').text_content()
    assert re.fullmatch(r"0 up to rounding: \d\.\d × 10⁻¹[⁵⁶]", said)
    both.set_range("s", 1)
    assert "rounding" not in both.root.locator('[data-name="gap"]').text_content()


# --- lines and places


@pytest.mark.parametrize("name", ["rescaled", "precision", "network"])
def test_the_line_itself_can_be_dragged(figure, name):
    explorer = figure(name)
    handle = explorer.root.locator("g[role=slider]").first
    handle.scroll_into_view_if_needed()
    plot = explorer.root.locator("svg.actgrad-plot").first.bounding_box()
    before = float(handle.get_attribute("aria-valuenow"))
    ends = [handle.get_attribute(f"aria-value{end}") for end in ("min", "max")]
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, plot["y"] + plot["height"] * 0.3
    side = 1 if x < plot["x"] + plot["width"] / 2 else -1
    explorer.page.mouse.move(x, y)
    explorer.page.mouse.down()
    explorer.page.mouse.move(x + 120 * side, y + 4)
    explorer.page.mouse.up()
    explorer.settle()
    after = float(handle.get_attribute("aria-valuenow"))
    assert (after - before) * side > 0
    assert [handle.get_attribute(f"aria-value{end}") for end in ("min", "max")] == ends
    moved = handle.bounding_box()["x"] - box["x"]
    assert abs(moved - 120 * side) <= (2 if name != "network" else 60)


def test_dragged_places_are_round(figure):
    sigmoid = figure("sigmoid")
    sigmoid.press("Reset view")
    handle = sigmoid.root.get_by_role("slider", name="Point x on the curve")
    for dx in (31, 17, -53):
        sigmoid.drag(handle, dx, 0)
        assert abs(sigmoid.number("x") * 100 - round(sigmoid.number("x") * 100)) < 1e-9
        assert len(repr(sigmoid.number("x"))) <= 6


def test_nothing_is_boxed_after_a_drag(figure):
    for name in ("sigmoid", "rescaled", "softmax"):
        explorer = figure(name)
        handle = explorer.root.locator("g[role=slider]").first
        explorer.drag(handle, 20, 0)
        look = handle.evaluate("e => getComputedStyle(e).outlineStyle")
        assert look == "none"


def test_the_view_follows_what_is_drawn(figure):
    limit = figure("limit")
    limit.press("Reset view")
    values = limit.root.get_by_label("Functions f (solid)")
    ticks = limit.root.locator("svg.actgrad-plot .actgrad-grid").first

    def highest():
        limit.settle()
        texts = ticks.evaluate(
            "g => [...g.querySelectorAll('[text-anchor=end]')].map(t => t.textContent)"
        )
        return max(float(text.replace("−", "-")) for text in texts)

    values.set_checked(True)
    whole = highest()
    values.set_checked(False)
    assert highest() <= 1.1 < whole
    values.set_checked(True)
    assert highest() == whole


def test_dark_pages_have_lighter_curves(open_page, explorers_address):
    for scheme, key in (("light", "color"), ("dark", "dark")):
        page = open_page(f"{explorers_address}ten.html", wait=False, color_scheme=scheme).page
        page.wait_for_selector("[data-ready] [data-curve=function][d]")
        colour = palette()["series"][0][key]
        want = f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"
        strokes = page.evaluate(
            "[document.querySelector('[data-curve=function]'),"
            " [...document.querySelectorAll('.actgrad-still path')].find((e) =>"
            "   e.getAttribute('style')?.includes('series-0'))]"
            ".map((e) => getComputedStyle(e).stroke)"
        )
        assert strokes == [want, want]


# --- the page around them


def test_only_explorers_in_view_are_started(chromium, explorers_address):
    context = chromium.new_context(viewport={"width": 1100, "height": 700})
    page = context.new_page()
    page.goto(f"{explorers_address}ten.html")
    page.wait_for_selector("[data-ready]")
    page.wait_for_timeout(300)
    assert page.locator(".actgrad-explorer").count() == 10
    assert page.locator(".actgrad-explorer[data-ready]").count() < 5
    last = page.locator(".actgrad-explorer").last
    last.scroll_into_view_if_needed()
    page.wait_for_function("view => 'ready' in view.dataset", arg=last.element_handle())
    context.close()


def test_a_page_loads_a_module_for_each_kind_of_explorer_that_it_has(
    open_page, explorers_address
):
    for name, count in (("index", 0), ("ten", 1)):
        watched = open_page(f"{explorers_address}{name}.html")
        assert watched.page.locator("#actgrad-explorers").count() == count
        loaded = [url for url in watched.requests if "/_static/explorers/" in url]
        assert len(loaded) == count


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_explorers_fit_a_phone(open_page, explorers_address, scheme):
    watched = open_page(
        f"{explorers_address}explorers.html",
        viewport={"width": 320, "height": 640},
        color_scheme=scheme,
        has_touch=True,
        is_mobile=True,
    )
    page = watched.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    wide = page.evaluate(
        "[...document.querySelectorAll('.actgrad *')].filter((e) => e.getClientRects().length "
        "&& !e.closest('[clip-path]') && e.getBoundingClientRect().right > 320.5)"
        ".map((e) => `${e.tagName}.${e.className.baseVal ?? e.className}`)"
    )
    assert wide == []
    assert watched.complaints == []
    low = page.evaluate(
        "[...document.querySelectorAll('.actgrad button, .actgrad select')]"
        ".filter((e) => e.getClientRects().length && e.getBoundingClientRect().height < 43)"
        ".map((e) => e.textContent)"
    )
    assert low == []


def test_explorers_at_200_percent(open_page, explorers_address):
    """A window of 1280 pixels at 200 % is one of 640 with two device pixels to each."""
    watched = open_page(
        f"{explorers_address}explorers.html",
        viewport={"width": 640, "height": 450},
        device_scale_factor=2,
    )
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 640


def test_larger_text_alone_breaks_nothing(open_page, explorers_address):
    watched = open_page(
        f"{explorers_address}explorers.html", viewport={"width": 700, "height": 700}
    )
    watched.page.add_style_tag(content="html { font-size: 200% !important }")
    watched.page.wait_for_timeout(200)
    spilled = watched.page.evaluate(
        "[...document.querySelectorAll('.actgrad')]"
        ".filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.ariaLabel)"
    )
    assert spilled == []


def test_reduced_motion(open_page, explorers_address):
    watched = open_page(f"{explorers_address}explorers.html", reduced_motion="reduce")
    moving = watched.page.evaluate(
        "[...document.querySelectorAll('.actgrad, .actgrad *')].filter((e) => {"
        " const { transitionDuration, animationName } = getComputedStyle(e);"
        " return parseFloat(transitionDuration) > 0.001 || animationName !== 'none'; }).length"
    )
    assert moving == 0
    assert watched.page.evaluate("document.getAnimations().length") == 0


def test_print_shows_every_line_and_no_controls(open_page, explorers_address):
    page = open_page(f"{explorers_address}explorers.html").page
    rows = page.locator("table.derivation tbody tr")
    assert sum(row.is_visible() for row in rows.all()) < rows.count()
    page.emulate_media(media="print")
    assert all(row.is_visible() for row in rows.all())
    assert page.locator(".actgrad-controls").first.is_hidden()
    assert page.locator(".actgrad-plot").first.is_visible()


def test_without_javascript_the_derivation_is_whole(open_page, explorers_address):
    page = open_page(f"{explorers_address}explorers.html", java_script_enabled=False).page
    rows = page.locator("table.derivation tbody tr")
    assert rows.count() > 10
    assert all(row.is_visible() for row in rows.all())
    assert page.locator(".actgrad-still").count() == 10
    assert page.locator(".actgrad-stepper").count() == 0


def test_explorers_work_from_disk(open_page, explorers_book):
    watched = open_page((explorers_book / "explorers.html").as_uri())
    sigmoid = Figure(watched.page, TITLES["sigmoid"])
    sigmoid.set_range("x", 2)
    close(sigmoid.number("y"), Sigmoid()(2.0))
    assert watched.complaints == []
    assert watched.failures == []


def test_a_broken_explorer_leaves_its_picture(chromium, explorers_address):
    """One explorer that fails takes no other with it, and says so in the console."""
    context = chromium.new_context(viewport={"width": 1100, "height": 900})
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def spoil(route):
        html = route.fetch().text()
        marks = re.findall(r'data-model="([0-9a-f]+)"', html)
        route.fulfill(
            body=re.sub(
                rf'"{marks[0]}":\{{"module":"\w+"', f'"{marks[0]}":{{"module":"none"', html
            ),
            content_type="text/html",
        )

    page.route("**/explorers.html", spoil)
    page.goto(f"{explorers_address}explorers.html")
    page.wait_for_selector(".actgrad-explorer[data-ready]")
    assert page.locator(".actgrad-explorer").first.locator("figure.actgrad-still").is_visible()
    assert len(errors) == 1
    context.close()
