"""The functions that the explorers draw: generated JavaScript against mpmath and actgrad."""

import re
from importlib import resources

import mpmath
import numpy as np
import pytest
import sympy

from actgrad.activations import Linear, ReLU, Sigmoid, Softplus, Tanh
from actgrad.atlas import DEFINITIONS, Definition, Parameter
from actgrad.derivations.functions import ACTIVATIONS, Function
from actgrad.explorers import ActivationExplorer
from actgrad.explorers._javascript import functions_module, javascript

# Where the rounding of an argument counts a thousand times, as the book's classes avoid.
STEEP = {"laplace", "derf", "sine", "snake"}
# Where terms cancel next to 0, which no picture shows.
FLAT = {"log_cosh", "tanhshrink"}
GRID = [*np.linspace(-12, 12, 97), -700.0, -40.0, -1e-9, 1e-9, 40.0, 700.0]
PARAMETERS = {
    "softplus": [{"beta": 0.1}, {"beta": 1.0}, {"beta": 10.0}],
    "elu": [{"alpha": 0.3}],
}


@pytest.fixture(scope="module")
def drawn(run):
    """Values and derivatives as the page computes them, for every function and parameter."""
    cases = [
        [name, parameters]
        for name in ACTIVATIONS
        for parameters in PARAMETERS.get(name, [DEFINITIONS[name].defaults])
    ]
    body = """
      return argument.cases.map(([name, own]) => ["value", "derivative"].map((kind) =>
        argument.grid.map((x) => functions[name][kind](x, own))));
    """
    results = run("activation_explorer", body, {"cases": cases, "grid": GRID})
    return [(name, own, *result) for (name, own), result in zip(cases, results, strict=True)]


def exact(function, expression, own):
    """Return the textbook form for mpmath: another expression than the one that is drawn."""
    names = function.definition.defaults
    symbols = dict(zip(names, function.parameters, strict=True))
    chosen = {symbols[name]: sympy.Rational(value) for name, value in own.items()}
    compiled = sympy.lambdify(function.symbol, expression.subs(chosen), "mpmath")

    def at(x):
        # 1 - tanh(700)^2 needs 608 digits before the first that counts.
        with mpmath.workdps(300 if abs(x) < 100 else 700):
            return compiled(mpmath.mpf(x))

    return at


def test_every_function_is_drawn(drawn):
    assert {name for name, *_ in drawn} == set(ACTIVATIONS)


def test_drawn_functions_equal_the_textbook_form(drawn):
    for name, own, values, slopes in drawn:
        function = ACTIVATIONS[name]
        for kind, results in (("expression", values), ("derivative", slopes)):
            textbook = exact(function, getattr(function, kind), own)
            for x, got in zip(GRID, results, strict=True):
                want = textbook(x)
                # Near the root of a gate's derivative two terms of size 0.2 cancel.
                root = kind == "derivative" and -2 < x < 0 and abs(want) < 0.01
                # Near 0 its cosh is 1 and some digits, of which the logarithm has few.
                near = name == "log_cosh" and kind == "expression" and abs(x) < 1e-3
                least = mpmath.mpf("1e-16" if root or near else "1e-300")
                bound = mpmath.mpf("2e-14") * abs(want) + least
                if name in FLAT and kind == "expression":
                    bound += mpmath.mpf("2e-16")
                if name in STEEP:
                    bound += 2 * abs(textbook(x * (1 + 2**-52)) - want)
                assert abs(mpmath.mpf(got) - want) <= bound, (name, own, kind, x, got)


@pytest.mark.parametrize(
    ("name", "activation"),
    [
        ("sigmoid", Sigmoid()),
        ("tanh", Tanh()),
        ("linear", Linear()),
        ("relu", ReLU()),
        ("softplus", Softplus()),
        ("softplus", Softplus(beta=10.0)),
    ],
)
def test_drawn_functions_equal_actgrad(drawn, name, activation):
    own = {"beta": activation.beta} if name == "softplus" else {}
    values, slopes = next((v, s) for n, p, v, s in drawn if n == name and p == own)
    np.testing.assert_allclose(values, activation(np.array(GRID)), rtol=1e-14, atol=0)
    np.testing.assert_allclose(slopes, activation.gradient(np.array(GRID)), rtol=1e-14, atol=0)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_function_has_a_still_picture(name):
    """Without a warning from a case that does not hold."""
    explorer = ActivationExplorer(function=name, x_range=(-750, 750))
    assert ACTIVATIONS[name].title in explorer.describe()


def test_small_differences_are_kept():
    x = sympy.Symbol("x", real=True)
    assert javascript(sympy.log(1 + sympy.exp(x))) == "Math.log1p(Math.exp(x))"
    assert javascript(sympy.exp(x) - 1) == "Math.expm1(x)"
    assert javascript(sympy.exp(x) + 1) == "Math.exp(x) + 1"


def test_generated_text_has_every_control():
    text = functions_module()
    limits = '"min": 0.1, "max": 10.0, "step": 0.05, "default": 1.0'
    assert f'"beta": {{"title": "\\u03b2", {limits}}}' in text


def test_erf(run):
    places = [0, 1e-300, 1e-8, 0.5, 1, 2.4999, 2.5, 3, 5.9, 6, 30, -1, -2.6, 0.1]
    values = run("activation_explorer", "return argument.map(erf);", places)
    for x, got in zip(places, values, strict=True):
        assert got == pytest.approx(float(mpmath.erf(x)), rel=4e-15, abs=0)


def test_erfc(run):
    places = [-30, -1, 0, 0.3, 0.999, 1, 1.7, 2.5, 5, 8 / 2**0.5, 12, 26]
    values = run("activation_explorer", "return argument.map(erfc);", places)
    for x, got in zip(places, values, strict=True):
        assert got == pytest.approx(float(mpmath.erfc(x)), rel=1e-14, abs=0)


def test_slopes_at_a_kink_are_subgradients(run):
    """Between the two sides, which differ by the functions' definitions alone."""
    cases = [
        ["relu", {}, 0, [0, 0.5, 1]],
        ["leaky_relu", {"negative_slope": 0.2}, 0, [0.2, 0.6, 1]],
        ["elu", {"alpha": 0.5}, 0, [0.5, 0.75, 1]],
        ["elu", {"alpha": 2}, 0, [2, 1.5, 1]],
        ["elu", {"alpha": 1}, 0, [1, 1, 1]],
        ["hard_tanh", {}, -1, [0, 0.5, 1]],
        ["hard_tanh", {}, 1, [1, 0.5, 0]],
    ]
    body = """
      return argument.map(([name, own, x]) => [[0, 0.5, 1].map((w) => slopeOf(name, own, w)(x)),
        kinksOf(name, own).includes(x)]);
    """
    for (name, own, x, want), (slopes, is_kink) in zip(
        cases, run("activation_explorer", body, cases), strict=True
    ):
        assert slopes == pytest.approx(want), (name, own, x)
        assert is_kink == (want[0] != want[2])


@pytest.mark.parametrize(("name", "title"), [("lam", "λ"), ("size", "size"), ("var", "var")])
def test_a_function_of_any_parameter(name, title, monkeypatch, run):
    """A parameter of any name, a word of JavaScript too, and kinks that it moves."""
    shrink = Definition(
        "shrink",
        "Softshrink",
        "Soft shrinkage",
        f"Piecewise((x - {name}, x > {name}), (x + {name}, x < -{name}), (0, otherwise))",
        "It sets small inputs to 0. The others it shrinks.",
        parameters=(Parameter(name, 0.5),),
        at_kinks=((f"-{name}", "0"), (name, "0")),
    )
    monkeypatch.setattr(
        "actgrad.explorers._javascript.ACTIVATIONS", {**ACTIVATIONS, "shrink": Function(shrink)}
    )
    body = """
      const own = { ...defaults("shrink"), [argument]: 0.75 };
      return [functions.shrink.parameters[argument].title, kinksOf("shrink", own),
        functions.shrink.value(2, own), slopeOf("shrink", own, 0.25)(0.75)];
    """
    assert run("activation_explorer", body, name) == [title, [-0.75, 0.75], 1.25, 0.25]


def test_the_declaration_for_the_type_checker_is_that_of_the_generated_functions(run):
    text = (resources.files("actgrad.explorers") / "functions.d.ts").read_text("utf-8")
    body = """
      const every = Object.values(functions);
      const parameters = every.flatMap((f) => Object.values(f.parameters));
      return [every, parameters].map((list) =>
        [...new Set(list.map((entry) => Object.keys(entry).join(" ")))]);
    """
    declared = [
        " ".join(re.findall(r"(?m)^  (\w+)[(:]", interface))
        for interface in re.findall(r"(?s)interface \w+ (\{.*?\n\})", text)
    ]
    parameter, function = declared
    assert run("activation_explorer", body) == [[function], [parameter]]
