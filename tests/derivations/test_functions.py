"""The functions as data: derived from their records, proved, and finite in floating point."""

import dataclasses
import itertools
import math
import sys

import mpmath
import pytest
import sympy
from sympy import Interval, S, oo

from actgrad.atlas import DEFINITIONS, Definition, Parameter, read, written
from actgrad.derivations import Unproved, derive, prove_equal
from actgrad.derivations._parse import expression
from actgrad.derivations._shape import Shape
from actgrad.derivations.functions import ACTIVATIONS, Function, X, prove_stable_forms

each = pytest.mark.parametrize("name", ACTIVATIONS)


def changed(name, **fields):
    return Function(dataclasses.replace(DEFINITIONS[name], **fields))


def test_the_functions_of_the_book_come_first():
    assert list(ACTIVATIONS) == [n for n, d in DEFINITIONS.items() if d.kind == "element-wise"]
    assert list(ACTIVATIONS)[:5] == ["sigmoid", "tanh", "linear", "relu", "softplus"]
    assert all(name == function.name for name, function in ACTIVATIONS.items())


def test_every_form_is_proved_exactly():
    proofs = list(prove_stable_forms())
    names = [name for name, _ in proofs]
    for claim in ("stable form", "derivative", "stable derivative", "second derivative"):
        assert [n for n in names if n.endswith(f": {claim}")] == [
            f"{name}: {claim}" for name in ACTIVATIONS
        ]
    from_output = {n.partition(":")[0] for n in names if n.endswith("from the output")}
    assert from_output == {name for name, f in ACTIVATIONS.items() if f.definition.from_output}
    assert {proof.kind.value for _, proof in proofs} == {"exact"}


@each
def test_the_derivative_is_the_one_that_is_derived(name):
    function = ACTIVATIONS[name]
    derived = derive(function.expression, X).result
    assert prove_equal(derived, function.derivative, at_kinks=False)


@pytest.mark.parametrize(
    ("name", "field", "wrong"),
    [
        ("softsign", "stable_formula", "x/(1 + x)"),
        ("softsign", "stable_derivative", "1/(1 + abs(x))"),
        ("elu", "from_output", "Piecewise((1, y > 0), (alpha - y, otherwise))"),
        ("sigmoid", "from_output", "y*(1 + y)"),
        ("silu", "from_output", "y"),
        ("elu", "stable_derivative", "Piecewise((1, x >= 0), (alpha*e^x, otherwise))"),
    ],
)
def test_a_wrong_form_is_refused_with_record_and_field(name, field, wrong):
    with pytest.raises(Unproved, match=f"record '{name}', field '{field}': not the "):
        list(prove_stable_forms([changed(name, **{field: wrong})]))


@pytest.mark.parametrize(
    ("name", "pairs", "message"),
    [
        ("relu", (("0", "2"),), "at x = 0 the slope 2 is not between 0 and 1: write one"),
        ("leaky_relu", (("0", "-alpha"),), "at x = 0 the slope -alpha is not between alpha"),
        ("relu", (), "the formula's kinks are 0, the record's none: write a pair"),
        ("hard_tanh", (("-1", "0"),), "the formula's kinks are -1, 1, the record's -1: write"),
        ("tanh", (("0", "1"),), "the formula's kinks are none, the record's 0: write"),
    ],
)
def test_a_wrong_slope_or_kink_is_refused_with_record_field_and_place(name, pairs, message):
    with pytest.raises(ValueError, match=f"record '{name}', field 'at_kinks': {message}"):
        list(prove_stable_forms([changed(name, at_kinks=pairs)]))


@pytest.mark.parametrize("slope", ["0", "1/2", "1"])
def test_any_slope_between_the_two_sides_is_a_choice(slope):
    function = changed("relu", at_kinks=(("0", slope),), from_output="")
    assert list(prove_stable_forms([function]))
    assert function.derivative.subs(X, 0) == sympy.Rational(slope)


def exp_or_infinity(x):
    """What JavaScript and NumPy have: no error where it overflows."""
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


@each
def test_stable_forms_are_finite_in_floating_point(name):
    function = ACTIVATIONS[name]
    ones = dict.fromkeys(function.parameters, 1)
    for form in (function.stable_expression, function.stable_derivative):
        modules = [{"exp": exp_or_infinity}, "math"]
        compute = sympy.lambdify(function.symbol, form.subs(ones), modules=modules)
        for x in (-1e3, -750.0, -38.0, 0.0, 38.0, 750.0, 1e3):
            exact = sympy.N(form.subs(ones).subs(function.symbol, x), 30)
            if abs(exact) < sys.float_info.max:
                assert math.isfinite(compute(x)), (form, x)


@each
def test_kinks_are_where_no_slope_is(name):
    function = ACTIVATIONS[name]
    derivation = derive(function.expression, function.symbol)
    notes = " ".join(step.note for step in derivation.steps)
    for kink in function.kinks:
        assert f"At `x = {kink}`" in notes
    if not function.kinks:
        assert "a kink, no derivative" not in notes


def test_slopes_from_both_sides():
    assert ACTIVATIONS["hard_tanh"].slopes == {-1: (0, 1), 1: (1, 0)}
    elu = ACTIVATIONS["elu"]
    assert elu.slopes == {0: (elu.parameters[0], 1)}
    assert elu.at_defaults(elu.slopes[0][0]) == 1  # no kink at its default


def test_symmetries():
    found = {name: f.symmetry for name, f in ACTIVATIONS.items() if f.symmetry is not None}
    odd = ("tanh", "linear", "softsign", "arctan", "hard_tanh")
    assert found.items() >= {"sigmoid": 1, **dict.fromkeys(odd, 0)}.items()
    for name, f in ACTIVATIONS.items():
        # Not at the defaults: without its shift one more function would be odd.
        own = {p.name: (9 * p.default + p.slider[1]) / 10 for p in f.definition.parameters}
        at = sympy.lambdify(X, f.at(f.expression, own), "mpmath")
        sums = [at(mpmath.mpf(x)) + at(mpmath.mpf(-x)) for x in (0.3, 1.7, 5)]
        assert (name in found) == (max(sums) - min(sums) < 1e-13)


def test_assumptions_come_from_the_domains():
    for domain, sign in (((1, 3), 1), ((-3, -1), -1), ((-1, 3), 0)):
        low, high = domain
        parameter = Parameter("a", low, domain, (low, high, 0.5))
        record = Definition("r", "R", "R", "a*x", "A line. It is straight.", (parameter,))
        (a,) = Function(record).parameters
        assert (bool(a.is_positive), bool(a.is_negative)) == (sign == 1, sign == -1)
        assert a.is_real


def test_the_second_derivative_is_in_known_functions():
    assert written(DEFINITIONS["gelu"].second) == "phi(x) + phi(x) + x*(-x*phi(x))"
    wrong = changed("gelu")
    wrong.__dict__["second_derivative"] = ACTIVATIONS["gelu"].second_derivative + X
    with pytest.raises(Unproved, match="record 'gelu', field 'formula': not the second"):
        list(prove_stable_forms([wrong]))


@pytest.mark.parametrize(
    ("text", "roots", "limits", "monotonicity", "values"),
    [
        ("x", [], (-oo, oo), "increasing", Interval(-oo, oo)),
        ("-x^3", [0], (oo, -oo), "decreasing", Interval(-oo, oo)),
        ("x^4 - 2*x^2", [-1, 0, 1], (oo, oo), "not monotone", Interval(-1, oo)),
        ("e^(-x^2)", [0], (0, 0), "not monotone", Interval.Lopen(0, 1)),
        ("x*e^(-x)", [1], (-oo, 0), "not monotone", Interval(-oo, sympy.exp(-1))),
        ("x - tanh(x)", [0], (-oo, oo), "increasing", Interval(-oo, oo)),
        ("(x + sqrt(x^2 + 4))/2", [], (0, oo), "increasing", Interval.open(0, oo)),
        ("erf(x - 1/2)", [], (-1, 1), "increasing", Interval.open(-1, 1)),
        ("x*max(0, min(6, x + 3))/6", None, (0, oo), "not monotone", Interval(-3 / S(8), oo)),
        ("max(0, -x)", None, (oo, 0), "non-increasing", Interval(0, oo)),
        ("2", None, (2, 2), "constant", sympy.FiniteSet(2)),
        (
            "Piecewise((x, x > 1), (0, otherwise))",
            None,
            (0, oo),
            "non-decreasing",
            sympy.Union(sympy.FiniteSet(0), Interval.open(1, oo)),
        ),
        (
            "Piecewise((x, x > 1), (2*x, otherwise))",
            [],
            (-oo, oo),
            "not monotone",
            Interval(-oo, oo),
        ),
    ],
)
def test_the_shape_of_functions(text, roots, limits, monotonicity, values):
    shape = Shape(expression(read(text, ["x"]), {"x": X}), X)
    assert roots is None or shape.roots == sympy.FiniteSet(*roots)
    assert (shape.limits, shape.monotonicity, shape.counted) == (limits, monotonicity, True)
    assert shape.range == values


@each
def test_the_shape_is_that_of_values(name):
    """Range, monotonicity, limits and roots against plain numbers of the textbook form."""
    function = ACTIVATIONS[name]
    formula = function.at_defaults(function.expression)
    at = sympy.lambdify(X, formula, "mpmath")
    slope = sympy.lambdify(X, function.at_defaults(function.derivative), "mpmath")
    places = [mpmath.mpf(n) / 16 + mpmath.mpf(1) / 331 for n in range(-160, 160)]
    with mpmath.workdps(40):
        values = [at(x) for x in places]
        differences = [b - a for a, b in itertools.pairwise(values)]
        low, high = (float(end) for end in (function.range.inf, function.range.sup))
        assert all(low - 1e-15 <= value <= high + 1e-15 for value in values)
        rises, falls = (any(s * d > 1e-30 for d in differences) for s in (1, -1))
        if function.monotonicity == "not monotone":
            assert rises
            assert falls
        else:
            upward = function.monotonicity in ("increasing", "non-decreasing")
            assert (rises, falls) == (upward, not upward)
        signs = [(x, slope(x)) for x in places]
        turns = [(a, b) for (a, p), (b, q) in itertools.pairwise(signs) if p * q < 0]
        if isinstance(function.roots, sympy.FiniteSet):
            for root in function.roots:
                assert abs(slope(mpmath.mpf(str(sympy.N(root, 30))))) < 1e-25
            for a, b in turns:
                assert any(a < sympy.N(root) < b for root in (*function.roots, *function.kinks))
