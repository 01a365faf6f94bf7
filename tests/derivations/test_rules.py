"""Every rule's statement is proved, and a rule that does not apply says so."""

import pytest
import sympy

from actgrad.derivations import (
    DERIVATIONS,
    Derivation,
    Rule,
    RuleDoesNotApply,
    Step,
    Unproved,
    derive,
    prove_equal,
    rules,
)
from actgrad.derivations._expression import D
from actgrad.derivations._parse import parse
from actgrad.derivations._rule import NOTATION, Change

X = sympy.Symbol("x", real=True)
ALL: dict[str, Rule] = {name: getattr(rules, name) for name in rules.__all__}


def test_the_rules_of_the_textbook_are_there():
    names = {rule.name for rule in ALL.values()}
    assert len(names) == len(ALL) >= 40
    for name in ("constant", "identity", "sum", "constant multiple", "product", "quotient"):
        assert f"{name} rule" in names


def test_the_table_of_functions_is_read_off_the_statements():
    for head, rule in rules.FUNCTION_RULES.items():
        assert rule.sides[0] == D(head(X, evaluate=False), X)


@pytest.mark.parametrize("name", ALL)
def test_the_statement_is_proved_and_set(name):
    rule = ALL[name]
    prove_equal(*rule.sides)
    assert " = " in rule.formula
    assert "|" not in rule.formula
    assert rule.sentence.endswith(".")
    assert rule.source


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("PRODUCT", "D(u(x) + v(x), x)", "D(u(x), x) + D(v(x), x)"),
        ("QUOTIENT", "D(u(x)*v(x), x)", "D(u(x), x)*v(x) + u(x)*D(v(x), x)"),
        ("SUM", "D(u(x)*v(x), x)", "D(u(x), x)*v(x) + u(x)*D(v(x), x)"),
        ("CONSTANT", "D(x, x)", "1"),
        ("IDENTITY", "D(a, x)", "0"),
        ("CHAIN", "D(e^x, x)", "e^x"),
        ("EXPONENTIAL", "D(log(x), x)", "1/x"),
        ("CANCEL", "D(x, x)", "1"),
        ("CANCEL", "u(x)", "a*u(x)/a"),
        ("ADD_AND_SUBTRACT", "u(x)", "2*u(x) - u(x)*1"),
        ("ADD_AND_SUBTRACT", "u(x)*a", "a*u(x)"),
        ("SIFTING", "u(x) + 0", "u(x)"),
        ("DEFINITION", "u(x) + 0", "u(x)"),
        ("COMMON_DENOMINATOR", "u(x)*a/a", "u(x)"),
        ("COLLECT", "D(u(x), x)*1", "u'(x)*1"),
        ("CHAIN", "D(1 + e^(-x), x)", "-e^(-x)"),
        ("PRODUCT", "D(x/(1 + x^2), x)", "((1 + x^2)*D(x, x) - x*D(1 + x^2, x))/(1 + x^2)^2"),
        ("POWER", "D((1 + x^2)^3, x)", "6*x*(1 + x^2)^2"),
        ("SUM", "D(x + e^x + 7, x)", "1 + e^x"),
        ("CHAIN", "D(e^(-x), x)", "-e^(-x)"),
        ("QUOTIENT", "D(x/(1 + x^2), x)", "(1 - x^2)/(1 + x^2)^2"),
        ("IDENTITY", "D(x, x)*u(x) + 0", "u(x)"),
        ("CONSTANT", "D(a, x) + D(x, x)", "0 + 1"),
        ("COLLECT", "u(x)*v(x)", "v(x)*u(x)"),
        ("COLLECT", "u(x)*a + u(x)*b", "u(x)*(a + b)"),
        ("COLLECT", "u(x)^2", "u(x)*u(x)"),
        ("EXPAND", "a*u(x) + a*v(x)", "a*(u(x) + v(x))"),
        ("EXPAND", "(u(x) + v(x))/a", "u(x)/a + v(x)/a"),
        ("FACTOR_OUT", "a*(u(x) + v(x))", "a*u(x) + a*v(x)"),
        ("CANCEL", "u(x)/b", "(a*u(x))/(a*b)"),
        ("CANCEL", "u(x)*a/b + 0", "a*u(x)/b"),
        ("ARITHMETIC", "u(x)*u(x)*1", "u(x)^2"),
        ("ARITHMETIC", "(1 + tanh(x))/2*2*u(x)/u(x)", "1 + tanh(x)"),
        ("MULTIPLY_BOTH", "(a*u(x))/(a*b)", "u(x)/b"),
        ("POWERS", "u(x)*u(x)", "u(x)^2"),
        ("SPLIT_FRACTION", "(u(x)*v(x))/(a*b)", "(u(x)/a)*(v(x)/b)"),
        ("SPLIT_PRODUCT", "(u(x) + v(x))/a", "u(x)/a + v(x)/a"),
        ("REORDER", "u(x)*u(x)", "u(x)^2"),
        ("POWERS", "1/sqrt(2)*(1/sqrt(a))", "1/sqrt(3*a)"),
        ("COLLECT", "(2*x + 3)/6", "(x + 3 + x)/6"),
        ("EXTREMUM_BY_CASES", "max(0, x)", "Piecewise((0, x < 1), (x, otherwise))"),
        ("EXTREMUM_BY_CASES", "abs(x)", "Piecewise((-x, x < 0), (x, otherwise))"),
        ("KNOWN", "D(tanh(x), x)", "1 - tanh(x)^2"),
        ("PARTS", "D(u(x) + v(x), x)", "D(u(x), x) + D(v(x), x)"),
    ],
)
def test_a_rule_that_does_not_apply_raises(name, before, after):
    with pytest.raises(RuleDoesNotApply, match="does not lead from"):
        ALL[name].require(parse(before, NOTATION), parse(after, NOTATION))


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("SUM", "D(u(x) - v(x), x)", "D(u(x), x) - D(v(x), x)"),
        ("CONSTANT", "D(a, x)*b + D(b, x)*a", "0*b + 0*a"),
        ("CHAIN", "D(f(u(x)), x)", "D(u(x), x)*f'(u(x))"),
        ("LINEAR_CHAIN", "D(e^(-2*x + a), x)", "-2*e^(-2*x + a)"),
        ("LINEAR", "D(2*x + a, x)", "2"),
        ("COLLECT", "3*u(x) + 4*u(x) - 7*u(x) + a", "a"),
        ("EXPAND", "(u(x) + a)*(u(x) - a)", "u(x)^2 - a^2"),
        ("CANCEL", "(1 + e^x)/(1 + e^x)^2", "1/(1 + e^x)"),
        ("ARITHMETIC", "0*u(x) - 1*(-v(x))/2*4", "2*v(x)"),
        ("REORDER", "a*(u(x)*b)", "(b*a)*u(x)"),
        ("POWERS", "1/sqrt(2)*(1/sqrt(a))*e^(-(x/sqrt(2))^2)", "1/sqrt(2*a)*e^(-x^2/2)"),
        ("COLLECT", "(x + 3 + x)/6", "(2*x + 3)/6"),
        ("ARITHMETIC", "u(x)*e^0 + 0^2", "u(x)"),
        ("EXTREMUM_BY_CASES", "max(0, x)^2", "Piecewise((0, x < 0), (x^2, otherwise))"),
    ],
)
def test_a_rule_describes_its_own_steps(name, before, after):
    ALL[name].require(parse(before, NOTATION), parse(after, NOTATION))


def test_a_step_under_a_wrong_name_is_refused():
    original = DERIVATIONS["sigmoid_by_quotient_rule"]()
    for number, step in enumerate(original.steps):
        wrong = rules.PRODUCT if step.rule is not rules.PRODUCT else rules.SUM
        renamed = Step(wrong, step.expression)
        steps = (*original.steps[:number], renamed, *original.steps[number + 1 :])
        planted = Derivation(
            original.subject, original.symbol, steps, original.definitions, name="planted"
        )
        with pytest.raises(Unproved, match=rf"planted, step {number + 1} \(product rule\)"):
            planted.prove()


def test_long_sums_and_high_powers_do_not_blow_up():
    text = " - ".join(f"x^{n}" for n in range(2, 40))
    assert derive(text).prove().numeric == 0
    power = sympy.Pow(1 + X, 10**6)
    ALL["POWER"].require(D(X ** (10**6), X), 10**6 * X ** (10**6 - 1))
    assert not ALL["EXPAND"].describes(Change(power * (X + 1), power * X + power + power))
