"""ReLU's derivative, case by case, and what the documents make of 0."""

import sympy

from actgrad.derivations import rules
from actgrad.derivations._carried_out import unknown_function
from actgrad.derivations._derivation import Lines, derivation

_AT_ZERO = (
    "At `x = 0` there is a kink and no derivative. The slope there is `0` from the left and "
    "`1` from the right: every number from 0 to 1 is a subgradient, and the subdifferential "
    "is the interval [0, 1]."
)


@derivation(
    "relu(x)",
    "x",
    title="ReLU, case by case",
    source="document 000, section 3; document 003, section on ReLU",
    where={"relu(x)": "max(0, x)"},
)
def relu_by_cases() -> Lines:
    r"""Derive :math:`\mathrm{relu}'` from :math:`\max(0, x)` (documents 000 and 003)."""
    return [
        (rules.DEFINITION, "D(max(0, x), x)"),
        (rules.CASES, "Piecewise((D(x, x), x > 0), (D(0, x), x < 0))", _AT_ZERO),
        (rules.IDENTITY, "Piecewise((1, x > 0), (D(0, x), x < 0))"),
        (
            rules.CONSTANT,
            "Piecewise((1, x > 0), (0, x < 0))",
            "No slope is claimed at 0: a value there is a choice.",
        ),
    ]


@derivation(
    "relu(x)",
    "x",
    title="ReLU from its two pieces",
    source="document 002, section on ReLU",
    where={"relu(x)": "Piecewise((x, x >= 0), (0, otherwise))"},
)
def relu_from_piecewise() -> Lines:
    r"""Derive :math:`\mathrm{relu}'` from its two pieces (document 002)."""
    return [
        (rules.DEFINITION, "D(Piecewise((x, x >= 0), (0, otherwise)), x)"),
        (
            rules.CASES,
            "Piecewise((D(x, x), x > 0), (D(0, x), x < 0))",
            _AT_ZERO,
        ),
        (rules.IDENTITY, "Piecewise((1, x > 0), (D(0, x), x < 0))"),
        (
            rules.CONSTANT,
            "Piecewise((1, x > 0), (0, x < 0))",
        ),
    ]


@derivation(
    "L(relu(x))",
    "x",
    title="ReLU in backpropagation: the mask",
    source="document 003, section on ReLU",
    where={"relu(x)": "max(0, x)"},
    names={
        **{name: unknown_function(name) for name in ("L", "L'")},
        **{name: sympy.Symbol(name, real=True) for name in "gy"},
    },
)
def relu_vjp() -> Lines:
    r"""Derive the mask: :math:`dL/dx = g` where :math:`x > 0`, else 0 (document 003)."""
    return [
        (
            rules.CHAIN,
            "L'(relu(x))*D(relu(x), x)",
            "The first factor is the cotangent `g = L'(relu(x))`.",
        ),
        (rules.DEFINITION, "L'(relu(x))*D(max(0, x), x)"),
        (
            rules.CASES,
            "L'(relu(x))*Piecewise((D(x, x), x > 0), (D(0, x), x < 0))",
            _AT_ZERO,
        ),
        (rules.IDENTITY, "L'(relu(x))*Piecewise((1, x > 0), (D(0, x), x < 0))"),
        (rules.CONSTANT, "L'(relu(x))*Piecewise((1, x > 0), (0, x < 0))"),
        (
            rules.CASE_PRODUCT,
            "Piecewise((L'(relu(x)), x > 0), (0, x < 0))",
            "The condition is on the input `x`. Written for the output, `y >= 0` is "
            "always true, and the mask masks nothing.",
        ),
    ]
