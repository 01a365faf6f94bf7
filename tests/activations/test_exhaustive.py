"""Every float16, and float32 bit patterns by the million, against an oracle in longdouble.

mpmath is too slow for this many; the oracle is itself held against mpmath first. Its formulas
are not those of the package.
"""

import mpmath
import numpy as np
import pytest
from scipy import special

from actgrad.activations import GELU, Linear, Mish, ReLU, Sigmoid, SiLU, Softplus, Tanh


def sigma(x):
    return 1 / (1 + np.exp(-x))


def phi(x):
    return np.exp(-x * x / 2) / np.sqrt(2 * np.longdouble(np.pi))


def Phi(x):
    double = x.astype(np.float64)
    left = np.exp(-x * x / 2) * special.erfcx(-double / np.sqrt(2)) / 2
    return np.where(x < 0, left, special.ndtr(double))


def tanh_of_softplus(x):
    e = np.exp(np.minimum(x, 40))
    return e * (e + 2) / (e * (e + 2) + 2)


def cubic(x):
    return np.sqrt(8 / np.longdouble(np.pi)) * (x + np.longdouble("0.044715") * x**3)


CASES = {
    "sigmoid": (Sigmoid(), lambda x: 1 / (1 + np.exp(-x))),
    "sigmoid'": (Sigmoid().gradient, lambda x: 1 / (2 + np.exp(x) + np.exp(-x))),
    "tanh": (Tanh(), np.tanh),
    "tanh'": (Tanh().gradient, lambda x: 1 / np.cosh(x) ** 2),
    "linear": (Linear(), lambda x: x),
    "relu": (ReLU(), lambda x: np.where(x > 0, x, 0)),
    "relu'": (ReLU().gradient, lambda x: (x > 0).astype(x.dtype)),
    "softplus": (Softplus(), lambda x: np.where(x > 40, x + np.exp(-x), np.log1p(np.exp(x)))),
    "softplus'": (Softplus().gradient, sigma),
    "silu": (SiLU(), lambda x: x * sigma(x)),
    "silu'": (SiLU().gradient, lambda x: sigma(x) * (1 + x * sigma(-x))),
    "gelu": (GELU(), lambda x: x * Phi(x)),
    "gelu'": (GELU().gradient, lambda x: Phi(x) + x * phi(x)),
    "gelu_tanh": (GELU("tanh"), lambda x: x * sigma(cubic(x))),
    "mish": (Mish(), lambda x: x * tanh_of_softplus(x)),
    "mish'": (
        Mish().gradient,
        lambda x: (
            tanh_of_softplus(x)
            + x * sigma(x) * (1 - tanh_of_softplus(x)) * (1 + tanh_of_softplus(x))
        ),
    ),
}
MPMATH = {
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "sigmoid'": lambda x: mpmath.exp(-x) / (1 + mpmath.exp(-x)) ** 2,
    "tanh": mpmath.tanh,
    "tanh'": lambda x: 1 - mpmath.tanh(x) ** 2,
    "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
    "softplus'": lambda x: 1 / (1 + mpmath.exp(-x)),
    "silu": lambda x: x / (1 + mpmath.exp(-x)),
    "silu'": lambda x: mpmath.diff(MPMATH["silu"], x),
    "gelu": lambda x: x * mpmath.ncdf(x),
    "gelu'": lambda x: mpmath.ncdf(x) + x * mpmath.npdf(x),
    "gelu_tanh": lambda x: (
        x / (1 + mpmath.exp(-mpmath.sqrt(8 / mpmath.pi) * (x + mpmath.mpf("0.044715") * x**3)))
    ),
    "mish": lambda x: x * mpmath.tanh(mpmath.log1p(mpmath.exp(x))),
    "mish'": lambda x: mpmath.diff(MPMATH["mish"], x),
}
FAR_BELOW = 1e-47  # 0 in float32
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
            assert abs(actual - truth) <= 1e-14 * abs(truth) or abs(truth) < FAR_BELOW


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
