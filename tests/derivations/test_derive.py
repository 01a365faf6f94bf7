"""The deriver on a corpus and on random expressions, judged by SymPy and by mpmath."""

import pathlib
from dataclasses import replace

import mpmath
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from actgrad.derivations import (
    Kind,
    Unproved,
    Unsupported,
    derive,
    latex,
    parse,
    plain,
    rules,
    write,
)
from actgrad.derivations._derive import NAMED
from actgrad.derivations._expression import D, contains, undefine

LINES = [
    line.partition(";;")
    for line in (pathlib.Path(__file__).parent / "corpus.txt").read_text().splitlines()
    if line and not line.startswith("#")
]
CORPUS = [text.strip() for text, _, _ in LINES]
RULES = {
    text.strip(): [rule.strip() for rule in rules.split(",")]
    for text, mark, rules in LINES
    if mark
}
POINTS = (0.3, 0.7, 1.4, -0.6, 2.3)


def evaluated(expression):
    """Let SymPy evaluate the line."""
    return expression.func(*map(evaluated, expression.args)) if expression.args else expression


def numbers(expression, x, point):
    others = expression.free_symbols - {x}
    values = {s: sympy.Rational(3 + sum(map(ord, s.name)) % 11, 4) for s in others}
    return expression.evalf(25, subs={**values, x: sympy.Float(str(point), 30)})


def test_the_corpus_is_as_large_as_it_says():
    assert len(set(CORPUS)) >= 150
    assert len(RULES) >= 40


@pytest.mark.parametrize("text", CORPUS)
def test_result_agrees_with_sympy_and_with_mpmath(text, read, x):
    subject = read(text)
    result = derive(subject, x).result
    assert not contains(result, D)
    ours = evaluated(result)
    theirs = sympy.diff(evaluated(subject), x)
    value = evaluated(subject)
    checked = 0
    for point in POINTS:
        mine = numbers(ours, x, point)
        if not (mine.is_real and mine.is_finite):
            continue
        expected = numbers(theirs, x, point)
        if expected.is_real and expected.is_finite:
            assert abs(mine - expected) <= 1e-18 * (1 + abs(expected)), point
        numeric = mpmath.diff(lambda t: mpmath.mpmathify(numbers(value, x, t)), point, h=1e-8)
        assert mpmath.almosteq(numeric, mpmath.mpmathify(mine), 1e-5, 1e-5), point
        checked += 1
    assert checked >= 2


def test_every_step_of_the_corpus_is_proved_and_most_exactly(read, x):
    steps = exact = 0
    for text in CORPUS:
        report = derive(read(text), x).prove()
        steps += report.steps
        exact += report.exact
    print(f"{len(CORPUS)} expressions, {steps} steps, {exact} exact")
    assert steps > 900
    assert exact >= 0.95 * steps


@pytest.mark.parametrize("text", RULES)
def test_rules_are_used_in_this_order(text, read, x):
    used = iter(dict.fromkeys(step.rule.name for step in derive(read(text), x).steps))
    for rule in RULES[text]:
        assert rule in used, f"{rule!r} is missing or out of order"


@pytest.mark.parametrize(
    ("text", "name"), [("gamma(x)", "gamma"), ("x*floor(x)", "floor"), ("gamma(2)*x", None)]
)
def test_what_no_rule_differentiates_is_named(text, name):
    if name is None:
        assert derive(text).result is not None
    else:
        with pytest.raises(Unsupported, match=name):
            derive(text)


def test_the_variable_must_be_clear_and_real():
    with pytest.raises(ValueError, match="by which variable"):
        derive("a*b")
    with pytest.raises(ValueError, match="real"):
        derive(sympy.Symbol("t") ** 2)
    assert plain(derive("a*b", "b").result) == "a"


def test_nothing_is_simplified_silently():
    lines = [plain(step.expression) for step in derive("1/(1 + e^(-x))").steps]
    assert "-1/(1 + e^(-x))^2*(0 + e^(-x)*(-1))" in lines
    assert lines[-1] == "e^(-x)/(1 + e^(-x))^2"


def test_kinks_are_named_with_both_slopes():
    note = derive("max(0, x)").steps[0].note
    assert "`x = 0`" in note
    assert "`0` from the left" in note
    assert "`1` from the right" in note
    smooth = derive("Piecewise((x, x > 0), (e^x - 1, otherwise))")
    assert "exists there too" in smooth.steps[0].note
    assert "x >= 0" in plain(smooth.result)


@pytest.mark.parametrize("text", ["({0})^2", "x*{0}", "{0}*sin(x)"])
def test_a_kink_of_a_part_is_not_said_of_the_whole(text):
    relu = "Piecewise((x, x > 0), (0, otherwise))"
    steps = derive(text.format(relu)).steps
    (note,) = (step.note for step in steps if "kink" in step.note)
    assert f"the slope of `{relu}`" in note
    assert note.endswith("a kink of this part; the whole function has the slope `0` there.")


def test_a_kink_that_a_parameter_removes_says_so(read):
    elu = derive(read("Piecewise((x, x > 0), (alpha*(e^x - 1), otherwise))"), "x")
    assert elu.steps[0].note.endswith("a kink, no derivative there, unless `alpha = 1`.")
    assert "unless" not in derive("max(0, x)").steps[0].note


@pytest.mark.parametrize(
    ("text", "result", "note"),
    [
        (
            "Piecewise((x - lam, x > lam), (x + lam, x < -lam), (0, otherwise))",
            "Piecewise((1, x > lam), (1, x < -lam), (0, -lam < x < lam))",
            "At `x = lam` the slope is `0` from the left and `1` from the right",
        ),
        (
            "Piecewise((x, x > lam), (x, x < -lam), (0, otherwise))",
            "Piecewise((1, x > lam), (1, x < -lam), (0, -lam < x < lam))",
            "At `x = lam` the function jumps",
        ),
    ],
)
def test_cases_with_positive_parameters_are_ordered(text, result, note, read):
    derivation = derive(read(text), "x")
    assert plain(derivation.result) == result
    assert note in derivation.steps[0].note
    assert derivation.prove().numeric == 0


def test_ends_that_depend_on_parameters_are_refused():
    with pytest.raises(Unsupported, match="say which parameters are positive"):
        derive("Piecewise((x, x > a), (x, x < b), (0, otherwise))", "x")


def test_a_sum_of_a_maximum_and_a_minimum_is_proved(read):
    celu = derive(read("max(0, x) + min(0, alpha*(e^(x/alpha) - 1))"), "x")
    assert celu.prove().steps == len(celu.steps)


def test_a_maximum_beside_its_own_kink_is_said_of_the_whole():
    opening, cases, *_ = derive("max(0, x)^2").steps
    assert plain(opening.expression) == "D(Piecewise((0, x < 0), (x^2, otherwise)), x)"
    assert cases.note == (
        "At `x = 0` the slope is `0` from the left and `0` from the right: the derivative "
        "exists there too."
    )


def test_the_kinks_of_hardswish_have_their_own_slopes():
    opening, cases, *_ = derive("x*max(0, min(6, x + 3))/6").steps
    assert opening.rule is rules.EXTREMUM_BY_CASES
    assert plain(opening.expression) == (
        "D(Piecewise((0, x < -3), (x*(x + 3)/6, x < 3), (x, otherwise)), x)"
    )
    assert cases.note == (
        "At `x = -3` the slope is `0` from the left and `-1/2` from the right: a kink, no "
        "derivative there. At `x = 3` the slope is `3/2` from the left and `1` from the right: "
        "a kink, no derivative there."
    )


@pytest.mark.parametrize(
    "text",
    [
        "max(a*x, b)",  # where the kink is depends on the sign of a
        "x + max(0, sign(x))",  # a jump, whose value is neither side's
        "x*max(0, tanh(x) - 1/2)",  # a kink that no formula here gives
    ],
)
def test_what_has_no_known_kinks_is_not_written_case_by_case(text):
    derivation = derive(text, "x")
    assert rules.EXTREMUM_BY_CASES not in {step.rule for step in derivation.steps}
    assert derivation.prove().steps == len(derivation.steps)


def test_wrong_cases_are_refused():
    line = "D(Piecewise((0, x < 0), ({0}, x < {1}), (6, otherwise)), x)"
    for piece, place in (("x", 5), ("2*x", 6), ("x", 6)):
        lines = [(rules.EXTREMUM_BY_CASES, line.format(piece, place))]
        derivation = write("min(6, max(0, x))", "x", lines)
        if (piece, place) == ("x", 6):
            assert derivation.prove().exact == 1
        else:
            with pytest.raises(Unproved, match="step 1"):
                derivation.prove()


def test_activations_end_as_by_hand(activations):
    assert len(activations) >= 26
    for derivation, result in activations:
        assert plain(derivation.result) == result


def test_each_step_of_the_activations_is_exact(activations):
    for derivation, _ in activations:
        report = derivation.prove()
        assert report.steps == report.exact == len(derivation.steps)
        assert derivation._repr_markdown_()


def test_a_known_function_is_quoted_inside_and_derived_alone():
    quoted = [step for step in derive("x*sigmoid(x)").steps if step.known]
    assert [step.known.name for step in quoted] == ["sigmoid_by_chain_rule"]
    assert quoted[0].rule is rules.KNOWN
    alone = derive("sigmoid(x)").steps
    assert alone[0].rule is rules.DEFINITION
    assert not any(step.known for step in alone)


@pytest.mark.parametrize("name", NAMED)
def test_each_known_function_has_a_proved_derivation_of_its_derivative(name, x):
    known = derive(f"1 + {name}(x)").steps[-2].known
    assert known.prove().numeric == 0
    function = NAMED[name](x)
    assert known.subject == function
    meaning = undefine(known.result, known.definitions)
    theirs = sympy.diff(evaluated(parse(f"{name}(x)")), x)
    for point in POINTS:
        difference = numbers(evaluated(meaning) - theirs, x, point)
        assert abs(difference) < 1e-20


@pytest.mark.parametrize(
    ("text", "variable", "result"),
    [
        ("phi^2", "phi", "2*phi"),
        ("sigma*sigmoid(x)", "x", "sigma*sigma(x)*(1 - sigma(x))"),
        ("x^2*Phi(phi)", "x", "2*Phi(phi)*x"),
    ],
)
def test_a_letter_may_have_the_name_of_a_function(text, variable, result):
    derivation = derive(text, variable)
    assert plain(derivation.result) == result
    assert derivation.prove().numeric == 0


def test_names_stay_in_all_lines_and_stand_in_the_definitions():
    derivation = derive("x*Phi(x)")
    assert not any("erf" in plain(line) for line in derivation.lines)
    definitions = derivation.to_dict()["definitions"]
    assert definitions == {
        "Phi(x)": "(1 + erf(x/sqrt(2)))/2",
        "phi(x)": "e^(-x^2/2)/sqrt(2*pi)",
    }


def test_a_wrong_known_derivative_is_refused():
    derivation = derive("x*Phi(x)")
    place = next(n for n, step in enumerate(derivation.steps) if step.known)
    for wrong in ("Phi(x) + x*Phi(x)", "1*Phi(x) - x*phi(x)", "1*Phi(x) + phi(x)"):
        steps = list(derivation.steps)
        steps[place] = replace(steps[place], expression=parse(wrong, kept=NAMED))
        with pytest.raises(Unproved, match=f"step {place + 1} "):
            replace(derivation, steps=tuple(steps)).prove()


def test_decimals_stay_decimals_in_every_line():
    derivation = derive("0.044715*x^3 + 0.5*x")
    for line in derivation.lines:
        assert "8943" not in plain(line) + latex(line)
    assert plain(derivation.result) == "0.134145*x^2 + 0.5"


def test_notes_of_deep_nesting_are_read_back(x):
    nested = x
    for _ in range(30):
        nested = sympy.exp(nested, evaluate=False)
    derivation = derive(nested, x)
    assert len(derivation.steps) == 30
    lines, folded = derivation._repr_markdown_().split("<details", 1)
    assert lines.count("exponential rule") == 30
    assert folded.count("exponential rule") == 1


def test_a_domain_far_from_0_is_found():
    assert derive("log(log(log(log(x))))").prove().numeric == 0


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (None, "not None"),
        (3, "not the number 3: put it in quotation marks"),
        (lambda x: x, "not a function: write its formula"),
        ([1], "not a list"),
    ],
)
def test_what_is_no_expression_is_refused(given, words):
    with pytest.raises(TypeError, match=f"derive takes a text .*{words}"):
        derive(given)


def test_a_number_needs_no_variable():
    assert derive("7").result == 0


def test_long_expressions_are_derived_in_parts():
    text = " + ".join(f"sin({n}*x)*e^(-{n}*x)" for n in range(1, 12))
    derivation = derive(text)
    assert any(step.parts for step in derivation.steps)
    assert derivation.prove().numeric == 0
    longest = max(len(plain(step.expression)) for step in derivation.steps)
    assert longest < 20 * len(text)


# Random expressions

numbers_in_text = st.integers(1, 5).map(str)
leaves = st.one_of(st.just("x"), st.just("x"), numbers_in_text)


def grow(inner):
    function = st.sampled_from(["sin", "cos", "atan", "tanh", "sinh", "erf", "abs"])
    return st.one_of(
        st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({''.join(t)})"),
        st.tuples(inner, inner).map(lambda t: f"({t[0]})/(1 + ({t[1]})^2)"),
        st.tuples(function, inner).map(lambda t: f"{t[0]}({t[1]})"),
        inner.map(lambda t: f"e^(-({t})^2)"),
        inner.map(lambda t: f"log(1 + ({t})^2)"),
        # Where two maxima tie on a whole interval the open cases do not cover it.
        inner.map(lambda t: f"max({t}, 1)" if "max" not in t else t),
        st.tuples(inner, st.integers(2, 3)).map(lambda t: f"({t[0]})^{t[1]}"),
    )


@given(st.recursive(leaves, grow, max_leaves=5))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_random_expressions(text):
    subject = parse(text)
    x = sympy.Symbol("x", real=True)
    derivation = derive(subject, x)
    try:
        report = derivation.prove()
    except Unproved as error:
        assume("no random point" not in str(error))
        raise
    assert all(proof.kind in Kind for proof in report.proofs)
    mine = numbers(evaluated(derivation.result), x, 0.7)
    value = evaluated(subject)
    numeric = mpmath.diff(lambda t: mpmath.mpmathify(numbers(value, x, t)), 0.7, h=1e-8)
    assume(mine.is_finite)
    assert mpmath.almosteq(numeric, mpmath.mpmathify(mine), 1e-4, 1e-4)
