"""Values of an answer at many points at once: the language's tree on NumPy arrays."""

import math
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from actgrad.atlas._evaluate import Arithmetic, evaluate
from actgrad.atlas._language import Node
from actgrad.atlas._table import FUNCTIONS

Array = NDArray[Any]


def _elementwise(function: Callable[[float], float]) -> Callable[[Any], Array]:
    def at(x: float) -> float:
        try:
            return function(x)
        except OverflowError:
            return math.inf
        except ValueError:
            return math.nan

    return np.vectorize(at, otypes=[float])


# NumPy has no special functions; the standard library has these three.
_SPECIAL = {name: _elementwise(getattr(math, name)) for name in ("erf", "erfc", "gamma")}
_NUMPY = {
    function.numpy: _SPECIAL.get(name) or getattr(np, function.numpy)
    for name, function in FUNCTIONS.items()
    if function.numpy
}
_FLOAT64 = Arithmetic(
    SimpleNamespace(**_NUMPY, e=np.float64(np.e), pi=np.float64(np.pi)),
    "numpy",
    np.float64,
    np.where,
)


def float64(node: Node, values: Mapping[str, Any]) -> Array:
    """Evaluate an answer in float64; what is undefined is ``nan``, never a warning."""
    arrays = {name: np.asarray(value, dtype=float) for name, value in values.items()}
    with np.errstate(all="ignore"):
        return np.asarray(evaluate(node, arrays, _FLOAT64), dtype=float)
