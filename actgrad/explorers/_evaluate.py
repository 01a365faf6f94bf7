"""Values of the book's functions for the still pictures, from their SymPy expressions."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import sympy

from actgrad.derivations.functions import Function


def _evaluate(
    function: Function, expression: Any, x: np.ndarray, parameters: Mapping[str, float]
) -> np.ndarray:
    symbols = [function.symbol, *function.parameters]
    compiled = sympy.lambdify(symbols, expression, ["scipy", "numpy"])
    with np.errstate(all="ignore"):  # every case is evaluated everywhere
        values = compiled(x, *(parameters[p.name] for p in function.definition.parameters))
    return np.broadcast_to(np.asarray(values, float), x.shape)


def value(function: Function, x: np.ndarray, parameters: Mapping[str, float]) -> np.ndarray:
    """Return f(x)."""
    return _evaluate(function, function.stable_expression, x, parameters)


def derivative(
    function: Function, x: np.ndarray, parameters: Mapping[str, float]
) -> np.ndarray:
    """Return f'(x)."""
    return _evaluate(function, function.stable_derivative, x, parameters)


def broken_at_jumps(
    function: Function, x: np.ndarray, slope: np.ndarray, parameters: Mapping[str, float]
) -> np.ndarray:
    """Return f'(x) with NaN at the kinks where it jumps, so that no line joins its sides."""
    slope = slope.copy()
    for place in function.kinks:
        kink = float(function.at(place, parameters))
        at = int(np.abs(x - kink).argmin())
        if 0 < at < len(x) - 1 and abs(slope[at + 1] - slope[at - 1]) > 0.1 * np.ptp(slope):
            slope[at] = np.nan
    return slope
