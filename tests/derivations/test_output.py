"""Which derivatives the output determines, with proof or with two inputs."""

import time

import mpmath
import pytest

from actgrad.derivations import _output, in_terms_of_output, plain
from actgrad.derivations.functions import ACTIVATIONS


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
        ("sparse_plus", "Piecewise((1, y > 1), (sqrt(y), 0 < y < 1), (0, y == 0))"),
        (
            "sqnl",
            "Piecewise((0, y == 1), (sqrt(1 - y), 0 < y < 1), (sqrt(1 + y), -1 < y < 0), "
            "(0, y == -1))",
        ),
    ],
)
def test_closed_forms_are_found_and_proved(name, expected):
    form = in_terms_of_output(ACTIVATIONS[name].expression)
    assert form.exists
    assert plain(form.expression) == expected
    assert len(form.proofs) == len(form.cases)
    assert "dy/dx" in str(form)
    assert "|" not in form._repr_markdown_()


@pytest.mark.parametrize("name", ["gelu", "silu", "mish"])
def test_two_inputs_show_that_there_is_none(name):
    function = ACTIVATIONS[name]
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(x + sqrt(x^2 + 4))/2", "y^2/(1 + y^2)"),
        ("1/x", "-y^2"),
        ("cosh(x)^2 - sinh(x)^2", "0"),
        ("tan(x)^2 - sec(x)^2", "0"),
        ("alpha*(e^(x/alpha) - 1)", "1 + y/alpha"),
    ],
)
def test_poles_roots_and_constants(text, expected, read):
    assert plain(in_terms_of_output(read(text)).expression) == expected


def test_a_parameter_of_unknown_sign_is_named():
    form = in_terms_of_output("Piecewise((x, x > 0), (a*x, otherwise))")
    assert not form.exists
    assert form.reason.endswith("the range depends on the sign of a")


def test_no_expression_of_the_corpus_raises(corpus, read):
    """Every one is decided or says that it is not."""
    for text in corpus[:60:3]:
        form = in_terms_of_output(read(text))
        assert form.exists or form.reason


@pytest.mark.slow
def test_no_expression_of_the_whole_corpus_raises(corpus, read):
    forms = [in_terms_of_output(read(text)) for text in corpus]
    decided = sum(form.exists or form.witness is not None for form in forms)
    print(f"{len(forms)} expressions, {decided} decided")
    assert all(form.exists or form.reason for form in forms)


def test_the_search_ends(monkeypatch):
    def endless(*arguments):
        while True:
            time.sleep(0.01)

    monkeypatch.setattr(_output, "_candidates", endless)
    monkeypatch.setattr(_output, "_SECONDS", 0.2)
    assert "within 0.2 s" in in_terms_of_output("x + e^x").reason


def test_a_case_between_letters_of_unknown_sign_raises_nothing():
    found = in_terms_of_output("Piecewise((x, x > theta), (0, otherwise))")
    assert not found.exists or found.expression is not None
