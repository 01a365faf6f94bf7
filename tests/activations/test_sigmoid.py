import mpmath
import numpy as np
import pytest
from scipy import special

from actgrad.activations import Sigmoid

sigmoid = Sigmoid()


def exact_value(x):
    return 1 / (1 + mpmath.exp(-x))


def exact_gradient(x):
    return mpmath.exp(-x) / (1 + mpmath.exp(-x)) ** 2


def test_value_to_4_ulp(worst_ulp, finite_points):
    error, where = worst_ulp(sigmoid, exact_value, finite_points(np.float64))
    assert error <= 4, where


def test_gradient_to_5_ulp(worst_ulp, finite_points):
    error, where = worst_ulp(sigmoid.gradient, exact_gradient, finite_points(np.float64))
    assert error <= 5, where


def test_vjp_of_the_forward_pass_to_5_ulp(worst_ulp, finite_points):
    def gradient(x):
        return sigmoid.value_and_vjp(x)[1](1.0)

    error, where = worst_ulp(gradient, exact_gradient, finite_points(np.float64))
    assert error <= 5, where


@pytest.mark.parametrize(("dtype", "end"), [(np.float64, 745), (np.float32, 103.5)])
def test_subnormal_tails_are_not_flushed_to_zero(dtype, end, worst_ulp):
    left = np.linspace(-end, -0.94 * end, 500, dtype=dtype)
    error, where = worst_ulp(sigmoid, exact_value, left, only_normal=False)
    assert error <= 4, where

    def kept(x):
        return sigmoid.value_and_vjp(x)[1](1.0)

    for x in (left, -left):
        for gradient in (sigmoid.gradient, kept):
            error, where = worst_ulp(gradient, exact_gradient, x, only_normal=False)
            assert error <= 4, where
            assert gradient(x).all()


def test_an_overflowing_neighbour_changes_no_bit():
    x = np.linspace(-745, 745, 5001)
    alone = np.array([sigmoid.gradient(number) for number in x])
    np.testing.assert_array_equal(sigmoid.gradient(x), alone)
    np.testing.assert_array_equal(sigmoid.value_and_vjp(x)[0], sigmoid(x))


def test_the_textbook_formula_fails_this_oracle(worst_ulp):
    def textbook_gradient(x):
        y = 1 / (1 + np.exp(-x))
        return y * (1 - y)

    error, _ = worst_ulp(textbook_gradient, exact_gradient, np.linspace(30, 38, 50))
    assert error > 1e14


def test_gradient_from_output_is_accurate_in_the_output(worst_ulp):
    y = np.concatenate([np.linspace(0, 1, 2000), np.logspace(-300, 0, 500)])
    error, where = worst_ulp(sigmoid.gradient_from_output, lambda y: y * (1 - y), y)
    assert error <= 2, where


def test_gradient_from_output_agrees_where_the_output_has_not_saturated():
    x = np.linspace(-30, 5, 1001)
    np.testing.assert_allclose(
        sigmoid.gradient_from_output(sigmoid(x)), sigmoid.gradient(x), rtol=1e-13
    )


def test_special_values():
    np.testing.assert_array_equal(sigmoid([-np.inf, -0.0, 0.0, np.inf]), [0, 0.5, 0.5, 1])
    np.testing.assert_array_equal(
        sigmoid.gradient([-np.inf, -0.0, 0.0, np.inf]), [0, 0.25, 0.25, 0]
    )
    assert np.isnan(sigmoid(np.nan))
    assert np.isnan(sigmoid.gradient(np.nan))


@pytest.mark.parametrize("x", [-700.0, -30.0, -1e-9, 0.3, 20.0, 700.0])
def test_agrees_with_scipy(x):
    assert sigmoid(x) == pytest.approx(special.expit(x), rel=1e-15)
