"""Softplus and its derivative, the sigmoid."""

from actgrad.derivations import rules
from actgrad.derivations._derivation import Lines, derivation


@derivation(
    "softplus(x)",
    "x",
    title="Softplus: its derivative is the sigmoid",
    source="document 002, section on ReLU",
    where={"softplus(x)": "log(1 + e^x)", "sigma(x)": "1/(1 + e^(-x))"},
)
def softplus_derivative() -> Lines:
    r"""Derive :math:`\frac{d}{dx}\ln(1 + e^x) = \sigma(x)` (document 002)."""
    return [
        (rules.DEFINITION, "D(log(1 + e^x), x)"),
        (
            rules.CHAIN,
            "1/(1 + e^x)*D(1 + e^x, x)",
            "The outer function is the logarithm: its derivative is the reciprocal.",
        ),
        (rules.SUM, "1/(1 + e^x)*(D(1, x) + D(e^x, x))"),
        (rules.CONSTANT, "1/(1 + e^x)*(0 + D(e^x, x))"),
        (rules.EXPONENTIAL, "1/(1 + e^x)*(0 + e^x)"),
        (rules.ARITHMETIC, "e^x/(1 + e^x)"),
        (
            rules.MULTIPLY_BOTH,
            "(e^(-x)*e^x)/(e^(-x)*(1 + e^x))",
            "Both sides of the bar get the factor `e^(-x)`.",
        ),
        (rules.EXPAND, "(e^(-x)*e^x)/(e^(-x) + e^(-x)*e^x)"),
        (rules.POWERS, "1/(e^(-x) + 1)"),
        (rules.SUBSTITUTE_BACK, "sigma(x)"),
    ]


@derivation(
    "softplus(x)",
    "x",
    title="Softplus with sharpness beta",
    source="document 002, section on ReLU, with a parameter",
    where={
        "softplus(x)": "1/beta*log(1 + e^(beta*x))",
        "sigma(x)": "1/(1 + e^(-x))",
    },
)
def softplus_with_beta() -> Lines:
    r"""Derive :math:`\frac{d}{dx}\frac1\beta\ln(1 + e^{\beta x}) = \sigma(\beta x)`."""
    return [
        (rules.DEFINITION, "D(1/beta*log(1 + e^(beta*x)), x)"),
        (rules.CONSTANT_MULTIPLE, "1/beta*D(log(1 + e^(beta*x)), x)"),
        (rules.CHAIN, "1/beta*(1/(1 + e^(beta*x))*D(1 + e^(beta*x), x))"),
        (rules.SUM, "1/beta*(1/(1 + e^(beta*x))*(D(1, x) + D(e^(beta*x), x)))"),
        (rules.CONSTANT, "1/beta*(1/(1 + e^(beta*x))*(0 + D(e^(beta*x), x)))"),
        (
            rules.LINEAR_CHAIN,
            "1/beta*(1/(1 + e^(beta*x))*(0 + beta*e^(beta*x)))",
        ),
        (rules.ARITHMETIC, "1/beta*(1/(1 + e^(beta*x))*(beta*e^(beta*x)))"),
        (
            rules.CANCEL,
            "e^(beta*x)/(1 + e^(beta*x))",
            "That is what the `1/beta` in front is for.",
        ),
        (
            rules.MULTIPLY_BOTH,
            "(e^(-beta*x)*e^(beta*x))/(e^(-beta*x)*(1 + e^(beta*x)))",
        ),
        (
            rules.EXPAND,
            "(e^(-beta*x)*e^(beta*x))/(e^(-beta*x) + e^(-beta*x)*e^(beta*x))",
        ),
        (rules.POWERS, "1/(e^(-beta*x) + 1)"),
        (rules.SUBSTITUTE_BACK, "sigma(beta*x)"),
    ]
