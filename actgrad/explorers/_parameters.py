"""Values for the parameters of a function, checked against its record."""

from collections.abc import Mapping
from typing import Any

import traitlets

from actgrad.atlas import Definition


def complete(function: Definition, given: Any) -> dict[str, float]:
    """Return a value for every parameter: the given one, else the default.

    Raises
    ------
    traitlets.TraitError
        For a parameter that the function does not have and for a value that its slider lacks.
    """
    known = {parameter.name: parameter for parameter in function.parameters}
    if not isinstance(given, Mapping):
        raise traitlets.TraitError(
            f"the parameters of {function.name} must be a dict from name to number; "
            f"got {given!r}"
        )
    for name, number in given.items():
        if name not in known:
            raise traitlets.TraitError(
                f"{function.name} has no parameter {name!r}; "
                f"its parameters are: {', '.join(known) or 'none'}"
            )
        low, high, _ = known[name].slider
        if not isinstance(number, int | float) or not low <= number <= high:
            raise traitlets.TraitError(
                f"{name} must be a number from {low:g} to {high:g}; got {number!r}"
            )
    return {name: float(given.get(name, p.default)) for name, p in known.items()}
