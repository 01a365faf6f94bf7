"""Events faster than frames: what a reader asks for reaches the model, drawn or not."""

import json
import re
from pathlib import Path

import pytest
from ipywidgets import Widget

import actgrad.explorers as explorers
from actgrad.derivations import sigmoid_by_chain_rule

pytestmark = pytest.mark.browser

# A model that keeps its state where the test can see it; `burst` runs within one task.
PAGE = """<!doctype html><html lang="en"><title>t</title><style>%s</style>
<table><thead><tr><th>left</th><th>step</th><th>rule</th></tr></thead>
<tbody>%s</tbody></table><main style="width: 600px"></main>
<script type="module">
const url = URL.createObjectURL(new Blob([%s], { type: "text/javascript" }));
const explorer = (await import(url)).default;
const state = %s;
const listeners = [];
const emit = (event) => listeners.filter(([name]) => name === event).forEach(([, f]) => f());
const model = {
  get: (name) => state[name],
  set(changes) {
    for (const [name, value] of Object.entries(changes)) {
      state[name] = value;
      emit(`change:${name}`);
    }
    emit("change");
  },
  on: (events, f) => events.split(" ").forEach((event) => listeners.push([event, f])),
  off() {},
  save_changes() {},
};
Object.assign(window, { state, settled: () => new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)))) });
// Pointers that are not the browser's own cannot be captured.
Element.prototype.setPointerCapture = () => {};
const main = document.querySelector("main");
const named = (label) => [...main.querySelectorAll("*")].find((element) =>
  (element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent
    ?? (element.localName === "button" ? element.textContent : null)) === label);
window.does = {
  key: (label, key) => named(label).dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })),
  cell: (place, key) => {
    const cell = main.querySelector(`[data-cell="${place}"]`);
    if (key) cell.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    else cell.click();
  },
  press: (label) => named(label).click(),
  put: (label, value) => {
    const input = named(label);
    if (input.type === "checkbox") input.checked = value; else input.value = value;
    input.dispatchEvent(new Event(input.type === "range" ? "input" : "change"));
  },
  // To a share of the plot's inner width, its height or both.
  drag: (label, x, y = 0.5) => {
    const target = label ? named(label) : main.querySelector("svg.actgrad-plot");
    const plot = target.closest("svg.actgrad-plot");
    const [box, inner] = [plot, plot.querySelector("clipPath rect")].map((element) =>
      element === plot ? plot.getBoundingClientRect() : element);
    const [left, top, width, height] = ["x", "y", "width", "height"]
      .map((name) => Number(inner.getAttribute(name)));
    const at = { clientX: box.left + left + x * width, clientY: box.top + top + y * height };
    for (const name of ["pointerdown", "pointermove", "pointerup"])
      target.dispatchEvent(new PointerEvent(name,
        { ...at, pointerId: 7, button: 0, bubbles: true, cancelable: true }));
  },
  wheel: (x) => {
    const box = main.querySelector("svg.actgrad-plot").getBoundingClientRect();
    main.querySelector("svg.actgrad-plot").dispatchEvent(new WheelEvent("wheel",
      { deltaY: -1, ctrlKey: true, clientX: box.left + x, clientY: box.top + 50,
        cancelable: true }));
  },
};
window.burst = (events) => {
  for (const [what, ...how] of events) does[what](...how);
  return structuredClone(state);
};
const first = %s;
await explorer.render({ model, el: main });
if (first) window.after = burst(first); else await settled();
window.ready = true;
</script></html>"""
ROWS = "<tr><td></td><td>=</td><td><strong>rule</strong></td></tr>" * 8


@pytest.fixture
def burst(open_page, tmp_path):
    """Return a function: the model's state after events in one task, and the page."""

    def burst_(explorer, events, *, before_any_frame=False):
        state = {name: getattr(explorer, name) for name in explorer.settings()}
        first = events if before_any_frame else None
        parts = [
            json.dumps(part).replace("<", "\\u003c") for part in (explorer._esm, state, first)
        ]
        file = tmp_path / "page.html"
        css = explorer._css
        file.write_text(PAGE % (css, ROWS, *parts), encoding="utf-8")
        page = open_page(file.as_uri(), wait=False).page
        page.wait_for_function("window.ready")
        after = page.evaluate("events => window.after ?? burst(events)", events)
        page.evaluate("settled()")
        return after, page

    yield burst_
    Widget.close_all()


def rounded(value):
    """Round every number of a state."""
    if isinstance(value, dict):
        return {name: rounded(item) for name, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return round(value, 9) if isinstance(value, float) else value


POINT = "Point x on the curve"
PLACE = "Place x of the values"


@pytest.mark.parametrize(
    ("name", "state", "events", "want"),
    [
        # Keys add up.
        ("ActivationExplorer", {"x": 1}, [["key", POINT, "ArrowRight"]] * 5, {"x": 1.5}),
        ("ComparisonExplorer", {"x": 1}, [["key", PLACE, "PageUp"]] * 3, {"x": 4.0}),
        ("PrecisionExplorer", {"x": 1}, [["key", PLACE, "ArrowLeft"]] * 4, {"x": 0.0}),
        (
            "DepthExplorer",
            {"layers": 10},
            [["key", "Number of layers on the plot", "ArrowRight"]] * 3,
            {"layers": 13},
        ),
        (
            "BackpropagationExplorer",
            {"layer": 1},
            [["key", "Layer", "ArrowUp"]] * 6,
            {"layer": 7},
        ),
        ("SoftmaxExplorer", {}, [["key", "z₂", "ArrowUp"]] * 4, {"logits": [2, 1.4, 0.1]}),
        ("VJPExplorer", {}, [["key", "g₂", "ArrowDown"]] * 3, {"cotangent": [1, -0.3, 0, 0]}),
        (
            "NetworkExplorer",
            {"weights": [0.5, -0.5, 0.5, 1], "step": 0},
            [["key", "w₁₂", "ArrowUp"]] * 3 + [["press", "Next step"]] * 2,
            {"weights": [0.5, -0.2, 0.5, 1], "step": 2},
        ),
        # A view that was not drawn yet is the one that a pointer points into.
        (
            "ActivationExplorer",
            {"x_range": (-8, 8)},
            [["press", "Move the view right"], ["press", "Zoom out"], ["drag", POINT, 0.75]],
            {"x_range": [-12, 20], "x": 12},
        ),
        (
            "ComparisonExplorer",
            {"x_range": (-6, 6)},
            [["press", "Move the view left"]] * 2 + [["drag", PLACE, 0.25]],
            {"x_range": [-12, 0], "x": -9},
        ),
        (
            "PrecisionExplorer",
            {"x_range": (0, 40)},
            [["press", "Move the view right"], ["drag", PLACE, 0.5]],
            {"x_range": [10, 50], "x": 30},
        ),
        (
            "BackpropagationExplorer",
            {"depth": 12},
            [["put", "depth", 4], ["drag", "Layer", 0.7]],
            {"depth": 4, "layer": 3},
        ),
        (
            "SoftmaxExplorer",
            {"logits": [0, 0, 0]},
            [["put", "classes k", 4], ["put", "stretch s", 2], ["key", "z₄", "PageUp"]],
            {"logits": [0, 0, 0, 1], "stretch": 2},
        ),
        # Two settings in one frame; a switch twice.
        (
            "ComparisonExplorer",
            {"functions": ["softplus", "elu"]},
            [["put", "Softplus β", 2], ["put", "ELU α", 0.5], ["put", "Softplus", False]],
            {
                "parameters": {"softplus": {"beta": 2}, "elu": {"alpha": 0.5}},
                "shown": ["elu"],
            },
        ),
        (
            "ComparisonExplorer",
            {},
            [["put", "Sigmoid", False], ["put", "Hyperbolic tangent", False]],
            {"shown": []},
        ),
        # The matrix: from the cell that was picked, not the one that was drawn.
        (
            "SoftmaxExplorer",
            {"logits": [0, 0, 0, 0]},
            [["cell", "3,2"], ["cell", "1,1", "ArrowRight"], ["cell", "1,1", "ArrowDown"]],
            {"cell": [4, 3]},
        ),
        (
            "BackpropagationExplorer",
            {"depth": 12, "seed": 9998},
            [["press", "New weights"]] * 3,
            {"seed": 2},
        ),
    ],
)
def test_a_burst_reaches_the_model(burst, name, state, events, want):
    after, _ = burst(getattr(explorers, name)(**state), events)
    for setting, value in want.items():
        assert rounded(after[setting]) == rounded(value), setting


def test_the_wheel_zooms_at_the_pointer_of_the_present_view(burst):
    start = explorers.ActivationExplorer(x_range=(-8, 8))
    once, _ = burst(start, [["press", "Move the view right"], ["wheel", 40]])
    # The plot's left edge, 40 pixels in, stays where it is.
    assert once["x_range"] == pytest.approx([-4, -4 + 16 * 0.8])


def test_a_burst_on_the_jacobian_of_the_product(burst):
    keys = [["cell", "1,1", key] for key in ("ArrowRight", "ArrowRight", "ArrowDown")]
    _, page = burst(explorers.VJPExplorer(), [["cell", "2,1"], *keys])
    picked = page.locator('[role=gridcell][aria-selected="true"]')
    assert picked.get_attribute("data-cell") == "3,3"


def test_the_stepper_before_its_first_frame(burst):
    stepper = explorers.DerivationStepper(sigmoid_by_chain_rule())
    after, page = burst(stepper, [["press", "Next line"]] * 4, before_any_frame=True)
    assert after["step"] == 5
    assert "Line 5 of 8" in page.get_by_role("status").text_content()


def test_every_explorer_with_a_handler_is_tried():
    source = Path(__file__).read_text(encoding="utf-8")
    classes = [n for n in explorers.__all__ if re.fullmatch(r"[A-Z]\w+(Explorer|Stepper)", n)]
    assert len(classes) == 9
    assert all(source.count(name) for name in classes)
