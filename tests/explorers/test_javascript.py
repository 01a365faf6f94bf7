"""The functions that the explorers draw: generated JavaScript against mpmath and actgrad."""

import mpmath
import numpy as np
import pytest
import sympy

from actgrad.activations import Linear, ReLU, Sigmoid, Softplus, Tanh
from actgrad.derivations.functions import FUNCTIONS
from actgrad.explorers._javascript import functions_module, javascript
from actgrad.explorers._parameters import complete

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
        for name in FUNCTIONS
        for parameters in PARAMETERS.get(name, [complete(name, {})])
    ]
    body = """
      return argument.cases.map(([name, own]) => ["value", "derivative"].map((kind) =>
        argument.grid.map((x) => functions[name][kind](x, own))));
    """
    results = run("activation_explorer", body, {"cases": cases, "grid": GRID})
    return [(name, own, *result) for (name, own), result in zip(cases, results, strict=True)]


def exact(function, expression, own):
    """Return the textbook form for mpmath: another expression than the one that is drawn."""
    symbols = {str(p): p for p in function.parameters}
    chosen = {symbols[name]: sympy.Rational(value) for name, value in own.items()}
    compiled = sympy.lambdify(function.symbol, expression.subs(chosen), "mpmath")

    def at(x):
        # 1 - tanh(700)^2 needs 608 digits before the first that counts.
        with mpmath.workdps(300 if abs(x) < 100 else 700):
            return compiled(mpmath.mpf(x))

    return at


def test_every_function_is_drawn(drawn):
    assert {name for name, *_ in drawn} == set(FUNCTIONS)


def test_drawn_functions_equal_the_textbook_form(drawn):
    for name, own, values, slopes in drawn:
        function = FUNCTIONS[name]
        for kind, results in (("expression", values), ("derivative", slopes)):
            textbook = exact(function, getattr(function, kind), own)
            for x, got in zip(GRID, results, strict=True):
                want = textbook(x)
                # GELU's left tail cancels in 1 + erf: right to the size of a pixel, not an ulp.
                loose = mpmath.mpf("1e-13") if name == "gelu" else 0
                bound = mpmath.mpf("2e-15") * 10 * abs(want) + loose + mpmath.mpf("1e-300")
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
