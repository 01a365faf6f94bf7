"""Every rule's statement is proved, and a rule that does not apply says so."""

import pytest

from actgrad.derivations import (
    DERIVATIONS,
    Derivation,
    Rule,
    RuleDoesNotApply,
    Step,
    Unproved,
    prove_equal,
)
from actgrad.derivations import rules
from actgrad.derivations import rules as public_rules
from actgrad.derivations._parse import parse
from actgrad.derivations._rule import NOTATION

ALL = {name: rule for name, rule in vars(rules).items() if isinstance(rule, Rule)}


def test_the_rules_of_the_textbook_are_there():
    names = {rule.name for rule in ALL.values()}
    assert len(names) == len(ALL) >= 40
    for name in ("constant", "identity", "sum", "constant multiple", "product", "quotient"):
        assert f"{name} rule" in names


def test_every_rule_has_a_public_name():
    assert {name: getattr(public_rules, name) for name in public_rules.__all__} == ALL


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
    ],
)
def test_a_rule_that_does_not_apply_raises(name, before, after):
    with pytest.raises(RuleDoesNotApply, match="does not lead from"):
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
