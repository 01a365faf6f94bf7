import numpy as np
import pytest

from actgrad.activations import ReLU

X = np.array([-np.inf, -1e308, -2.5, -5e-324, -0.0, 0.0, 5e-324, 0.5, 1e308, np.inf])


def test_value():
    y = ReLU()(X)
    np.testing.assert_array_equal(y, [0, 0, 0, 0, 0, 0, 5e-324, 0.5, 1e308, np.inf])


@pytest.mark.parametrize("at_zero", [0, 0.0, 0.5, 1, np.float32(0.25)])
def test_the_gradient_at_the_kink_is_the_parameter(at_zero):
    relu = ReLU(gradient_at_zero=at_zero)
    expected = [0, 0, 0, 0, at_zero, at_zero, 1, 1, 1, 1]
    np.testing.assert_array_equal(relu.gradient(X), expected)
    np.testing.assert_array_equal(relu.vjp(X, 3.0), np.multiply(expected, 3.0))
    y, vjp = relu.value_and_vjp(X)
    np.testing.assert_array_equal(y, ReLU()(X))
    np.testing.assert_array_equal(vjp(3.0), np.multiply(expected, 3.0))
    assert relu.gradient(np.float32(0)).dtype == np.float32


def test_a_closed_gate_stops_an_infinite_cotangent():
    np.testing.assert_array_equal(ReLU().vjp([-1.0, 0.0, 1.0], np.inf), [0, 0, np.inf])
    np.testing.assert_array_equal(ReLU(1.0).vjp([-1.0, 0.0, 1.0], np.inf), [0, np.inf, np.inf])


def test_the_gradient_takes_the_input_not_the_output():
    x = np.array([-2.0, 3.0])
    relu = ReLU(gradient_at_zero=1.0)
    np.testing.assert_array_equal(relu.gradient(x), [0, 1])
    assert relu.gradient(relu(x))[0] == 1  # the classic bug, were it fed to the input formula


def test_gradient_from_output_where_the_output_determines_it():
    np.testing.assert_array_equal(ReLU().gradient_from_output(ReLU()(X)), ReLU().gradient(X))
    assert np.isnan(ReLU().gradient_from_output(np.nan))


@pytest.mark.parametrize("at_zero", [0.5, 1.0])
def test_gradient_from_output_refuses_where_it_does_not(at_zero):
    message = f"y = 0 comes from x = -1, where it is 0, and from x = 0, where it is {at_zero:g}"
    for y in (np.array([0.0, 1.0]), np.empty(0), np.ones(100_000)):
        with pytest.raises(ValueError, match=message):
            ReLU(at_zero).gradient_from_output(y)


@pytest.mark.parametrize("bad", [-0.1, 1.1, np.nan, np.inf, "0", None, 1j, [0.5, 0.5]])
def test_bad_parameters_are_refused(bad):
    with pytest.raises(ValueError, match="gradient_at_zero must be"):
        ReLU(gradient_at_zero=bad)


def test_equal_parameters_make_equal_activations():
    assert ReLU(1) == ReLU(np.float32(1.0))
    assert hash(ReLU(1)) == hash(ReLU(1.0))
    assert ReLU(1) != ReLU(0)
    assert repr(ReLU(1)) == "ReLU(gradient_at_zero=1.0)"
