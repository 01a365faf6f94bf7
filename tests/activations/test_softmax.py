import mpmath
import numpy as np
import pytest
from scipy import special

from actgrad.activations import Softmax, Softmin

SIZES = [1, 2, 3, 10, 127, 1000]
HUGE = [[0, -1e308], [1.7e308, -1.7e308], [1.7e308, 1.6e308], [-1e308, 0]]
SCALES = {"N(0, 1)": 1, "N(0, 10)": 10, "N(0, 100)": 100, "spread 1e4": 1e4}


def exact(z, g, stretch=1.0, digits=360):
    """Value and VJP of one row, from the definition: 1 - y cancels, so digits do not hurt."""
    with mpmath.workdps(digits):
        z, g = ([mpmath.mpf(float(number)) for number in row] for row in (z, g))
        top, s = max(z), mpmath.mpf(stretch)
        e = [mpmath.exp(s * (number - top)) for number in z]
        total = mpmath.fsum(e)
        y = [number / total for number in e]
        mean = mpmath.fdot(y, g)
        return y, [s * p * (number - mean) for p, number in zip(y, g, strict=True)]


def normwise(actual, expected, dtype):
    """The error in units of eps, relative to the norm of the exact vector."""
    with mpmath.workdps(50):
        norm = mpmath.norm(expected)
        difference = [mpmath.mpf(float(a)) - e for a, e in zip(actual, expected, strict=True)]
        error = mpmath.norm(difference)
        if error == 0:
            return 0.0
        assert norm > 0
        return float(error / norm / float(np.finfo(dtype).eps))


def check(z, g, stretch=1.0, bound=5, digits=360):
    f = Softmax(stretch)
    with mpmath.workdps(50):
        y, dz = exact(z, g, stretch, digits)
        assert normwise(f(z), y, z.dtype) <= bound
        total = mpmath.fsum(mpmath.mpf(float(number)) for number in f(z))
        assert abs(total - 1) <= bound * float(np.finfo(z.dtype).eps)
        if mpmath.norm(dz) > float(np.finfo(z.dtype).smallest_normal) * len(z) * 1e8:
            assert normwise(f.vjp(z, g), dz, z.dtype) <= bound
            assert normwise(f.value_and_vjp(z)[1](g), dz, z.dtype) <= bound


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
@pytest.mark.parametrize("stretch", [1.0, 2.5, 0.1])
def test_value_row_sum_and_vjp_to_5_eps(dtype, scale, stretch):
    random = np.random.default_rng(5)
    for k in SIZES:
        for _ in range(max(1, 60 // k)):
            z, g = random.standard_normal((2, k)).astype(dtype)
            check(z * dtype(scale), g, stretch)


@pytest.mark.parametrize(
    "scale",
    [10, pytest.param(1, marks=pytest.mark.slow), pytest.param(100, marks=pytest.mark.slow)],
)
def test_100_000_classes(scale):
    random = np.random.default_rng(6)
    z, g = random.standard_normal((2, 100_000))
    check(scale * z, g, digits=60)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("offset", [0, 30, -30, 650, -1000])
def test_saturated_rows_keep_their_digits(dtype, offset):
    random = np.random.default_rng(8)
    for gap in (1, 20, 38, 60, 80):
        z = np.array([gap, 0, -1.3, 0.1 * gap], dtype) + dtype(offset)
        check(z, random.standard_normal(4).astype(dtype))


def test_the_textbook_vjp_fails_this_oracle():
    z, g = np.array([60.0, 0.0, 0.3]), np.array([0.7, 0.1, -0.2])
    y = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    jacobian = np.diag(y) - np.outer(y, y)
    assert normwise(jacobian.T @ g, exact(z, g)[1], np.float64) > 1e9


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
@pytest.mark.parametrize("k", [1, 3, 1000, 100_000])
def test_equal_entries(dtype, k):
    for level in (-1e4, -1, 0, 50, 700, 1e4):
        y = Softmax()(np.full(k, level, dtype))
        expected = np.full(k, np.longdouble(1) / k).astype(dtype)
        np.testing.assert_allclose(y, expected, rtol=5 * np.finfo(dtype).eps)


def test_a_constant_cotangent_gives_exactly_zero():
    z = np.random.default_rng(9).standard_normal((50, 7)) * 20
    assert not Softmax().vjp(z, 0.1).any()
    assert not Softmax().value_and_vjp(z)[1](1e300).any()


@pytest.mark.parametrize("stretch", [1.0, 3.0, 1e-30, 1e30])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_masks_and_infinities(stretch, dtype):
    inf = np.inf
    f = Softmax(stretch)
    z = np.array([[0, -inf, 0], [-inf, 5, -inf], [inf, 0, -inf], [inf, inf, -inf]], dtype)
    expected = [[0.5, 0, 0.5], [0, 1, 0], [1, 0, 0], [0.5, 0.5, 0]]
    np.testing.assert_array_equal(f(z), expected)
    for row, y in zip(z, expected, strict=True):
        np.testing.assert_array_equal(f(row), y)
    g = np.array([1, 2, 3], dtype)
    y = np.array(expected)
    dz = stretch * y * (g - (y * g).sum(-1, keepdims=True))
    with np.errstate(over="ignore"):
        np.testing.assert_allclose(f.vjp(z, g), dz.astype(dtype), rtol=1e-3)
    assert not np.isnan(f.jacobian(z)).any()
    assert np.isnan(f([-inf, -inf])).all()
    assert np.isnan(f([0.0, np.nan])).all()
    np.testing.assert_array_equal(np.isnan(f([[-inf, -inf], [0, 0]])).any(-1), [True, False])


@pytest.mark.parametrize(
    "z", [[0, -1e308], [1.7e308, -1.7e308], [1.7e308, 1.6e308], [-1e308, 0]]
)
@pytest.mark.parametrize("stretch", [1.0, 10.0])
def test_huge_entries(z, stretch):
    expected = [float(number == max(z)) for number in z]
    np.testing.assert_array_equal(Softmax(stretch)(z), expected)


def test_infinite_cotangents():
    f, z, inf = Softmax(), [0.0, 0.5, -np.inf], np.inf
    np.testing.assert_array_equal(f.vjp(z, [1, 2, inf]), f.vjp(z, [1, 2, 0]))  # masked
    np.testing.assert_array_equal(f.vjp(z, [inf, 2, 0]), [inf, -inf, 0])
    np.testing.assert_array_equal(f.vjp(z, [1, -inf, -inf]), [inf, -inf, 0])
    np.testing.assert_array_equal(f.vjp(z, [inf, -inf, 0]), [inf, -inf, 0])
    np.testing.assert_array_equal(f.vjp(z, [inf, inf, inf]), [0, 0, 0])
    assert np.isnan(f.vjp(z, [np.nan, 0, 0])).any()
    batch = f.vjp([z, z], [[inf, 2, 0], [1, 2, 0]])
    np.testing.assert_array_equal(batch[1], f.vjp(z, [1, 2, 0]))


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2, -3])
@pytest.mark.parametrize("stretch", [1.0, 2.5])
def test_any_axis(axis, stretch):
    random = np.random.default_rng(10)
    x, g = random.standard_normal((2, 3, 4, 5))
    f, last = Softmax(stretch, axis), Softmax(stretch)
    moved = np.moveaxis(x, axis, -1)
    np.testing.assert_allclose(f(x), special.softmax(stretch * x, axis=axis), rtol=1e-14)
    np.testing.assert_array_equal(f(x), np.moveaxis(last(moved), -1, axis))
    expected = np.moveaxis(last.vjp(moved, np.moveaxis(g, axis, -1)), -1, axis)
    for order in ("C", "F"):
        out = np.empty(x.shape, order=order)
        assert f.vjp(x, g, out=out) is out
        np.testing.assert_array_equal(out, expected)
        y, vjp = f.value_and_vjp(x, out=out)
        assert y is out
        np.testing.assert_array_equal(vjp(g), expected)
    np.testing.assert_array_equal(f.jacobian(x), last.jacobian(moved))
    assert f.jacobian(x).shape == (*moved.shape, moved.shape[-1])
    np.testing.assert_array_equal(f.gradient(x), f.jacobian(x))
    np.testing.assert_array_equal(f.gradient_from_output(f(x)), f.jacobian(x))


@pytest.mark.parametrize("stretch", [1.0, 2.5])
def test_the_jacobian_against_mpmath_entry_by_entry(stretch):
    for z in ([0.3, -1.0, 0.2, 2.0], [45.0, 0.0, 3.0, 1.0], [623.0, 700.0, 650.0, 660.0]):
        z = np.array(z)
        jacobian = Softmax(stretch).jacobian(z)
        for column in range(4):
            # The rows of J^T are the VJPs of the unit cotangents; 40 eps entry by entry.
            _, expected = exact(z, np.eye(4)[column], stretch)
            for entry, truth in zip(jacobian[column], expected, strict=True):
                assert abs(mpmath.mpf(entry) - truth) <= 1e-14 * abs(truth)


def test_the_vjp_is_the_transposed_jacobian_times_the_cotangent():
    x, g = np.random.default_rng(11).standard_normal((2, 6, 4))
    f = Softmax(stretch=1.7)
    expected = np.einsum("nij,ni->nj", f.jacobian(x), g)
    np.testing.assert_allclose(f.vjp(x, g), expected, atol=1e-15)


def test_one_class_has_no_gradient():
    np.testing.assert_array_equal(Softmax()([[3.0], [-800.0]]), [[1], [1]])
    np.testing.assert_array_equal(Softmax().jacobian([3.0]), [[0]])
    np.testing.assert_array_equal(Softmax().vjp([3.0], 2.0), [0])


@pytest.mark.parametrize("shape", [(), (0,), (3, 0)])
def test_a_missing_or_empty_axis_is_refused(shape):
    x = np.ones(shape)
    f = Softmax()
    for call in (f, f.gradient, f.jacobian, f.value_and_vjp, f.gradient_from_output):
        with pytest.raises(ValueError, match=r"axis -1 needs at least one element .*; pass"):
            call(x)
    with pytest.raises(ValueError, match="needs at least one element"):
        f.vjp(x, x)


def test_an_axis_out_of_range_is_refused():
    with pytest.raises(ValueError, match="over axis 2 needs"):
        Softmax(axis=2)(np.ones((3, 3)))


@pytest.mark.parametrize("bad", [0, -1.0, np.nan, np.inf, "1", None, 1j])
def test_bad_stretch_is_refused(bad):
    with pytest.raises(ValueError, match="stretch must be"):
        Softmax(stretch=bad)


@pytest.mark.parametrize("bad", [0.0, "0", None, (0, 1)])
def test_bad_axis_is_refused(bad):
    with pytest.raises(ValueError, match="axis must be an integer"):
        Softmax(axis=bad)


def test_parameters_are_plain_numbers():
    f = Softmax(np.float64(2), np.int64(0))
    assert f == Softmax(2.0, 0)
    assert (
        f([np.float32(1)]).dtype == np.float64 or f(np.ones(1, np.float32)).dtype == np.float32
    )
    assert repr(f) == "Softmax(stretch=2.0, axis=0)"


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
@pytest.mark.parametrize("k", [2, 5, 127, 1000, 40_000])
@pytest.mark.parametrize("stretch", [1.0, 2.5])
def test_a_row_does_not_feel_its_neighbours(dtype, k, stretch):
    """To the last bit, whatever stands beside it, in batches of any size and any layout."""
    random = np.random.default_rng(12)
    z, g = random.standard_normal((2, 24, k)).astype(dtype)
    z[::3] -= 30  # a maximum below 0: shifted
    z[1] += dtype(1000)
    z[2, 0], z[4, 1], z[5, 0] = np.nan, np.inf, -np.inf
    f = Softmax(stretch)
    y, dz = f(z), f.vjp(z, g)
    for i, row in enumerate(z):
        np.testing.assert_array_equal(f(row), y[i])
        np.testing.assert_array_equal(f.vjp(row, g[i]), dz[i])
        np.testing.assert_array_equal(f.value_and_vjp(row)[1](g[i]), dz[i])
    for rows in (slice(1, 3), slice(0, 7), slice(5, 24)):
        np.testing.assert_array_equal(f(z[rows]), y[rows])
        np.testing.assert_array_equal(f.value_and_vjp(z[rows])[1](g[rows]), dz[rows])
    first = Softmax(stretch, axis=0)
    np.testing.assert_array_equal(first(z.T.copy()), y.T)
    np.testing.assert_array_equal(first.vjp(z.T.copy(), g.T), dz.T)
    middle = Softmax(stretch, axis=1)
    block = np.moveaxis(z.reshape(4, 6, k), -1, 1).copy()
    np.testing.assert_array_equal(np.moveaxis(middle(block), 1, -1).reshape(24, k), y)


def test_softmin_is_the_softmax_of_the_negative_input():
    x, g = np.random.default_rng(13).standard_normal((2, 3, 4))
    for axis in (0, 1):
        f = Softmin(axis)
        np.testing.assert_allclose(f(x), special.softmax(-x, axis=axis), rtol=1e-14)
        np.testing.assert_array_equal(f.gradient_from_output(f(x)), f.jacobian(x))
    for row, cotangent in zip(x, g, strict=True):
        y, dz = exact(-row, cotangent)
        assert normwise(Softmin()(row), y, x.dtype) <= 5
        assert normwise(Softmin().vjp(row, cotangent), [-a for a in dz], x.dtype) <= 5
    np.testing.assert_array_equal(Softmin()([np.inf, 0, 0]), [0, 0.5, 0.5])
    assert np.isnan(Softmin()([np.inf, np.inf])).all()
    with pytest.raises(ValueError, match="axis must be an integer"):
        Softmin("0")


def test_cotangents_too_large_for_their_difference():
    z = [0.0, 0.5, 1.0]
    expected = 1e300 * Softmax().vjp(z, [1e8, -1e8, 1e8])
    np.testing.assert_allclose(Softmax().vjp(z, [1e308, -1e308, 1e308]), expected, rtol=1e-14)
