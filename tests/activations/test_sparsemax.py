import mpmath
import numpy as np
import pytest
from scipy import optimize

from actgrad.activations import Sparsemax

INF = np.inf
DTYPES = [np.float16, np.float32, np.float64, np.longdouble]


def exact(z):
    """Return the projection by bisection for the threshold: nothing is sorted or counted."""
    z = [mpmath.mpf(float(number)) for number in z]
    low, high = max(z) - 1, max(z)
    for _ in range(200):
        tau = (low + high) / 2
        if mpmath.fsum(max(number - tau, 0) for number in z) > 1:
            low = tau
        else:
            high = tau
    return [max(number - tau, mpmath.mpf(0)) for number in z]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("scale", [0.01, 1, 10, 1e4])
def test_values_to_5_eps(dtype, scale):
    random = np.random.default_rng(31)
    eps = float(np.finfo(dtype).eps)
    with mpmath.workdps(50):
        for k in (1, 2, 3, 10, 127):
            for _ in range(max(1, 30 // k)):
                z = (scale * random.standard_normal(k)).astype(dtype)
                y, truth = Sparsemax()(z), exact(z)
                wrong = [mpmath.mpf(float(a)) - t for a, t in zip(y, truth, strict=True)]
                assert mpmath.norm(wrong) <= 5 * eps * mpmath.norm(truth)
                assert abs(float(y.sum(dtype=np.float64)) - 1) <= 5 * eps


def test_it_is_the_nearest_point_of_the_simplex():
    random = np.random.default_rng(32)
    for _ in range(5):
        z = random.standard_normal(5)
        found = optimize.minimize(
            lambda p, z=z: ((p - z) ** 2).sum(),
            np.full(5, 0.2),
            method="SLSQP",
            bounds=[(0, 1)] * 5,
            constraints={"type": "eq", "fun": lambda p: p.sum() - 1},
            options={"ftol": 1e-15},
        )
        np.testing.assert_allclose(Sparsemax()(z), found.x, atol=1e-6)


def test_the_jacobian_by_differences():
    random = np.random.default_rng(33)
    f = Sparsemax()
    for k in (2, 3, 6):
        z, h = random.standard_normal(k), 1e-6
        steps = h * np.eye(k)
        numeric = np.array([(f(z + s) - f(z - s)) / (2 * h) for s in steps]).T
        np.testing.assert_allclose(f.jacobian(z), numeric, atol=1e-8)
        g = random.standard_normal(k)
        np.testing.assert_allclose(f.vjp(z, g), f.jacobian(z).T @ g, atol=1e-15)


def test_at_the_edge_of_the_support_an_entry_counts_as_outside():
    f = Sparsemax()
    np.testing.assert_array_equal(f([1.0, 0.0]), [1, 0])
    np.testing.assert_array_equal(f.jacobian([1.0, 0.0]), np.zeros((2, 2)))
    inside = f.jacobian([1.0, 2**-52])
    np.testing.assert_array_equal(inside, [[0.5, -0.5], [-0.5, 0.5]])
    np.testing.assert_array_equal(f.gradient_from_output([1.0, 0.0]), np.zeros((2, 2)))


@pytest.mark.parametrize("dtype", DTYPES)
def test_masks_infinities_and_ties(dtype):
    f = Sparsemax()
    z = np.array([[0, -INF, 0], [-INF, 5, -INF], [INF, 0, -INF], [INF, INF, -INF]], dtype)
    y = [[0.5, 0, 0.5], [0, 1, 0], [1, 0, 0], [0.5, 0.5, 0]]
    np.testing.assert_array_equal(f(z), y)
    np.testing.assert_array_equal(
        f.vjp(z, [1, 2, 3]), [[-1, 0, 1], [0, 0, 0], [0, 0, 0], [-0.5, 0.5, 0]]
    )
    np.testing.assert_array_equal(f.vjp(z[0], [1, INF, 3]), [-1, 0, 1])
    np.testing.assert_array_equal(f.vjp(z[0], [INF, 0, 3]), [INF, 0, -INF])
    assert np.isnan(f(np.full((1, 2), -INF, dtype))).all()
    assert np.isnan(f.vjp(np.full(2, -INF, dtype), 1.0)).all()
    assert np.isnan(f.jacobian(np.array([np.nan, 0], dtype))).all()
    for k in (3, 1000):
        np.testing.assert_allclose(
            f(np.full(k, -700, dtype)), np.longdouble(1) / k, rtol=2 * np.finfo(dtype).eps
        )


@pytest.mark.parametrize("offset", [0.0, 1e8])
def test_vjps_to_5_eps_even_of_cotangents_that_hardly_differ(offset):
    random = np.random.default_rng(34)
    for k in (2, 5, 127):
        z, g = random.standard_normal((2, k))
        z *= 0.1  # many entries in the support
        g += offset
        y, dz = Sparsemax()(z), Sparsemax().vjp(z, g)
        support = np.flatnonzero(y)
        with mpmath.workdps(50):
            inside = [mpmath.mpf(float(g[i])) for i in support]
            mean = mpmath.fsum(inside) / len(inside)
            wrong = [
                mpmath.mpf(float(dz[i])) - (a - mean)
                for i, a in zip(support, inside, strict=True)
            ]
            size = mpmath.norm([a - mean for a in inside])
            assert mpmath.norm(wrong) <= 5 * float(np.finfo(float).eps) * size
        assert not dz[y == 0].any()


def test_a_constant_cotangent_gives_exactly_zero():
    z = np.random.default_rng(9).standard_normal((50, 7))
    assert not Sparsemax().vjp(z, 0.1).any()


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_row_does_not_feel_its_neighbours(dtype):
    random = np.random.default_rng(12)
    z, g = random.standard_normal((2, 24, 127)).astype(dtype)
    z[2, 0], z[4, 1], z[5, 0] = np.nan, INF, -INF
    g[7, 0] = INF
    f = Sparsemax()
    y, dz = f(z), f.vjp(z, g)
    for i, row in enumerate(z):
        np.testing.assert_array_equal(f(row), y[i])
        np.testing.assert_array_equal(f.vjp(row, g[i]), dz[i])
    np.testing.assert_array_equal(Sparsemax(0)(z.T.copy()), y.T)


def test_bad_axis_is_refused():
    with pytest.raises(ValueError, match="axis must be an integer"):
        Sparsemax(0.5)
    with pytest.raises(ValueError, match="sparsemax over axis 1 needs"):
        Sparsemax(1)([1.0, 2.0])
