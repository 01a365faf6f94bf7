"""The oracle of the accuracy tests: mpmath, which knows nothing of floating-point tricks."""

import mpmath
import numpy as np
import pytest


def ulp(exact, dtype):
    """The distance between neighbouring numbers of `dtype` at the mpmath number `exact`."""
    info = np.finfo(dtype)
    exponent = mpmath.frexp(exact)[1] - 1 if exact else info.minexp
    return mpmath.ldexp(1, max(exponent, int(info.minexp)) - int(info.nmant))


def worst_ulp(function, exact, points, *, only_normal=True):
    """The largest error of `function` over `points`, in ULP of the exact result, and its place.

    `exact` takes and returns mpmath numbers. Below the smallest normal number an ULP is the
    smallest subnormal; such results are left out if `only_normal`.
    """
    points = np.unique(np.asarray(points))
    dtype = points.dtype
    info = np.finfo(dtype)
    results = function(points)
    assert results.dtype == dtype
    assert results.shape == points.shape
    worst, where, judged = mpmath.mpf(0), None, 0
    with mpmath.workdps(60):
        for point, result in zip(points.tolist(), results.tolist(), strict=True):
            truth = exact(mpmath.mpf(point))
            if only_normal and abs(truth) < float(info.smallest_normal) and truth:
                continue
            judged += 1
            if abs(truth) >= float(info.max) + ulp(info.max, dtype) / 2:
                assert result == mpmath.sign(truth) * mpmath.inf
                continue
            error = abs(mpmath.mpf(result) - truth) / ulp(truth, dtype)
            if not error <= worst:
                worst, where = error, point
    assert judged, "no point was judged"
    return float(worst), where


def finite_points(dtype, count=4000, seed=2024):
    """Finite numbers: a dense grid, both log-spaced tails, random bit patterns, the borders."""
    info = np.finfo(dtype)
    random = np.random.default_rng(seed)
    unsigned = np.dtype(f"u{np.dtype(dtype).itemsize}")
    bits = random.integers(0, np.iinfo(unsigned).max, count, dtype=unsigned, endpoint=True)
    logarithmic = np.logspace(np.log10(float(info.smallest_normal)), 3, count // 4)
    borders = [0.0, info.smallest_subnormal, info.smallest_normal, info.eps, 1, info.max]
    borders += [36.7, 37.5, 38, 88.7, 103.9, 708.4, 709.8, 745.1, 745.2]
    positive = np.concatenate([logarithmic, np.asarray(borders, np.longdouble)])
    with np.errstate(over="ignore"):
        points = np.concatenate(
            [
                np.linspace(-40, 40, count, dtype=np.float64).astype(dtype),
                np.linspace(-760, 760, count, dtype=np.float64).astype(dtype),
                positive.astype(dtype),
                -positive.astype(dtype),
                bits.view(dtype),
            ]
        )
    return np.unique(points[np.isfinite(points)])


@pytest.fixture(name="worst_ulp")
def _worst_ulp():
    return worst_ulp


@pytest.fixture(name="finite_points")
def _finite_points():
    return finite_points
