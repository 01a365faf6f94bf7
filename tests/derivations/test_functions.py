"""The functions as data: proved, and finite where the textbook form overflows."""

import math

import pytest
import sympy

from actgrad.derivations import Unproved, derive, functions
from actgrad.derivations.functions import FUNCTIONS, prove_stable_forms


def test_the_functions_of_the_book_come_first():
    assert list(FUNCTIONS)[:5] == ["sigmoid", "tanh", "linear", "relu", "softplus"]
    assert all(name == function.name for name, function in FUNCTIONS.items())


def test_every_form_is_proved():
    proofs = dict(prove_stable_forms())
    assert len(proofs) == 3 * len(FUNCTIONS)


def test_a_wrong_form_is_refused(monkeypatch):
    import dataclasses

    wrong = dataclasses.replace(FUNCTIONS["tanh"], derivative=sympy.Integer(1))
    monkeypatch.setattr(functions, "FUNCTIONS", {"tanh": wrong})
    with pytest.raises(Unproved):
        list(prove_stable_forms())


@pytest.mark.parametrize("name", FUNCTIONS)
def test_stable_forms_are_finite_in_floating_point(name):
    function = FUNCTIONS[name]
    ones = dict.fromkeys(function.parameters, 1)
    for form in (function.stable_expression, function.stable_derivative):
        compute = sympy.lambdify(function.symbol, form.subs(ones), modules=["math"])
        for x in (-1e3, -750.0, -38.0, 0.0, 38.0, 750.0, 1e3):
            assert math.isfinite(compute(x)), (form, x)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_kinks_are_where_no_slope_is(name):
    function = FUNCTIONS[name]
    derivation = derive(function.expression, function.symbol)
    notes = " ".join(step.note for step in derivation.steps)
    for kink in function.kinks:
        assert f"At `x = {kink}`" in notes
    if not function.kinks:
        assert "a kink, no derivative" not in notes
