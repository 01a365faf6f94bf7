"""Gates where it is hard: at the root of f', where the tail ends, and near 0."""

import mpmath
import numpy as np
import pytest

from tests.records import PROMISED, check_errors, class_of, settings, slope

NAMES = ("gelu", "gelu_tanh", "quick_gelu", "silu", "swish", "e_swish")
NAMES += ("mish", "tanh_exp", "smish", "serf")
CASES = [(name, own) for name in NAMES for own in settings(PROMISED[name])]
CASES += [("swish", {"beta": beta}) for beta in (0.1, 123.456, 1e-30, 1e30)]
BOUNDS = {np.float64: (4, 5), np.float32: (6, 6)}


def root_of_slope(record, own, f):
    """The root of f' to 40 digits, from where our gradient changes its sign."""
    low = next(a for a in -(2.0 ** np.arange(-110, 110)) if f.gradient(a) < 0)
    with mpmath.workdps(40):
        return mpmath.findroot(slope(record, own), (low, low / 2), solver="anderson")


def end_of_tail(f, dtype):
    """The largest a for which f'(-a) is a normal number."""
    least = float(np.finfo(dtype).smallest_normal)
    low, high = 0.0, 1e35
    while low < (middle := (low + high) / 2) < high:
        inside = abs(f.gradient(-middle)) > least or f.gradient(-middle / 2) > 0
        low, high = (middle, high) if inside else (low, middle)
    return low


def hard_points(record, own, f, dtype):
    root = float(root_of_slope(record, own, f))
    steps = 10.0 ** -np.arange(0.5, 17.5)
    near = np.array([root], dtype)
    end = end_of_tail(f, dtype)
    points = [
        root * (1 + steps),
        root * (1 - steps),
        np.nextafter(near, dtype(0)),
        near,
        np.nextafter(near, dtype(-np.inf)),
        -end * (1 - steps),
        -end * np.linspace(0.9, 1.1, 21),
        steps,
        -steps,
    ]
    return np.unique(np.concatenate(points).astype(dtype))


@pytest.mark.parametrize(("name", "own"), CASES)
@pytest.mark.parametrize("dtype", BOUNDS)
def test_roots_of_the_gradient_and_ends_of_the_tail(name, own, dtype, worst_ulp):
    record = PROMISED[name]
    f = class_of(record)(**own)
    points = hard_points(record, own, f, dtype)
    check_errors(record, own, f, points, worst_ulp, BOUNDS[dtype])
