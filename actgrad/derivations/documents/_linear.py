"""The linear function's derivative."""

from actgrad.derivations import rules
from actgrad.derivations._derivation import Derivation, write


def linear_derivative() -> Derivation:
    r"""Derive :math:`f' = 1` for :math:`f(x) = x` (document 002)."""
    return write(
        "f(x)",
        "x",
        [
            (rules.DEFINITION, "D(x, x)"),
            (rules.IDENTITY, "1", "The gradient passes through unchanged."),
        ],
        where={"f(x)": "x"},
        name="linear_derivative",
        title="The linear function",
        source="document 002, section on linear",
    )
