import numpy as np
import pytest

from actgrad.activations import Identity, Linear


def test_identity_is_the_same_class():
    assert Identity is Linear
    assert Identity() == Linear()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_every_bit_pattern_is_kept(dtype):
    random = np.random.default_rng(3)
    bits = random.integers(0, 2**16, 4 * 10_000, dtype=np.uint16)
    x = bits.astype(np.longdouble).astype(dtype) if dtype is np.longdouble else bits.view(dtype)
    y, vjp = Linear().value_and_vjp(x)
    np.testing.assert_array_equal(y, x)
    np.testing.assert_array_equal(vjp(x), x)
    np.testing.assert_array_equal(np.signbit(y), np.signbit(x))
    np.testing.assert_array_equal(Linear().gradient(x), np.ones(x.shape))


def test_an_infinite_cotangent_passes():
    assert Linear().vjp(0.0, -np.inf) == -np.inf
    assert np.isnan(Linear().vjp(0.0, np.nan))
