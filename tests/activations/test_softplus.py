import mpmath
import numpy as np
import pytest

from actgrad.activations import Sigmoid, Softplus

BETAS = [1.0, 2.0, 0.5, 0.1, 3.0, np.pi, 1e-3, 123.456]


def exact_value(beta):
    return lambda x: mpmath.log1p(mpmath.exp(mpmath.mpf(beta) * x)) / mpmath.mpf(beta)


def exact_gradient(beta):
    return lambda x: 1 / (1 + mpmath.exp(-mpmath.mpf(beta) * x))


def points_for(beta, points, dtype):
    """The points whose beta x spans what `points` spans, without subnormal exponentials."""
    tail = -np.log(float(np.finfo(dtype).smallest_normal)) - 1
    points = points(dtype, 1500)
    scaled = (points / np.longdouble(beta)).astype(dtype)
    points = scaled[np.isfinite(scaled)]
    return points if beta == 1 else points[points * np.longdouble(beta) > -tail]


@pytest.mark.filterwarnings("ignore:overflow encountered in cast")
@pytest.mark.parametrize("beta", BETAS)
@pytest.mark.parametrize(("dtype", "bounds"), [(np.float64, (4, 5)), (np.float32, (6, 6))])
def test_value_and_gradient(beta, dtype, bounds, worst_ulp, finite_points):
    f = Softplus(beta)
    x = points_for(beta, finite_points, dtype)
    error, where = worst_ulp(f, exact_value(beta), x)
    assert error <= bounds[0], where
    for gradient in (f.gradient, lambda x: f.value_and_vjp(x)[1](1.0)):
        error, where = worst_ulp(gradient, exact_gradient(beta), x)
        assert error <= bounds[1], where


def test_without_the_low_part_of_the_product_the_oracle_objects(worst_ulp):
    def rounded(x):
        return np.log1p(np.exp(0.1 * x)) / 0.1

    error, _ = worst_ulp(rounded, exact_value(0.1), np.linspace(-7000, -6000, 200))
    assert error > 100


def test_the_derivative_is_the_sigmoid():
    x = np.linspace(-800, 800, 3001)
    np.testing.assert_array_equal(Softplus().gradient(x), Sigmoid()(x))
    np.testing.assert_allclose(
        Softplus(2).gradient(x / 2), Sigmoid()(x), rtol=1e-15, atol=1e-320
    )


@pytest.mark.parametrize("beta", BETAS)
def test_gradient_from_output_keeps_the_left_tail(beta):
    f = Softplus(beta)
    x = np.linspace(-600, 30, 2001) / beta
    np.testing.assert_allclose(f.gradient_from_output(f(x)), f.gradient(x), rtol=2e-15)


@pytest.mark.parametrize("beta", [1.0, 0.7])
def test_special_values(beta):
    f = Softplus(beta)
    np.testing.assert_array_equal(f([-np.inf, np.inf, 1e308]), [0, np.inf, 1e308])
    np.testing.assert_array_equal(f.gradient([-np.inf, 0.0, np.inf]), [0, 0.5, 1])
    assert f(0.0) == pytest.approx(np.log(2) / beta, rel=1e-15)


@pytest.mark.parametrize("beta", [1e-30, 1e30, 7e29])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_extreme_beta_makes_no_nan(beta, dtype):
    x = np.array([-np.inf, -1, -1e-7, -0.0, 0, 1e-7, 1, 100, np.inf], dtype)
    y, vjp = Softplus(beta).value_and_vjp(x)
    for result in (y, vjp(1.0), Softplus(beta).gradient_from_output(y)):
        assert not np.isnan(result).any()


@pytest.mark.parametrize("bad", [0, -1.0, np.nan, np.inf, 1e-31, 1e31, "1", None, 1j, [1.0]])
def test_bad_parameters_are_refused(bad):
    with pytest.raises(ValueError, match="beta must be"):
        Softplus(bad)


def test_a_numpy_parameter_does_not_change_the_dtype():
    f = Softplus(np.float64(2.0))
    assert f == Softplus(2)
    assert f(np.float32(1)).dtype == np.float32
    assert type(f.beta) is float
