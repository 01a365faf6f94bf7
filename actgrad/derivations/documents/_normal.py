"""The normal distribution function and its density, which GELU is made of."""

from actgrad.derivations import rules
from actgrad.derivations._carried_out import unknown_function
from actgrad.derivations._derivation import Lines, derivation

_DISTRIBUTION = {"Phi(x)": "(1 + erf(x/sqrt(2)))/2"}
_DENSITY = {"phi(x)": "e^(-x^2/2)/sqrt(2*pi)"}
_FUNCTIONS = {name: unknown_function(name) for name in ("Phi", "phi")}
_SOURCE = "NIST Digital Library of Mathematical Functions, 7.2.1"


@derivation(
    "Phi(x)",
    "x",
    title="Normal distribution: its derivative is the density",
    source=_SOURCE,
    where={**_DISTRIBUTION, **_DENSITY},
    names=_FUNCTIONS,
)
def normal_distribution() -> Lines:
    r"""Derive :math:`\Phi' = \varphi`, from the derivative of the error function."""
    return [
        (rules.DEFINITION, "D((1 + erf(x/sqrt(2)))/2, x)"),
        (rules.CONSTANT_MULTIPLE, "1/2*D(1 + erf(x/sqrt(2)), x)"),
        (rules.SUM, "1/2*(D(1, x) + D(erf(x/sqrt(2)), x))"),
        (rules.CONSTANT, "1/2*(0 + D(erf(x/sqrt(2)), x))"),
        (
            rules.LINEAR_CHAIN,
            "1/2*(0 + 1/sqrt(2)*(2/sqrt(pi))*e^(-(x/sqrt(2))^2))",
            "The derivative of `erf(u)` is `2/sqrt(pi)*e^(-u^2)`.",
        ),
        (rules.ARITHMETIC, "1/sqrt(2)*(1/sqrt(pi))*e^(-(x/sqrt(2))^2)"),
        (rules.POWERS, "e^(-x^2/2)/sqrt(2*pi)"),
        (rules.SUBSTITUTE_BACK, "phi(x)"),
    ]


@derivation(
    "phi(x)",
    "x",
    title="Normal density: its derivative",
    source=_SOURCE,
    where=_DENSITY,
    names=_FUNCTIONS,
)
def normal_density() -> Lines:
    r"""Derive :math:`\varphi' = -x\,\varphi` by the chain rule."""
    return [
        (rules.DEFINITION, "D(e^(-x^2/2)/sqrt(2*pi), x)"),
        (rules.CONSTANT_MULTIPLE, "1/sqrt(2*pi)*D(e^(-x^2/2), x)"),
        (rules.CHAIN, "1/sqrt(2*pi)*(e^(-x^2/2)*D(-x^2/2, x))"),
        (rules.CONSTANT_MULTIPLE, "1/sqrt(2*pi)*(e^(-x^2/2)*(-1/2*D(x^2, x)))"),
        (rules.POWER, "1/sqrt(2*pi)*(e^(-x^2/2)*(-1/2*(2*x)))"),
        (rules.ARITHMETIC, "-x*(e^(-x^2/2)/sqrt(2*pi))"),
        (rules.SUBSTITUTE_BACK, "-x*phi(x)"),
    ]
