"""The functions' parameters as controls: what each is called, where it goes, where it starts."""

from dataclasses import dataclass

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


def complete(function: str, given: dict[str, float]) -> dict[str, float]:
    """Return a value for every parameter: the given one, else the default."""
    return {name: float(given.get(name, p.default)) for name, p in parameters(function).items()}
