"""The exercises that follow from the records are right, and their mistakes are slips."""

import dataclasses

import mpmath as mp
import numpy as np
import pytest
import sympy as sp

from actgrad.atlas import DEFINITIONS, Definition, derivative, read
from actgrad.derivations import Kind, prove_equal
from actgrad.derivations._parse import expression
from actgrad.derivations.functions import ACTIVATIONS, X, Y
from actgrad.exercises import CHAPTERS, Predict
from actgrad.exercises._slips import slips
from actgrad.exercises.catalog.atlas import exercises_of, same_output
from tests.records import slope, value

ELEMENTWISE = [record for record in DEFINITIONS.values() if record.kind == "element-wise"]
ALL = CHAPTERS["atlas"]


def function_of(exercise):
    """The function of the record from which an exercise follows."""
    stems = [n for n in ACTIVATIONS if exercise.id.startswith(n.replace("_", "-") + "-")]
    return ACTIVATIONS[max(stems, key=len)]


def ending(*ends):
    found = [item for item in ALL if item.id.endswith(ends)]
    return pytest.mark.parametrize("exercise", found, ids=[item.id for item in found])


def as_expression(function, text):
    names = {str(s): s for s in (X, Y, *function.parameters)}
    return expression(read(text, names), names)


def test_every_record_has_its_exercises():
    stems = {record.name.replace("_", "-"): record for record in ELEMENTWISE}
    ids = {item.id for item in ALL}
    for stem, record in stems.items():
        asked = record.smooth.kind != "number" and record.smooth != record.value
        assert (f"{stem}-derivative" in ids) == asked, stem
        # With y for an answer there is no mistake to make.
        if record.from_output not in ("", "1", "y"):
            assert f"{stem}-from-output" in ids
    assert {item.chapter for item in ALL} == {"atlas"}


@ending("-derivative")
def test_derivative_is_the_proved_one(exercise):
    """SymPy's derivative, case by case, is the judge; the prover compares."""
    function = function_of(exercise)
    solution = as_expression(function, exercise.solution)
    proof = prove_equal(function.derivative, solution, at_kinks=False)
    assert proof.kind is Kind.EXACT


@ending("-from-output")
def test_from_output_gives_the_slope(exercise):
    function = function_of(exercise)
    values = exercise.points_at(np.random.default_rng(3), 40)
    own = {p.name: 0 for p in function.definition.parameters}
    got = exercise.values(exercise.solution, values)
    for place, x in enumerate(values["x"]):
        own = {p.name: values[p.letter][place] for p in function.definition.parameters}
        exact = slope(function.definition, own)(mp.mpf(float(x)))
        assert float(got[place]) == pytest.approx(float(exact), rel=1e-9, abs=1e-12)


@ending("-kink")
def test_jump_is_that_of_the_one_sided_slopes(exercise):
    function = function_of(exercise)
    jumps = {place: right - left for place, (left, right) in function.slopes.items()}
    first = min(jumps, key=lambda place: function.at_defaults(place))
    expected = float(function.at_defaults(jumps[first]))
    solution = float(exercise.values(exercise.solution, {})[0])
    assert solution == pytest.approx(expected, rel=exercise.rtol / 10)


@ending("-same-output")
def test_same_output_has_different_slopes(exercise):
    record = function_of(exercise).definition
    other, known = same_output(record)
    own = record.defaults
    f, df = value(record, own), slope(record, own)
    shown = mp.mpf(f"{other:.6f}")
    assert f"{other:.6f}" in exercise.statement
    assert float(f(shown)) == pytest.approx(float(f(mp.mpf(known))), rel=1e-4, abs=1e-6)
    assert abs(df(shown) - df(mp.mpf(known))) > 1e-3
    solution = float(exercise.values(exercise.solution, {})[0])
    assert solution == pytest.approx(float(df(shown)), rel=exercise.rtol / 10)


@pytest.mark.parametrize("record", ELEMENTWISE, ids=lambda record: record.name)
def test_no_slip_is_right_by_another_name(record):
    """A slip that changes nothing is left out; each that stays is refused by its values."""
    for exercise in exercises_of(record):
        wanted = 2 if isinstance(exercise, Predict) else 3
        assert len(exercise.mistakes) >= wanted, (exercise.id, exercise.mistakes)


def test_slips_go_from_the_outside_to_the_inside():
    tree = read("x*sigma(2x)", ["x"])
    found = {slip.id: str(slip.wrong) for slip in reversed([*slips(tree, "x")])}
    assert found["product-of-derivatives"] == "sigma(2*x)*sigma(-2*x)*2"
    assert found["first-factor-alone"] == "sigma(2*x)"
    assert found["inner-derivative"] == "sigma(2*x) + x*sigma(2*x)*sigma(-2*x)"
    assert str(derivative(tree, "x")) not in found.values()


def test_a_made_up_record_brings_its_exercises():
    bump = Definition("bump", "Bump", "Bump", "x*e^(-x^2)", "A bump. It fades on both sides.")
    made = {exercise.id: exercise for exercise in exercises_of(bump)}
    assert set(made) == {"bump-derivative", "bump-same-output"}
    solution = sp.sympify(
        made["bump-derivative"].solution.replace("^", "**").replace("e**", "E**")
    )
    x = sp.Symbol("x")
    assert sp.simplify(solution - sp.diff(x * sp.exp(-(x**2)), x)) == 0


def test_a_function_that_rises_has_no_second_input():
    record = DEFINITIONS["sigmoid"]
    assert same_output(record) is None
    assert same_output(dataclasses.replace(record, formula="-sigma(x)")) is None
