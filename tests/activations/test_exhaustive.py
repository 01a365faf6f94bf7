"""Every float16, and float32 bit patterns by the million, against an oracle in longdouble.

mpmath is too slow for this many; the oracle is itself held against mpmath first. Its formulas
are not those of the package.
"""

import mpmath
import numpy as np
import pytest

from actgrad.activations import Linear, ReLU, Sigmoid, Softplus, Tanh

CASES = {
    "sigmoid": (Sigmoid(), lambda x: 1 / (1 + np.exp(-x))),
    "sigmoid'": (Sigmoid().gradient, lambda x: 1 / (2 + np.exp(x) + np.exp(-x))),
    "tanh": (Tanh(), np.tanh),
    "tanh'": (Tanh().gradient, lambda x: 1 / np.cosh(x) ** 2),
    "linear": (Linear(), lambda x: x),
    "relu": (ReLU(), lambda x: np.where(x > 0, x, 0)),
    "relu'": (ReLU().gradient, lambda x: (x > 0).astype(x.dtype)),
    "softplus": (Softplus(), lambda x: np.where(x > 40, x + np.exp(-x), np.log1p(np.exp(x)))),
    "softplus'": (Softplus().gradient, lambda x: 1 / (1 + np.exp(-x))),
}
MPMATH = {
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "sigmoid'": lambda x: mpmath.exp(-x) / (1 + mpmath.exp(-x)) ** 2,
    "tanh": mpmath.tanh,
    "tanh'": lambda x: 1 - mpmath.tanh(x) ** 2,
    "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
    "softplus'": lambda x: 1 / (1 + mpmath.exp(-x)),
}
each = pytest.mark.parametrize("name", CASES)


def worst_ulp(name, x, *, only_normal):
    """The largest error of a case over `x`, in ULP of its dtype, and its place."""
    function, oracle = CASES[name]
    info = np.finfo(x.dtype)
    result = function(x)
    assert result.dtype == x.dtype
    with np.errstate(all="ignore"):
        truth = oracle(x.astype(np.longdouble))
        exponent = np.maximum(np.frexp(truth)[1] - 1, int(info.minexp))
        error = np.abs(result - truth) / np.ldexp(np.longdouble(1), exponent - int(info.nmant))
    error[np.abs(truth) > info.max] = 0  # cannot be: no function here grows faster than x
    if only_normal:
        error[np.abs(truth) < info.smallest_normal] = 0
    assert not np.isnan(error).any()
    worst = np.argmax(error)
    return float(error[worst]), float(x[worst])


@pytest.mark.parametrize("name", MPMATH)
def test_the_oracle_agrees_with_mpmath(name):
    x = np.concatenate([np.linspace(-87, 87, 300), np.logspace(-8, 1, 100)]).astype(np.float32)
    with np.errstate(all="ignore"):
        oracle = CASES[name][1](x.astype(np.longdouble))
    with mpmath.workdps(120):
        for point, value in zip(x.tolist(), oracle, strict=True):
            high = float(value)
            actual = mpmath.mpf(high) + mpmath.mpf(float(value - np.longdouble(high)))
            truth = MPMATH[name](mpmath.mpf(point))
            assert abs(actual - truth) <= 1e-14 * abs(truth)


@each
def test_every_float16_to_half_an_ulp(name):
    x = np.arange(2**16, dtype=np.uint16).view(np.float16)
    error, where = worst_ulp(name, x[np.isfinite(x)], only_normal=False)
    assert error <= 0.55, where


@each
def test_a_million_float32_bit_patterns(name):
    assert float32_error(name, stride=4099)[0] <= 6


@pytest.mark.slow
@each
def test_ten_million_float32_bit_patterns(name):
    error, where = float32_error(name, stride=419)
    assert error <= 6, where


def float32_error(name, stride):
    bits = np.arange(0, 2**32, stride, dtype=np.uint64).astype(np.uint32)
    x = bits.view(np.float32)
    x = x[np.isfinite(x)]
    blocks = np.array_split(x, max(1, x.size // 500_000))
    return max(worst_ulp(name, block, only_normal=True) for block in blocks)


def test_a_wrong_bit_is_found():
    x = np.linspace(-5, 5, 1001, dtype=np.float32)
    CASES["spoilt"] = (lambda x: Sigmoid()(x) * np.float32(1 + 1e-6), CASES["sigmoid"][1])
    try:
        assert worst_ulp("spoilt", x, only_normal=True)[0] > 6
    finally:
        del CASES["spoilt"]
