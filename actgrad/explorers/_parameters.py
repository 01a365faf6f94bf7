"""The functions' parameters as controls: what each is called, its range, its default."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import traitlets

from actgrad.derivations.functions import FUNCTIONS


@dataclass(frozen=True)
class Parameter:
    """A slider for one parameter of a function."""

    name: str
    title: str
    minimum: float
    maximum: float
    default: float


_RANGES = {
    "alpha": Parameter("alpha", "α", 0.01, 2.0, 1.0),
    "beta": Parameter("beta", "β", 0.1, 10.0, 1.0),
}
_DEFAULTS = {"leaky_relu": 0.01}


def parameters(function: str) -> dict[str, Parameter]:
    """Return the parameters of the named function, by name."""
    named = {}
    for symbol in FUNCTIONS[function].parameters:
        known = _RANGES[str(symbol)]
        default = _DEFAULTS.get(function, known.default)
        named[known.name] = Parameter(
            known.name, known.title, known.minimum, known.maximum, default
        )
    return named


def complete(function: str, given: Any) -> dict[str, float]:
    """Return a value for every parameter: the given one, else the default.

    Raises
    ------
    traitlets.TraitError
        For a parameter that the function does not have and for a value out of its range.
    """
    known = parameters(function)
    if not isinstance(given, Mapping):
        raise traitlets.TraitError(
            f"the parameters of {function} must be a dict from name to number; got {given!r}"
        )
    for name, number in given.items():
        if name not in known:
            raise traitlets.TraitError(
                f"{function} has no parameter {name!r}; "
                f"its parameters are: {', '.join(known) or 'none'}"
            )
        low, high = known[name].minimum, known[name].maximum
        if not isinstance(number, int | float) or not low <= number <= high:
            raise traitlets.TraitError(
                f"{name} must be a number from {low:g} to {high:g}; got {number!r}"
            )
    return {name: float(given.get(name, p.default)) for name, p in known.items()}
