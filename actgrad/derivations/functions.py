"""The book's functions as SymPy data: what the explorers draw and the exercises ask for.

Each function has its textbook form and a form that does not overflow in floating point; that
the two are equal, and that the derivative is the derivative, is proved by
`prove_stable_forms`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sympy

from actgrad.derivations._cases import kinks
from actgrad.derivations._expression import D, Expr
from actgrad.derivations._parse import parse
from actgrad.derivations._proof import Proof
from actgrad.derivations._prove import prove_equal


@dataclass(frozen=True)
class Function:
    """An activation function of one variable, as data.

    Parameters
    ----------
    name, title
        The name in programs and the name for readers.
    symbol
        The variable x.
    parameters
        The parameters, with their assumptions.
    expression, derivative
        The textbook forms.
    stable_expression, stable_derivative
        Equal forms in which no exponential overflows.
    kinks
        Where there is no derivative; there `derivative` is a convention.
    """

    name: str
    title: str
    symbol: Expr
    parameters: tuple[Expr, ...]
    expression: Expr
    derivative: Expr
    stable_expression: Expr
    stable_derivative: Expr
    kinks: tuple[Expr, ...]


X = sympy.Symbol("x", real=True)
_NAMES = {
    "x": X,
    "alpha": sympy.Symbol("alpha", positive=True),
    "beta": sympy.Symbol("beta", positive=True),
}


def _function(
    name: str,
    title: str,
    expression: str,
    derivative: str,
    stable_expression: str | None = None,
    stable_derivative: str | None = None,
    kinks: tuple[int, ...] = (),
) -> Function:
    texts = (expression, derivative, stable_expression or expression)
    forms = [parse(text, _NAMES) for text in (*texts, stable_derivative or derivative)]
    parameters = set().union(*(form.free_symbols for form in forms)) - {X}
    ordered = tuple(sorted(parameters, key=str))
    textbook, slope, stable, stable_slope = forms
    places = tuple(map(sympy.Integer, kinks))
    return Function(name, title, X, ordered, textbook, slope, stable, stable_slope, places)


# e^(-|x|) lies in (0, 1] for every x: nothing below can overflow.
_SIGMOID = (
    "Piecewise((1/(1 + e^(-abs(x))), x >= 0), (e^(-abs(x))/(1 + e^(-abs(x))), otherwise))"
)
_SIGMOID_SLOPE = "e^(-abs(x))/(1 + e^(-abs(x)))^2"
_MISH_FACTOR = (
    "Piecewise(((1 + 2*e^(-x))/(1 + 2*e^(-x) + 2*e^(-2*x)), x >= 0), "
    "((e^(2*x) + 2*e^x)/(e^(2*x) + 2*e^x + 2), otherwise))"
)

_IN_ORDER = (
    _function(
        "sigmoid",
        "Sigmoid",
        "1/(1 + e^(-x))",
        "1/(1 + e^(-x))*(1 - 1/(1 + e^(-x)))",
        _SIGMOID,
        _SIGMOID_SLOPE,
    ),
    _function(
        "tanh",
        "Hyperbolic tangent",
        "tanh(x)",
        "1 - tanh(x)^2",
        "tanh(x)",
        "4*e^(-2*abs(x))/(1 + e^(-2*abs(x)))^2",
    ),
    _function("linear", "Linear", "x", "1"),
    _function(
        "relu",
        "ReLU",
        "max(0, x)",
        "Piecewise((1, x > 0), (0, otherwise))",
        kinks=(0,),
    ),
    _function(
        "softplus",
        "Softplus",
        "log(1 + e^(beta*x))/beta",
        "1/(1 + e^(-beta*x))",
        "max(0, x) + log(1 + e^(-beta*abs(x)))/beta",
        _SIGMOID.replace("abs(x)", "beta*abs(x)"),
    ),
    _function(
        "leaky_relu",
        "Leaky ReLU",
        "Piecewise((x, x > 0), (alpha*x, otherwise))",
        "Piecewise((1, x > 0), (alpha, otherwise))",
        kinks=(0,),
    ),
    _function(
        "elu",
        "ELU",
        "Piecewise((x, x > 0), (alpha*(e^x - 1), otherwise))",
        "Piecewise((1, x > 0), (alpha*e^x, otherwise))",
        "max(0, x) + alpha*(e^(min(0, x)) - 1)",
        "Piecewise((1, x > 0), (alpha*e^(min(0, x)), otherwise))",
        kinks=(0,),
    ),
    _function(
        "gelu",
        "GELU",
        "x/2*(1 + erf(x/sqrt(2)))",
        "1/2*(1 + erf(x/sqrt(2))) + x/sqrt(2*pi)*e^(-x^2/2)",
    ),
    _function(
        "silu",
        "SiLU (swish)",
        "x/(1 + e^(-x))",
        "1/(1 + e^(-x)) + x/(1 + e^(-x))*(1 - 1/(1 + e^(-x)))",
        f"x*{_SIGMOID}",
        f"{_SIGMOID} + x*{_SIGMOID_SLOPE}",
    ),
    _function(
        "mish",
        "Mish",
        "x*tanh(log(1 + e^x))",
        "tanh(log(1 + e^x)) + x*(1 - tanh(log(1 + e^x))^2)/(1 + e^(-x))",
        f"x*{_MISH_FACTOR}",
        f"{_MISH_FACTOR} + x*(1 - {_MISH_FACTOR}^2)*{_SIGMOID}",
    ),
    _function(
        "softsign",
        "Softsign",
        "x/(1 + abs(x))",
        "1/(1 + abs(x))^2",
    ),
    _function(
        "arctan",
        "Inverse tangent",
        "atan(x)",
        "1/(1 + x^2)",
    ),
    _function(
        "hard_tanh",
        "Hard tanh",
        "max(-1, min(1, x))",
        "Piecewise((1, abs(x) < 1), (0, otherwise))",
        kinks=(-1, 1),
    ),
)

FUNCTIONS: Mapping[str, Function] = {function.name: function for function in _IN_ORDER}


def prove_stable_forms() -> Iterator[tuple[str, Proof]]:
    """Prove of each function that its stable forms and its derivative are right.

    Yields
    ------
    For each claim its name, such as ``"tanh: derivative"``, and its proof. The derivative is
    proved everywhere but at the kinks.

    Raises
    ------
    Unproved
        With a counterexample.
    """
    for name, function in FUNCTIONS.items():
        slope = D(function.expression, function.symbol)
        equal = prove_equal(function.expression, function.stable_expression)
        yield f"{name}: stable form", equal
        apart = bool(function.kinks)
        yield f"{name}: derivative", prove_equal(slope, function.derivative, at_kinks=not apart)
        equal = prove_equal(function.derivative, function.stable_derivative)
        yield f"{name}: stable derivative", equal


def kinks_of(expression: Expr, symbol: Expr) -> tuple[Expr, ...]:
    """Return the places where a function of one variable changes from case to case."""
    return tuple(place for variable, place in kinks(expression) if variable == symbol)
