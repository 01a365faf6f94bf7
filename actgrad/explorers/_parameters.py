"""The functions' parameters as controls: what each is called, its range, its default."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import traitlets

from actgrad.derivations.functions import FUNCTIONS


@dataclass(frozen=True)
class Parameter:
    """A slider for one parameter of a function."""

    title: str
    minimum: float = 0.1
    maximum: float = 10.0
    step: float = 0.05
    default: float = 1.0


# Those whose slider is not the usual one; by function where the name alone does not decide.
_SPECIAL = {
    "alpha": Parameter("α", 0.01, 2.0, 0.01),
    "leaky_relu alpha": Parameter("α", 0.01, 2.0, 0.01, 0.01),
}


def _title(name: str) -> str:
    try:
        return unicodedata.lookup(f"GREEK SMALL LETTER {name.replace('lambda', 'lamda')}")
    except KeyError:
        return name


def parameters(function: str) -> dict[str, Parameter]:
    """Return the parameters of the named function, by name."""
    names = [str(symbol) for symbol in FUNCTIONS[function].parameters]
    return {
        name: _SPECIAL.get(f"{function} {name}")
        or _SPECIAL.get(name)
        or Parameter(_title(name))
        for name in names
    }


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
