"""The linear function's derivative."""

from actgrad.derivations import rules
from actgrad.derivations._derivation import Lines, derivation


@derivation(
    "f(x)",
    "x",
    title="The linear function",
    source="document 002, section on linear",
    where={"f(x)": "x"},
)
def linear_derivative() -> Lines:
    r"""Derive :math:`f' = 1` for :math:`f(x) = x` (document 002)."""
    return [
        (rules.DEFINITION, "D(x, x)"),
        (rules.IDENTITY, "1", "The gradient passes through unchanged."),
    ]
