"""Which derivatives the output determines, with proof or with two inputs."""

import mpmath
import pytest

from actgrad.derivations import in_terms_of_output, plain
from actgrad.derivations.functions import FUNCTIONS


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sigmoid", "y*(1 - y)"),
        ("tanh", "1 - y^2"),
        ("softplus", "1 - e^(-y*beta)"),
        ("linear", "1"),
        ("elu", "Piecewise((1, y > 0), (y + alpha, -alpha < y < 0))"),
        ("relu", "Piecewise((0, y == 0), (1, y > 0))"),
        ("softsign", "Piecewise(((1 - y)^2, 0 < y < 1), ((1 + y)^2, -1 < y < 0))"),
        ("arctan", "cos(y)^2"),
    ],
)
def test_closed_forms_are_found_and_proved(name, expected):
    form = in_terms_of_output(FUNCTIONS[name].expression)
    assert form.exists
    assert plain(form.expression) == expected
    assert len(form.proofs) == len(form.cases)
    assert "dy/dx" in str(form)
    assert "|" not in form._repr_markdown_()


@pytest.mark.parametrize("name", ["gelu", "silu", "mish"])
def test_two_inputs_show_that_there_is_none(name):
    function = FUNCTIONS[name]
    form = in_terms_of_output(function.expression)
    assert not form.exists
    a, b = form.witness.inputs
    with mpmath.workdps(40):
        values = [
            mpmath.mpmathify(function.expression.subs(function.symbol, point).evalf(40))
            for point in (a, b)
        ]
        slopes = [
            mpmath.mpmathify(function.derivative.subs(function.symbol, point).evalf(40))
            for point in (a, b)
        ]
    assert abs(values[0] - values[1]) < 1e-12
    assert abs(slopes[0] - slopes[1]) > 1e-3
    assert "same output" in form.reason
    with pytest.raises(ValueError, match="same output"):
        _ = form.expression


def test_even_functions_have_none():
    assert in_terms_of_output("x^2").witness is not None
    assert in_terms_of_output("abs(x)").witness is not None


def test_what_is_not_decided_is_not_claimed():
    form = in_terms_of_output("x + e^x")
    assert not form.exists
    assert form.witness is None
    assert "no closed form was found" in form.reason
