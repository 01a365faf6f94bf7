"""What every explorer promises: settings that check themselves, a picture, a light module."""

import gzip
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import traitlets
from ipywidgets import Widget
from matplotlib.figure import Figure

import actgrad.explorers as explorers
from actgrad.derivations import sigmoid_by_chain_rule
from actgrad.explorers import ActivationExplorer, ComparisonExplorer, DerivationStepper
from actgrad.explorers._base import module_text, style_text
from actgrad.explorers._palette import css, palette

# Every module can draw each of the atlas's functions.
MOST_BYTES = 15_000
CLASSES = [name for name in explorers.__all__ if name[0].isupper() and name != "Exploration"]


@pytest.fixture(params=CLASSES)
def cls(request):
    """Each explorer's class."""
    return getattr(explorers, request.param)


def test_the_explorers():
    assert CLASSES == [
        "ActivationExplorer",
        "BackpropagationExplorer",
        "ComparisonExplorer",
        "DepthExplorer",
        "DerivationStepper",
        "NetworkExplorer",
        "PrecisionExplorer",
        "SoftmaxExplorer",
        "VJPExplorer",
    ]


def test_module_is_light(cls):
    stem = cls.__module__.rpartition(".")[2]
    text = module_text(stem) + style_text(stem)
    assert len(gzip.compress(text.encode())) <= MOST_BYTES


def test_module_stands_alone(cls):
    text = module_text(cls.__module__.rpartition(".")[2])
    assert not re.search(r"^import\b|\bimport\(|https?://(?!www\.w3\.org/2000/svg)", text, re.M)
    assert re.findall(r"^export .*", text, re.M) == [
        "export default { render };"
    ] or re.findall(r"^export .*", text, re.M) == ["export default { render: rebuilding };"]


def test_unknown_setting_is_refused(cls):
    with pytest.raises(TypeError, match=f"{cls.__name__} has no setting 'colour'; choose from"):
        cls(colour="red")


def test_settings_travel_to_the_page(cls):
    explorer = cls()
    state = explorer.get_state()
    assert set(cls.settings()) <= set(state)
    assert {"_esm", "_css"} <= set(state)


def test_picture_has_a_text_alternative(cls):
    explorer = cls()
    text = explorer.describe()
    assert len(text) > 40
    if cls is DerivationStepper:
        assert explorer.fallback == "<!-- controls of the derivation above -->"
        return
    tree = ET.fromstring(explorer.fallback)
    assert tree.tag == "figure"
    picture = tree.find("{http://www.w3.org/2000/svg}svg")
    assert picture.get("role") == "img"
    assert picture.get("aria-label") == text
    colours = set(re.findall(r"#[0-9a-fA-F]{6}", explorer.fallback))
    assert any(
        style["color"].lower() in {c.lower() for c in colours} for style in palette()["series"]
    )


def test_picture_follows_the_settings(cls):
    if cls is DerivationStepper:
        return
    explorer = cls()
    before = explorer.fallback
    name, value = {
        "ActivationExplorer": ("x_range", (-2, 2)),
        "BackpropagationExplorer": ("depth", 3),
        "ComparisonExplorer": ("shown", ["tanh"]),
        "DepthExplorer": ("layers", 3),
        "NetworkExplorer": ("target", 1.0),
        "PrecisionExplorer": ("single", False),
        "SoftmaxExplorer": ("stretch", 2),
        "VJPExplorer": ("stretch", 2),
    }[cls.__name__]
    setattr(explorer, name, value)
    data, _ = explorer._repr_mimebundle_()
    assert explorer.fallback != before
    assert data["image/svg+xml"] in explorer.fallback
    assert data["text/plain"] == explorer.describe()


def test_same_picture_for_the_same_state(cls):
    assert cls().fallback == cls().fallback


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"function": "staircase"}, "function must be one of sigmoid, tanh"),
        ({"overlay": 3}, 'overlay must be one of "", sigmoid'),
        ({"x": "1"}, "x must be a finite number; got '1'"),
        ({"x": True}, "x must be a finite number; got True"),
        ({"x": np.inf}, "x must be a finite number; got inf"),
        (
            {"x_range": (1, 1)},
            r"x_range must be two finite numbers \(from, to\) with from < to",
        ),
        ({"x_range": 3}, "x_range must be two finite numbers"),
        ({"y_range": (0, np.nan)}, "y_range must be two finite numbers"),
        ({"kink_weight": 1.5}, "kink_weight must be a number from 0 to 1; got 1.5"),
        ({"log_step": 1}, "log_step must be a number from -16 to 0; got 1"),
        ({"difference": 1}, "difference must be True or False; got 1"),
        (
            {"parameters": {"beta": 1}},
            "sigmoid has no parameter 'beta'; its parameters are: none",
        ),
    ],
)
def test_messages(state, message):
    with pytest.raises(traitlets.TraitError, match=message):
        ActivationExplorer(**state)


@pytest.mark.parametrize("name", ["x", "x_range", "overlay", "kink_weight", "difference"])
def test_every_assignment_is_checked(name):
    explorer = ActivationExplorer()
    before = getattr(explorer, name)
    with pytest.raises(traitlets.TraitError, match=f"{name} must be"):
        setattr(explorer, name, [])
    assert getattr(explorer, name) == before


def test_parameters_are_completed_and_checked():
    explorer = ActivationExplorer("softplus")
    assert explorer.parameters == {"beta": 1.0}
    explorer.parameters = {"beta": 2}
    assert explorer.parameters == {"beta": 2.0}
    for wrong in (0.0, 11, "2"):
        with pytest.raises(
            traitlets.TraitError, match=r"beta must be a number from 0\.1 to 10"
        ):
            explorer.parameters = {"beta": wrong}
    explorer.function = "leaky_relu"
    assert explorer.parameters == {"negative_slope": 0.01}


def test_numpy_numbers_are_numbers():
    explorer = ActivationExplorer(x=np.float32(0.5))
    assert type(explorer.x) is float
    explorer.x = np.int64(3)
    assert explorer.x == 3.0


def test_view_has_room_for_both_curves():
    low, high = ActivationExplorer("relu").y_range
    assert low < 0
    assert high > 8


def test_comparison():
    explorer = ComparisonExplorer(["softplus", "relu"], parameters={"softplus": {"beta": 2.0}})
    assert explorer.shown == ["softplus", "relu"]
    assert explorer.parameters == {"softplus": {"beta": 2.0}, "relu": {}}
    for state, message in [
        ({"shown": ["tanh"]}, "shown must name functions that are compared: softplus, relu"),
        ({"rescale": "tanh"}, "rescale must name functions that are compared"),
        ({"parameters": {"tanh": {}}}, "'tanh' is not compared"),
        ({"functions": ["tanh", "tanh"]}, "functions must be a list of 1 to 6 different names"),
        ({"functions": ["tanh", "stairs"]}, "functions must be a list of names out of sigmoid"),
        ({"stretch": 0}, "stretch must be a number from 0.1 to 4; got 0"),
    ]:
        with pytest.raises(traitlets.TraitError, match=message):
            explorer.set_trait(*next(iter(state.items())))
    explorer.functions = ["tanh", "sigmoid"]
    assert explorer.shown == ["tanh", "sigmoid"]


def test_tanh_is_a_rescaled_sigmoid():
    explorer = ComparisonExplorer(
        ["tanh", "sigmoid"], rescale="sigmoid", scale=2, stretch=2, shift=-1
    )
    (_, tanh, slope), (_, moved, moved_slope) = explorer._curves()
    np.testing.assert_allclose(moved, tanh, atol=1e-15)
    np.testing.assert_allclose(moved_slope, slope, atol=1e-15)


def test_stepper():
    derivation = sigmoid_by_chain_rule()
    stepper = DerivationStepper(derivation)
    assert stepper.lines == derivation._repr_markdown_().partition("\n\n")[0].count("\n") - 1
    stepper.step = stepper.lines
    with pytest.raises(traitlets.TraitError, match=f"from 1 to {stepper.lines}, the lines"):
        stepper.step = stepper.lines + 1
    with pytest.raises(TypeError, match="pass a derivation of"):
        DerivationStepper("sigmoid")


def test_stepper_displays_the_derivation_itself(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *what, **how: shown.append(what[0]))
    derivation = sigmoid_by_chain_rule()
    DerivationStepper(derivation)._ipython_display_()
    assert shown[0] is derivation
    assert "application/vnd.jupyter.widget-view+json" in shown[1]
    assert "frac" not in str(shown[1])


def test_palette_is_one():
    colours = palette()
    style = css()
    for role in ("function", "derivative", "overlay", "difference"):
        assert f"--actgrad-{role}: var(--actgrad-series-{colours[role]['series']})" in style
    for key in ("color", "dark"):
        assert len({s[key] for s in colours["series"]}) == len(colours["series"]) == 6
        assert all(f": {s[key]};" in style for s in colours["series"])


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def test_dark_colours_stand_out():
    """WCAG's contrast on the theme's dark ground, and on that of a dark JupyterLab."""
    for ground in ("#14181E", "#212121"):
        for style in palette()["series"]:
            contrast = (luminance(style["dark"]) + 0.05) / (luminance(ground) + 0.05)
            assert contrast >= 4.5, (style, contrast)


def test_pictures_follow_the_theme():
    picture = ActivationExplorer().fallback
    for number in (0, 1):
        colour = palette()["series"][number]["color"]
        assert f"stroke: var(--actgrad-series-{number}, {colour})" in picture
        assert f": {colour.lower()}" not in picture


@pytest.fixture(autouse=True)
def _forget_widgets():
    yield
    Widget.close_all()


@pytest.mark.parametrize(("name", "jumps"), [("relu", 1), ("elu", 0), ("sigmoid", 0)])
@pytest.mark.parametrize("explorer", [ActivationExplorer, ComparisonExplorer])
def test_no_line_joins_the_sides_of_a_jump(explorer, name, jumps):
    shown = explorer(name) if explorer is ActivationExplorer else explorer([name])
    figure = Figure()
    shown.draw(figure)
    slope = figure.axes[0].lines[1].get_ydata()
    assert np.isnan(slope).sum() == jumps
    if jumps:
        assert np.nanmax(np.abs(np.diff(slope))) < 0.1


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("compare", "overlay"),
        ("h", "log_step"),
        ("x_rnage", "x_range"),
        ("alpha", "parameters"),
    ],
)
def test_unknown_attribute_is_refused(name, meant):
    explorer = ActivationExplorer()
    message = f"has no setting '{name}'; did you mean '{meant}'\\? choose from"
    with pytest.raises(AttributeError, match=message):
        setattr(explorer, name, "tanh")
    with pytest.raises(TypeError, match=message):
        ActivationExplorer(**{name: "tanh"})


def test_unlike_attribute_is_refused(cls):
    with pytest.raises(AttributeError, match=f"{cls.__name__} has no setting 'colour'; choose"):
        cls().colour = "red"


def test_room_follows_what_is_drawn():
    explorer = ComparisonExplorer(["softplus", "relu"])
    whole = explorer.y_range
    explorer.values = False
    assert explorer.y_range[1] < 1.2 < whole[1]
    explorer.values = True
    assert explorer.y_range == whole
    given = ComparisonExplorer(["relu"], values=False, y_range=(-1, 3))
    assert given.y_range == (-1.0, 3.0)
