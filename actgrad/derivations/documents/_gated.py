"""Gated units: the two partial derivatives of a product, one factor of which is a gate."""

import sympy

from actgrad.derivations import rules
from actgrad.derivations._carried_out import unknown_function
from actgrad.derivations._derivation import Lines, derivation
from actgrad.derivations.documents import _sigmoid

_NAMES = {
    **{name: sympy.Symbol(name, real=True) for name in "abg"},
    **{name: unknown_function(name) for name in ("L", "L'", "f", "f'", "sigma", "sigma'")},
}
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
            "The slope of the gate, known from its own chapter, times what passes: both halves "
            "are needed again.",
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
