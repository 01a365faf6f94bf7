"""Textbook and accurate formulas in NumPy, with the truth from mpmath: the still picture."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np

_DIGITS = 40


@dataclass(frozen=True)
class Formula:
    """A quantity, the textbook's way to compute it, an accurate way, and the truth."""

    title: str
    textbook: Callable[[np.ndarray], np.ndarray]
    accurate: Callable[[np.ndarray], np.ndarray]
    truth: Callable[[Any], Any]
    limits: tuple[float, float]
    view: tuple[float, float]


def _sigmoid_textbook(x: np.ndarray) -> np.ndarray:
    s: np.ndarray = 1 / (1 + np.exp(-x))
    slope: np.ndarray = s * (1 - s)
    return slope


def _logistic(e: np.ndarray) -> np.ndarray:
    slope: np.ndarray = e / (1 + e) ** 2
    return slope


def _tanh_textbook(x: np.ndarray) -> np.ndarray:
    y: np.ndarray = np.tanh(x)
    slope: np.ndarray = 1 - y * y
    return slope


def _softmax_textbook(x: np.ndarray) -> np.ndarray:
    first, second, third = (np.exp(z) for z in (x, x - 1, x - 2))
    y: np.ndarray = first / (first + second + third)
    return y


def _softplus(x: np.ndarray) -> np.ndarray:
    y: np.ndarray = np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
    return y


FORMULAS = {
    "sigmoid-gradient": Formula(
        "the sigmoid's derivative",
        _sigmoid_textbook,
        lambda x: _logistic(np.exp(-np.abs(x))),
        lambda x: 1 / (2 + mpmath.exp(x) + mpmath.exp(-x)),
        (-700.0, 700.0),
        (-10.0, 60.0),
    ),
    "tanh-gradient": Formula(
        "the derivative of tanh",
        _tanh_textbook,
        lambda x: 4 * _logistic(np.exp(-2 * np.abs(x))),
        lambda x: mpmath.sech(x) ** 2,
        (-350.0, 350.0),
        (-5.0, 30.0),
    ),
    "softplus": Formula(
        "softplus",
        lambda x: np.log(1 + np.exp(x)),
        _softplus,
        lambda x: mpmath.log1p(mpmath.exp(x)),
        (-700.0, 740.0),
        (-60.0, 40.0),
    ),
    "softmax": Formula(
        "the first of softmax(x, x - 1, x - 2)",
        _softmax_textbook,
        lambda x: _softmax_textbook(np.zeros_like(x)),
        lambda x: 1 / (1 + mpmath.exp(-1) + mpmath.exp(-2)),
        (-740.0, 740.0),
        (-120.0, 120.0),
    ),
}


def relative_errors(formula: Formula, x: np.ndarray) -> dict[tuple[str, str], np.ndarray]:
    """Return |value - truth| / |truth| by form and number format; inf where a form fails."""
    with mpmath.workdps(_DIGITS):
        truths = [formula.truth(mpmath.mpf(float(value))) for value in x]
        errors = {}
        for dtype in (np.float32, np.float64):
            for name, form in (("textbook", formula.textbook), ("accurate", formula.accurate)):
                with np.errstate(all="ignore"):
                    values = form(x.astype(dtype))
                errors[name, np.dtype(dtype).name] = np.array(
                    [
                        float(abs(mpmath.mpf(float(value)) - truth) / abs(truth))
                        if np.isfinite(value)
                        else np.inf
                        for value, truth in zip(values, truths, strict=True)
                    ]
                )
    return errors
