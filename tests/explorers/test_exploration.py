"""explore: any callable of a reader's own, and what is said about it."""

import math

import numpy as np
import pytest

from actgrad.activations import ReLU, Sigmoid, Softmax
from actgrad.explorers import explore


@pytest.mark.parametrize("activation", [Sigmoid(), ReLU(), ReLU(gradient_at_zero=1.0)])
def test_right_gradients_agree_kinks_included(activation):
    shown = explore(activation, activation.gradient, x_range=(-4, 4))
    assert not shown.wrong.any()
    assert shown.notices == ["Gradient and finite difference agree over the whole view."]


@pytest.mark.parametrize(
    ("function", "gradient", "share"),
    [
        (np.tanh, lambda x: 1 - np.tanh(x), 0.8),  # the square was lost
        (lambda x: np.maximum(x, 0), lambda x: np.ones_like(x), 0.4),  # always 1
        (Sigmoid(), Sigmoid(), 0.8),  # the function itself
        (Sigmoid(), lambda x: -Sigmoid().gradient(x), 0.5),  # a lost sign
    ],
)
def test_bugs_become_visible(function, gradient, share):
    shown = explore(function, gradient)
    assert shown.wrong.mean() > share
    assert shown.notices[0].startswith("Gradient and finite difference disagree at")
    assert "they disagree" in shown.children[0].value
    x = np.linspace(-6, 6, 401)
    worst = np.abs(gradient(x) - (function(x + 1e-5) - function(x - 1e-5)) / 2e-5).argmax()
    assert f"the most at x = {x[worst]:.4g}" in shown.notices[0]


@pytest.mark.parametrize(
    ("function", "notice"),
    [
        (
            math.tanh,
            "Your function takes single numbers only: for an array it raised TypeError",
        ),
        (lambda x: 1 if x > 0 else 0, "Your function takes single numbers only"),
        (lambda x: 1 / 0, "Your function raised ZeroDivisionError: division by zero."),
        (lambda x: [1, 2], "shape (2,) for one number: return one number for each x."),
        (
            lambda x: "a",
            "returned str, not real numbers: return a number, or an array",
        ),
        (lambda x: None, "Your function returned nothing (None): is its `return` missing?"),
        (Softmax(), "Your function is not element-wise"),
        (np.log, "Your function is not finite at 201 places, as x = -6."),
    ],
)
def test_whatever_a_function_does_is_said(function, notice):
    shown = explore(function)
    assert notice in " ".join(shown.notices)
    assert "<svg" in shown.children[0].value


def test_the_input_is_not_the_functions_to_change():
    def greedy(x):
        x *= 0
        return x

    shown = explore(lambda x: np.asarray(x) * 2.0, greedy)
    assert shown.wrong.all()


def test_controls_redraw():
    shown = explore(np.sin, np.cos)
    before = shown.children[0].value
    shown.view.value = (-2.0, 3.0)
    assert (shown.x.min, shown.x.max) == (-2.0, 3.0)
    assert shown.children[0].value != before
    shown.x.value = 2.5
    assert f"{np.sin(2.5):.8g}" in shown.children[1].value
    shown.step.value = 1.0
    assert shown.wrong.any()  # with h = 1 the difference quotient is no derivative


def test_arguments_are_checked():
    with pytest.raises(
        TypeError, match=r"function must be callable: pass f, not f\(x\); got 3"
    ):
        explore(3)
    with pytest.raises(TypeError, match=r"gradient must be callable: pass f′, not f′\(x\)"):
        explore(np.tanh, np.zeros(3))
    with pytest.raises(ValueError, match=r"x_range must be two finite numbers"):
        explore(np.tanh, x_range=(1, 1))
    for bad in (3, "ab", (0, np.inf), (1, 2, 3), None):
        with pytest.raises(ValueError, match=r"x_range must be two finite numbers"):
            explore(np.tanh, x_range=bad)
    for bad in ("one", np.nan, [1, 2], None):
        with pytest.raises(ValueError, match=r"x must be one finite number, such as x=1\.0"):
            explore(np.tanh, x=bad)


@pytest.mark.parametrize(
    ("x", "x_range"),
    [(1, (-6, 6)), (1, (-5.35, 5)), (0.3, (-1, 3)), (2.5, (0, 1e4)), (1e-4, (0, 1e-3))],
)
def test_the_front_end_has_no_reason_to_move_x(x, x_range):
    slider = explore(np.tanh, x=x, x_range=x_range).x
    steps = (x - slider.min) / slider.step
    assert abs(steps - round(steps)) < 1e-6
    assert slider.value == x
    assert slider.step <= (slider.max - slider.min) / 400


def test_a_missing_return_is_said_of_the_gradient_too():
    shown = explore(np.tanh, lambda x: None)
    assert "Your gradient returned nothing (None): is its `return` missing?" in shown.notices


def test_text_alternative():
    picture = explore(np.tanh, lambda x: 1 - np.tanh(x)).children[0].value
    assert 'role="img"' in picture
    assert "disagree at" in picture.split("aria-label=")[1][:400]
