"""The sigmoid's derivative, in the ways of the four documents."""

import sympy

from actgrad.derivations import rules
from actgrad.derivations._carried_out import unknown_function
from actgrad.derivations._derivation import Lines, derivation

_SIGMOID = {"sigma(x)": "1/(1 + e^(-x))"}
_PROBABILITY = {"p": unknown_function("p"), "z": sympy.Symbol("z", real=True)}


@derivation(
    "sigma(x)",
    "x",
    title="Sigmoid by the chain rule",
    source="document 000, section 1",
    where={**_SIGMOID, "u": "1 + e^(-x)"},
)
def sigmoid_by_chain_rule() -> Lines:
    r"""Derive :math:`\sigma' = \sigma(1 - \sigma)`, :math:`u = 1 + e^{-x}` (document 000)."""
    return [
        (rules.DEFINITION, "D(1/(1 + e^(-x)), x)"),
        (rules.SUBSTITUTE, "D(1/u, x)", "Let `u = 1 + e^(-x)`."),
        (
            rules.CHAIN,
            "D(1/u, u)*D(u, x)",
            "The outer function, `1/u`, is differentiated by `u`, not by `x`.",
        ),
        (rules.RECIPROCAL, "-1/u^2*D(u, x)"),
        (rules.DEFINITION, "-1/u^2*D(1 + e^(-x), x)"),
        (rules.SUM, "-1/u^2*(D(1, x) + D(e^(-x), x))"),
        (rules.CONSTANT, "-1/u^2*(0 + D(e^(-x), x))"),
        (
            rules.LINEAR_CHAIN,
            "-1/u^2*(0 + e^(-x)*(-1))",
            "The exponential keeps its value; the derivative of `-x` is `-1`.",
        ),
        (rules.ARITHMETIC, "-1/u^2*(-e^(-x))"),
        (rules.DEFINITION, "-1/(1 + e^(-x))^2*(-e^(-x))"),
        (rules.ARITHMETIC, "e^(-x)/(1 + e^(-x))^2"),
        (
            rules.SPLIT_PRODUCT,
            "1/(1 + e^(-x))*(e^(-x)/(1 + e^(-x)))",
        ),
        (rules.ADD_AND_SUBTRACT, "1/(1 + e^(-x))*((1 + e^(-x) - 1)/(1 + e^(-x)))"),
        (
            rules.SPLIT_FRACTION,
            "1/(1 + e^(-x))*((1 + e^(-x))/(1 + e^(-x)) - 1/(1 + e^(-x)))",
        ),
        (rules.CANCEL, "1/(1 + e^(-x))*(1 - 1/(1 + e^(-x)))"),
        (rules.SUBSTITUTE_BACK, "sigma(x)*(1 - sigma(x))"),
    ]


@derivation(
    "sigma(x)",
    "x",
    title="Sigmoid by the quotient rule",
    source="document 001; document 002 gives the same steps",
    where=_SIGMOID,
)
def sigmoid_by_quotient_rule() -> Lines:
    r"""Derive :math:`\sigma'` by the quotient rule, adding and subtracting 1 (document 001)."""
    return [
        (rules.DEFINITION, "D(1/(1 + e^(-x)), x)"),
        (
            rules.QUOTIENT,
            "((1 + e^(-x))*D(1, x) - 1*D(1 + e^(-x), x))/(1 + e^(-x))^2",
        ),
        (rules.SUM, "((1 + e^(-x))*D(1, x) - 1*(D(1, x) + D(e^(-x), x)))/(1 + e^(-x))^2"),
        (rules.CONSTANT, "((1 + e^(-x))*0 - 1*(0 + D(e^(-x), x)))/(1 + e^(-x))^2"),
        (
            rules.LINEAR_CHAIN,
            "((1 + e^(-x))*0 - 1*(0 - e^(-x)))/(1 + e^(-x))^2",
            "The exponential keeps its value; the slope `-1` of `-x` comes out.",
        ),
        (rules.ARITHMETIC, "e^(-x)/(1 + e^(-x))^2"),
        (rules.ADD_AND_SUBTRACT, "(1 + e^(-x) - 1)/(1 + e^(-x))^2"),
        (
            rules.SPLIT_FRACTION,
            "(1 + e^(-x))/(1 + e^(-x))^2 - 1/(1 + e^(-x))^2",
        ),
        (rules.CANCEL, "1/(1 + e^(-x)) - 1/(1 + e^(-x))^2"),
        (rules.FACTOR_OUT, "1/(1 + e^(-x))*(1 - 1/(1 + e^(-x)))"),
        (rules.SUBSTITUTE_BACK, "sigma(x)*(1 - sigma(x))"),
    ]


@derivation(
    "sigma(x)",
    "x",
    title="Sigmoid as the difference of the value and its square",
    source="document 002, section on sigmoid",
    where=_SIGMOID,
)
def sigmoid_by_difference_of_squares() -> Lines:
    r"""Derive :math:`\sigma' = \sigma - \sigma^2`, factored last (document 002)."""
    return [
        (rules.DEFINITION, "D(1/(1 + e^(-x)), x)"),
        (
            rules.QUOTIENT,
            "((1 + e^(-x))*D(1, x) - 1*D(1 + e^(-x), x))/(1 + e^(-x))^2",
        ),
        (rules.SUM, "((1 + e^(-x))*D(1, x) - 1*(D(1, x) + D(e^(-x), x)))/(1 + e^(-x))^2"),
        (rules.CONSTANT, "((1 + e^(-x))*0 - 1*(0 + D(e^(-x), x)))/(1 + e^(-x))^2"),
        (rules.LINEAR_CHAIN, "((1 + e^(-x))*0 - 1*(0 - e^(-x)))/(1 + e^(-x))^2"),
        (rules.ARITHMETIC, "e^(-x)/(1 + e^(-x))^2"),
        (rules.ADD_AND_SUBTRACT, "(1 + e^(-x) - 1)/(1 + e^(-x))^2"),
        (
            rules.SPLIT_FRACTION,
            "(1 + e^(-x))/(1 + e^(-x))^2 - 1/(1 + e^(-x))^2",
        ),
        (rules.CANCEL, "1/(1 + e^(-x)) - 1/(1 + e^(-x))^2"),
        (rules.SUBSTITUTE_BACK, "sigma(x) - sigma(x)^2"),
        (rules.FACTOR_OUT, "sigma(x)*(1 - sigma(x))"),
    ]


@derivation(
    "p(z)",
    "z",
    title="Sigmoid as a probability",
    source="document 003, section on sigmoid",
    where={"p(z)": "1/(1 + e^(-z))"},
    names=_PROBABILITY,
)
def sigmoid_from_probability() -> Lines:
    r"""Derive :math:`dp/dz = p(1 - p)` for :math:`p = \sigma(z)` (document 003)."""
    return [
        (rules.DEFINITION, "D(1/(1 + e^(-z)), z)"),
        (
            rules.QUOTIENT,
            "((1 + e^(-z))*D(1, z) - 1*D(1 + e^(-z), z))/(1 + e^(-z))^2",
        ),
        (rules.SUM, "((1 + e^(-z))*D(1, z) - 1*(D(1, z) + D(e^(-z), z)))/(1 + e^(-z))^2"),
        (rules.CONSTANT, "((1 + e^(-z))*0 - 1*(0 + D(e^(-z), z)))/(1 + e^(-z))^2"),
        (rules.LINEAR_CHAIN, "((1 + e^(-z))*0 - 1*(0 - e^(-z)))/(1 + e^(-z))^2"),
        (rules.ARITHMETIC, "e^(-z)/(1 + e^(-z))^2"),
        (
            rules.SPLIT_PRODUCT,
            "1/(1 + e^(-z))*(e^(-z)/(1 + e^(-z)))",
        ),
        (rules.ADD_AND_SUBTRACT, "1/(1 + e^(-z))*((1 + e^(-z) - 1)/(1 + e^(-z)))"),
        (
            rules.SPLIT_FRACTION,
            "1/(1 + e^(-z))*((1 + e^(-z))/(1 + e^(-z)) - 1/(1 + e^(-z)))",
        ),
        (rules.CANCEL, "1/(1 + e^(-z))*(1 - 1/(1 + e^(-z)))"),
        (rules.SUBSTITUTE_BACK, "p(z)*(1 - p(z))"),
    ]


@derivation(
    "v[i]",
    None,
    title="Sigmoid for many points: the vector-Jacobian product",
    source="document 003, section on sigmoid, multiple data points",
    where={
        "v[i]": "sum(g[j]*D(p[j], z[i]), j, 1, n)",
        "p[j]": "1/(1 + e^(-z[j]))",
    },
    names={name: sympy.IndexedBase(name, real=True) for name in ("v", "g", "p", "z")},
)
def sigmoid_vjp() -> Lines:
    r"""Derive the VJP :math:`v = g \odot p \odot (1 - p)` for many points (document 003)."""
    return [
        (
            rules.DEFINITION,
            "sum(g[j]*D(p[j], z[i]), j, 1, n)",
            "Every output can depend on every input. The chain rule adds up all ways, with "
            "the cotangent `g[j]` of each output.",
        ),
        (
            rules.KNOWN,
            "sum(g[j]*(p[j]*(1 - p[j]))*D(z[j], z[i]), j, 1, n)",
            "`p[j]` is the sigmoid of `z[j]` alone.",
            sigmoid_by_chain_rule(),
        ),
        (rules.PARTIAL, "sum(g[j]*(p[j]*(1 - p[j]))*delta(i, j), j, 1, n)"),
        (
            rules.SIFTING,
            "g[i]*(p[i]*(1 - p[i]))",
            "Only the diagonal is not 0: no sum is left to compute.",
        ),
    ]
