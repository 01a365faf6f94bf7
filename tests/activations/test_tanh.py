import mpmath
import numpy as np
import pytest

from actgrad.activations import Sigmoid, Tanh

tanh = Tanh()


def exact_gradient(x):
    return mpmath.sech(x) ** 2


def test_value_to_4_ulp(worst_ulp, finite_points):
    error, where = worst_ulp(tanh, mpmath.tanh, finite_points(np.float64))
    assert error <= 4, where


def test_gradient_to_5_ulp(worst_ulp, finite_points):
    for function in (tanh.gradient, lambda x: tanh.value_and_vjp(x)[1](1.0)):
        error, where = worst_ulp(function, exact_gradient, finite_points(np.float64))
        assert error <= 5, where


def test_the_textbook_formula_fails_this_oracle(worst_ulp):
    error, _ = worst_ulp(lambda x: 1 - np.tanh(x) ** 2, exact_gradient, np.linspace(15, 20, 50))
    assert error > 1e14


def test_gradient_from_output_is_accurate_in_the_output(worst_ulp):
    y = np.concatenate([np.linspace(-1, 1, 2001), 1 - np.logspace(-16, -1, 500)])
    error, where = worst_ulp(tanh.gradient_from_output, lambda y: 1 - y**2, y)
    assert error <= 2, where
    error, _ = worst_ulp(lambda y: 1 - y**2, lambda y: 1 - y**2, y)
    assert error > 1e6


def test_gradient_from_output_agrees_where_the_output_has_not_saturated():
    x = np.linspace(-5, 5, 1001)
    np.testing.assert_allclose(tanh.gradient_from_output(tanh(x)), tanh.gradient(x), rtol=1e-11)


def test_special_values():
    np.testing.assert_array_equal(tanh([-np.inf, 0.0, np.inf]), [-1, 0, 1])
    np.testing.assert_array_equal(tanh.gradient([-np.inf, 0.0, np.inf]), [0, 1, 0])
    assert np.signbit(tanh(-0.0))
    assert tanh(5e-324) == 5e-324


def test_is_a_stretched_and_shifted_sigmoid():
    x = np.linspace(-20, 20, 501)
    np.testing.assert_allclose(tanh(x), 2 * Sigmoid()(2 * x) - 1, atol=5e-16)
    np.testing.assert_allclose(tanh.gradient(x), 4 * Sigmoid().gradient(2 * x), rtol=1e-15)


@pytest.mark.parametrize(
    ("dtype", "overflow", "end"), [(np.float64, 355.58, 373.25), (np.float32, 45.05, 52.67)]
)
def test_the_gradient_is_0_from_where_sinh_squared_overflows(dtype, overflow, end):
    """What the docstring says of the subnormal tail, where it can be said."""
    before, after, last = np.array([overflow, overflow + 0.01, end], dtype)
    assert 0 < tanh.gradient(before) < np.finfo(dtype).smallest_normal
    assert tanh.gradient(after) == 0
    half = mpmath.mpf(float(np.finfo(dtype).smallest_subnormal)) / 2
    assert exact_gradient(mpmath.mpf(float(last))) > half
    assert exact_gradient(mpmath.mpf(float(last) + 0.03)) < half
