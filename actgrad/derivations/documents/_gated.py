"""Gated units: the two partial derivatives of a product, one factor of which is a gate."""

import sympy

from actgrad.derivations import rules
from actgrad.derivations._carried_out import unknown_function
from actgrad.derivations._derivation import Lines, derivation
from actgrad.derivations.documents import _normal, _sigmoid

_NAMES = {
    **{name: sympy.Symbol(name, real=True) for name in "abg"},
    **{name: unknown_function(name) for name in ("L", "L'", "f", "f'", "sigma", "sigma'")},
    **{name: unknown_function(name) for name in ("Phi", "phi")},
    **{name: sympy.Symbol(name, positive=True) for name in ("c", "alpha")},
}
_NORMAL = {"Phi(x)": "(1 + erf(x/sqrt(2)))/2", "phi(x)": "e^(-x^2/2)/sqrt(2*pi)"}
_SIGMA = {"sigma(x)": "1/(1 + e^(-x))"}


@derivation(
    "a*sigma(b)",
    "a",
    title="GLU: the slope of the half that passes",
    source="Dauphin et al. 2017",
    where=_SIGMA,
    names=_NAMES,
)
def glu_slope_of_the_value() -> Lines:
    r"""Derive :math:`\partial (a\,\sigma(b))/\partial a = \sigma(b)`."""
    return [
        (rules.CONSTANT_MULTIPLE, "D(a, a)*sigma(b)", "The gate does not depend on `a`."),
        (rules.IDENTITY, "1*sigma(b)"),
        (rules.ARITHMETIC, "sigma(b)"),
    ]


@derivation(
    "a*sigma(b)",
    "b",
    title="GLU: the slope of the gate",
    source="Dauphin et al. 2017",
    where=_SIGMA,
    names=_NAMES,
)
def glu_slope_of_the_gate() -> Lines:
    r"""Derive :math:`\partial (a\,\sigma(b))/\partial b = a\,\sigma(b)(1 - \sigma(b))`."""
    return [
        (rules.CONSTANT_MULTIPLE, "a*D(sigma(b), b)"),
        (
            rules.KNOWN,
            "a*(sigma(b)*(1 - sigma(b)))",
            "What passes scales the slope of its gate.",
            _sigmoid.sigmoid_by_quotient_rule(),
        ),
    ]


@derivation(
    "L(f(a)*b)",
    "a",
    title="A gated unit in backpropagation: the half that is the gate",
    source="Shazeer 2020",
    names=_NAMES,
)
def gated_vjp_of_the_gate() -> Lines:
    r"""Derive :math:`dL/da = g\,f'(a)\,b` for :math:`y = f(a)\,b`."""
    return [
        (
            rules.CHAIN,
            "L'(f(a)*b)*D(f(a)*b, a)",
            "The first factor is the cotangent `g = L'(f(a)*b)`.",
        ),
        (
            rules.CONSTANT_MULTIPLE,
            "L'(f(a)*b)*(D(f(a), a)*b)",
            "The slope of the gate times what passes. Both halves are needed again.",
        ),
    ]


@derivation(
    "L(f(a)*b)",
    "b",
    title="A gated unit in backpropagation: the half that passes",
    source="Shazeer 2020",
    names=_NAMES,
)
def gated_vjp_of_the_value() -> Lines:
    r"""Derive :math:`dL/db = g\,f(a)` for :math:`y = f(a)\,b`."""
    return [
        (rules.CHAIN, "L'(f(a)*b)*D(f(a)*b, b)"),
        (rules.CONSTANT_MULTIPLE, "L'(f(a)*b)*(f(a)*D(b, b))"),
        (rules.IDENTITY, "L'(f(a)*b)*(f(a)*1)"),
        (rules.ARITHMETIC, "L'(f(a)*b)*f(a)", "The gate is the slope: open, it passes all."),
    ]


@derivation(
    "max(0, a)*b",
    "a",
    title="ReGLU: the slope of the gate",
    source="Shazeer 2020",
    names=_NAMES,
)
def reglu_slope_of_the_gate() -> Lines:
    r"""Derive :math:`\partial (\max(0, a)\,b)/\partial a = 1[a > 0]\,b`."""
    return [
        (rules.CONSTANT_MULTIPLE, "D(max(0, a), a)*b"),
        (
            rules.CASES,
            "Piecewise((D(a, a), a > 0), (D(0, a), a < 0))*b",
            "At the kink `a = 0` the slope 0 is taken, as for ReLU.",
        ),
        (rules.IDENTITY, "Piecewise((1, a > 0), (D(0, a), a < 0))*b"),
        (rules.CONSTANT, "Piecewise((1, a > 0), (0, a < 0))*b"),
        (rules.CASE_PRODUCT, "Piecewise((b, a > 0), (0, a < 0))"),
    ]


@derivation(
    "a*Phi(a)*b",
    "a",
    title="GeGLU: the slope of the gate",
    source="Shazeer 2020",
    where=_NORMAL,
    names=_NAMES,
)
def geglu_slope_of_the_gate() -> Lines:
    r"""Derive :math:`\partial (a\,\Phi(a)\,b)/\partial a = (\Phi(a) + a\,\varphi(a))\,b`."""
    return [
        (rules.CONSTANT_MULTIPLE, "D(a*Phi(a), a)*b"),
        (rules.PRODUCT, "(D(a, a)*Phi(a) + a*D(Phi(a), a))*b"),
        (rules.IDENTITY, "(1*Phi(a) + a*D(Phi(a), a))*b"),
        (rules.ARITHMETIC, "(Phi(a) + a*D(Phi(a), a))*b"),
        (rules.KNOWN, "(Phi(a) + a*phi(a))*b", "", _normal.normal_distribution()),
    ]


@derivation(
    "a*sigma(a)*b",
    "a",
    title="SwiGLU: the slope of the gate",
    source="Shazeer 2020",
    where=_SIGMA,
    names=_NAMES,
)
def swiglu_slope_of_the_gate() -> Lines:
    r"""Derive :math:`\partial y/\partial a = (\sigma + a\,\sigma(1 - \sigma))\,b`."""
    return [
        (rules.CONSTANT_MULTIPLE, "D(a*sigma(a), a)*b"),
        (rules.PRODUCT, "(D(a, a)*sigma(a) + a*D(sigma(a), a))*b"),
        (rules.IDENTITY, "(1*sigma(a) + a*D(sigma(a), a))*b"),
        (rules.ARITHMETIC, "(sigma(a) + a*D(sigma(a), a))*b"),
        (
            rules.KNOWN,
            "(sigma(a) + a*(sigma(a)*(1 - sigma(a))))*b",
            "",
            _sigmoid.sigmoid_by_quotient_rule(),
        ),
    ]


@derivation(
    "max(-c, min(b, c)) + 1",
    "b",
    title="Clamped SwiGLU: the slope of the half that passes",
    source="OpenAI 2025",
    names=_NAMES,
)
def swiglu_clamped_slope_of_the_value() -> Lines:
    r"""Derive that the factor of b has the slope 1 between the limits and 0 beyond them."""
    return [
        (rules.SUM, "D(max(-c, min(b, c)), b) + D(1, b)"),
        (rules.CONSTANT, "D(max(-c, min(b, c)), b) + 0"),
        (
            rules.EXTREMUM_BY_CASES,
            "D(Piecewise((-c, b < -c), (b, b < c), (c, otherwise)), b) + 0",
        ),
        (
            rules.CASES,
            "Piecewise((D(-c, b), b < -c), (D(b, b), -c < b < c), (D(c, b), b > c)) + 0",
            "At both kinks the slope of the inside is taken.",
        ),
        (
            rules.IDENTITY,
            "Piecewise((D(-c, b), b < -c), (1, -c < b < c), (D(c, b), b > c)) + 0",
        ),
        (rules.CONSTANT, "Piecewise((0, b < -c), (1, -c < b < c), (0, b > c)) + 0"),
        (rules.ARITHMETIC, "Piecewise((0, b < -c), (1, -c < b < c), (0, b > c))"),
    ]
