import mpmath
import numpy as np
import pytest
from scipy import special

from actgrad.activations import Activation, LogSoftmax, LogSumExp
from actgrad.layers import Dense

INF = np.inf
DTYPES = [np.float16, np.float32, np.float64, np.longdouble]
SCALES = [0.01, 1, 10, 40, 100, 1e4]


def ulp(found, truth):
    """The error of a number in units of the last place of the truth."""
    unit = np.spacing(abs(found.dtype.type(float(truth))))
    return float(abs(mpmath.mpf(float(found)) - truth) / float(unit))


def exact(z):
    """Return the log-sum-exp, the log-probabilities and 1 minus the probabilities of a row."""
    z = [mpmath.mpf(float(number)) for number in z]
    top = max(z)
    total = top + mpmath.log(mpmath.fsum(mpmath.exp(number - top) for number in z))
    logs = [number - total for number in z]
    return total, logs, [-mpmath.expm1(number) for number in logs]


def exact_vjp(z, g):
    """Return J^T g, and for comparison the sum of its terms' sizes, |J|^T |g|."""
    _, logs, rest = exact(z)
    s, g = [mpmath.exp(number) for number in logs], [mpmath.mpf(float(a)) for a in g]
    total, size = mpmath.fsum(g), mpmath.fsum(map(abs, g))
    dz = [a - p * total for a, p in zip(g, s, strict=True)]
    sizes = [abs(a) * q + p * (size - abs(a)) for a, p, q in zip(g, s, rest, strict=True)]
    return dz, mpmath.norm(sizes)


def rows(dtype, sizes=(1, 2, 3, 10, 127), repeats=60):
    random = np.random.default_rng(21)
    for scale in SCALES:
        for k in sizes:
            for _ in range(max(1, repeats // k)):
                yield (scale * random.standard_normal(k)).astype(dtype), random
    for gap in (1, 20, 38, 60, 700):
        for offset in (0, 30, -30, 650, -1000):
            yield np.array([gap, 0, -1.3, 0.1 * gap], dtype) + dtype(offset), random


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_values_to_4_ulp_and_vjps_to_5_eps(dtype):
    eps = float(np.finfo(dtype).eps)
    worst = worst_sum = worst_vjp = 0
    with mpmath.workdps(650):
        for z, random in rows(dtype):
            total, logs, _ = exact(z)
            y = LogSoftmax()(z)
            worst = max([worst, *(ulp(a, t) for a, t in zip(y, logs, strict=True))])
            level = np.spacing(dtype(max(abs(float(total)), abs(float(z.max())))))
            error = abs(mpmath.mpf(float(LogSumExp()(z))) - total)
            worst_sum = max(worst_sum, float(error / float(level)))
            k = len(z)
            for g in (random.standard_normal(k), np.eye(k)[z.argmax()], np.eye(k)[0]):
                g = g.astype(dtype)
                dz, size = exact_vjp(z, g)
                for found in (LogSoftmax().vjp(z, g), LogSoftmax().value_and_vjp(z)[1](g)):
                    wrong = [mpmath.mpf(float(a)) - t for a, t in zip(found, dz, strict=True)]
                    if size > 1e-35:
                        worst_vjp = max(worst_vjp, float(mpmath.norm(wrong) / size) / eps)
    assert worst <= 4
    assert worst_sum <= 4
    assert worst_vjp <= 5


def test_textbook_forms_fail_this_oracle():
    z = np.array([40.0, 0.0])
    with mpmath.workdps(60):
        _, logs, rest = exact(z)
        assert ulp(np.log(special.softmax(z))[0], logs[0]) > 1e15
        assert float(1 - np.exp(LogSoftmax()(z))[0]) == 0 < float(rest[0])


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2, -3])
def test_any_axis_against_scipy(axis):
    random = np.random.default_rng(22)
    x, g = random.standard_normal((2, 3, 4, 5))
    f, total = LogSoftmax(axis), LogSumExp(axis)
    np.testing.assert_allclose(f(x), special.log_softmax(x, axis=axis), rtol=1e-14)
    np.testing.assert_allclose(total(x), special.logsumexp(x, axis=axis), rtol=1e-14)
    np.testing.assert_allclose(total.gradient(x), special.softmax(x, axis=axis), rtol=1e-14)
    moved = np.moveaxis(x, axis, -1)
    s = np.moveaxis(special.softmax(x, axis=axis), axis, -1)
    k = x.shape[axis]
    np.testing.assert_allclose(
        f.jacobian(x), np.eye(k) - np.ones((k, 1)) * s[..., np.newaxis, :], atol=1e-15
    )
    np.testing.assert_allclose(f.gradient_from_output(f(x)), f.jacobian(x), atol=1e-15)
    jacobian = total.jacobian(x)
    assert jacobian.shape == (*moved.shape[:-1], 1, k)
    np.testing.assert_allclose(jacobian[..., 0, :], s, rtol=1e-14)
    expected = np.moveaxis(
        np.einsum("...ij,...i->...j", f.jacobian(x), np.moveaxis(g, axis, -1)), -1, axis
    )
    one = g.take(0, axis)
    for order in ("C", "F"):
        out = np.empty(x.shape, order=order)
        assert f.vjp(x, g, out=out) is out
        np.testing.assert_allclose(out, expected, atol=1e-15)
        assert total.vjp(x, one, out=out) is out
        np.testing.assert_array_equal(out, total.gradient(x) * np.expand_dims(one, axis))
        y = np.empty(one.shape, order=order)
        found, vjp = total.value_and_vjp(x, out=y)
        assert found is y
        np.testing.assert_array_equal(y, total(x))
        np.testing.assert_array_equal(vjp(one), out)


@pytest.mark.parametrize("dtype", DTYPES)
def test_masks_and_infinities(dtype):
    f, total, half = LogSoftmax(), LogSumExp(), np.log(np.longdouble(0.5))
    z = np.array([[0, -INF, 0], [-INF, 5, -INF], [INF, 0, -INF], [INF, INF, -INF]], dtype)
    expected = np.array(
        [[half, -INF, half], [-INF, 0, -INF], [0, -INF, -INF], [half, half, -INF]]
    ).astype(dtype)
    np.testing.assert_array_equal(f(z), expected)
    np.testing.assert_array_equal(total(z), np.array([-half, 5, INF, INF]).astype(dtype))
    s = [[0.5, 0, 0.5], [0, 1, 0], [1, 0, 0], [0.5, 0.5, 0]]
    np.testing.assert_allclose(total.gradient(z), s, rtol=1e-3)
    g = np.array([1, 2, 3], dtype)
    np.testing.assert_allclose(f.vjp(z, g), g - 6 * np.array(s), atol=1e-2)
    np.testing.assert_array_equal(total.vjp(z[1:3], [INF, 2]), [[0, INF, 0], [2, 0, 0]])
    nothing = np.full((1, 2), -INF, dtype)
    assert np.isnan(f(nothing)).all()
    assert np.isneginf(total(nothing)).all()
    assert np.isnan(total.gradient(nothing)).all()
    assert np.isnan(f(np.array([0, np.nan], dtype))).all()
    assert np.isnan(total(np.array([0, np.nan], dtype)))
    assert f(z).dtype == total(z).dtype == total.vjp(z, 1.0).dtype == dtype


def test_huge_entries():
    np.testing.assert_array_equal(LogSoftmax()([1e308, -1e308, 0]), [0, -INF, -1e308])
    assert LogSumExp()([1.7e308, -1.7e308]) == 1.7e308
    assert LogSumExp()([1.7e308, 1.7e308]) == 1.7e308
    np.testing.assert_array_equal(LogSoftmax()(np.array([6e4, -6e4], np.float16)), [0, -INF])


def test_large_cotangents():
    f, z = LogSoftmax(), [0.0, 0.5, -INF]
    np.testing.assert_array_equal(f.vjp(z, [INF, 2, 0]), [INF, -INF, 0])
    np.testing.assert_array_equal(f.vjp(z, [1, 2, INF]), [-INF, -INF, INF])
    # The output of the only class never moves: its cotangent counts for nothing.
    np.testing.assert_array_equal(f.vjp([0.0, -INF], [INF, 2]), [-2, 2])
    # The sum of the last two is too large, that of all three is not.
    np.testing.assert_allclose(
        f.vjp([0.0, 0.0, 0.0], [-1.5e308, 1e308, 1.2e308]),
        1e300 * f.vjp([0.0, 0.0, 0.0], [-1.5e8, 1e8, 1.2e8]),
        rtol=1e-14,
    )
    assert np.isnan(f.vjp(z, [np.nan, 0, 0])).any()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("k", [2, 127, 40_000])
def test_a_row_does_not_feel_its_neighbours(dtype, k):
    random = np.random.default_rng(12)
    z, g = random.standard_normal((2, 24, k)).astype(dtype)
    z[1] += dtype(1000)
    z[2, 0], z[4, 1], z[5, 0] = np.nan, INF, -INF
    g[7, 0] = INF
    f = LogSoftmax()
    y, dz, total = f(z), f.vjp(z, g), LogSumExp()(z)
    for i, row in enumerate(z):
        np.testing.assert_array_equal(f(row), y[i])
        np.testing.assert_array_equal(f.vjp(row, g[i]), dz[i])
        np.testing.assert_array_equal(LogSumExp()(row), total[i])
    np.testing.assert_array_equal(LogSoftmax(0)(z.T.copy()), y.T)
    np.testing.assert_array_equal(LogSumExp(0)(z.T.copy()), total)


def test_log_sum_exp_reduces_and_says_so():
    f = LogSumExp()
    assert not isinstance(f, Activation)
    with pytest.raises(TypeError, match="must be an Activation"):
        Dense(np.ones((2, 3)), np.ones(3), f)
    assert isinstance(f([0.0, 1.0]), np.float64)
    assert f(np.zeros((0, 3))).shape == (0,)
    assert f(np.array([1, 0], bool)).dtype == np.float64
    for call in (f, f.gradient, f.jacobian, f.value_and_vjp, LogSoftmax()):
        with pytest.raises(ValueError, match=r"axis -1 needs at least one element .*; pass"):
            call(np.zeros((3, 0)))
        with pytest.raises(TypeError, match="x must hold real numbers"):
            call(["a"])
    with pytest.raises(ValueError, match=r"does not broadcast to the output's shape \(2,\)"):
        f.vjp(np.zeros((2, 3)), np.zeros(3))
    with pytest.raises(ValueError, match="has shape"):
        f(np.zeros((2, 3)), out=np.zeros((2, 3)))
    with pytest.raises(ValueError, match=r"both give y = log 2.*; pass the input"):
        f.gradient_from_output(1.0)
    # What the message says.
    assert f([0.0, 0.0]) == f([np.log(2), -INF])
    np.testing.assert_array_equal(f.gradient([[0, 0], [np.log(2), -INF]]), [[0.5, 0.5], [1, 0]])


@pytest.mark.parametrize("cls", [LogSoftmax, LogSumExp])
@pytest.mark.parametrize("bad", [0.0, "0", None, (0, 1)])
def test_bad_axis_is_refused(cls, bad):
    with pytest.raises(ValueError, match="axis must be an integer"):
        cls(bad)
