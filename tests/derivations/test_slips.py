"""The slips: each statement is false, each example is named, and nothing right is."""

import pytest

from actgrad.derivations import Unproved, check_line, parse, prove_equal, rules
from actgrad.derivations._derive import NAMED
from actgrad.derivations._match import instances_of
from actgrad.derivations._rule import statement_sides
from actgrad.derivations.slips import SLIPS

# Slips that make the same of an example: both have to be named.
ALIKE = {
    "sign of the inner function lost": {"minus of the cosine's derivative lost"},
    "minus in the product rule": {"minus put to the sine's derivative"},
    "exponent raised instead of lowered": {"denominator of the reciprocal rule not squared"},
    "logarithm of the base forgotten": {"function not differentiated"},
}


def by_name(name):
    (slip,) = (slip for slip in SLIPS if slip.name == name)
    return slip


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_an_example_is_refused_and_its_slip_is_named(slip):
    found = check_line(*slip.example)
    assert found.status == "wrong"
    assert found.difference is not None
    assert {one.name for one in found.slips} == {slip.name} | ALIKE.get(slip.name, set())
    assert slip.says.rstrip(".") in found.message


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_a_statement_is_false(slip):
    with pytest.raises(Unproved):
        prove_equal(*slip.sides)


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_the_right_line_is_not_called_a_slip(slip):
    before = parse(slip.example[0], {}, kept=NAMED)
    right = check_line(before, before.doit())
    assert right.status == "equal"
    assert right.slips == ()
    assert "explains" not in right.message


def test_names_and_sentences():
    names = [slip.name for slip in SLIPS]
    assert len(set(names)) == len(names) >= 12
    for slip in SLIPS:
        assert slip.rule in {getattr(rules, name) for name in rules.__all__}
        assert slip.says.endswith(".")
        assert slip.hint.endswith((".", "?"))


def test_two_slips_that_explain_equally_are_both_said():
    found = check_line("d/dx(e^(-x))", "e^(-x)")
    assert [slip.name for slip in found.slips] == [
        "inner derivative forgotten",
        "sign of the inner function lost",
    ]
    assert "One of these explains it" in found.message


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        # At depth, and with right steps around it.
        ("d/dx(x^2*e^(-x^2))", "2x*e^(-x^2) + x^2*e^(-x^2)", "inner derivative forgotten"),
        ("d/dx(x*tanh(ln(1+e^x)))", "(1-tanh(ln(1+e^x))^2)*e^x/(1+e^x)", "product of the deri"),
        ("d/dx(1/(1+e^(-x)))", "-e^(-x)/(1+e^(-x))^2", "sign of the inner function lost"),
        ("3 - 2*(x - e^x)", "3 - 2x - 2e^x", "minus given"),
        ("1/sqrt(x^2 + 9)", "1/(|x| + 3)", "root taken term by term"),
        ("d/dx((1+x^2)/(1+x))", "(1 + x^2 - 2x*(1+x))/(1+x)^2", "quotient rule in the wrong"),
        ("d/dx(max(0, x^2 - 1))", "max(0, 2x)", "maximum of the derivatives"),
        ("d/dx(sigma(3x))", "sigma(3x)*(1 - sigma(3x))", "inner derivative forgotten"),
    ],
)
def test_slips_in_whole_lines(before, after, name):
    found = check_line(before, after)
    assert found.status == "wrong"
    assert any(slip.name.startswith(name) for slip in found.slips), found.slips


def test_a_named_inner_function():
    found = check_line("d/du(1/u) du/dx", "1/u^2 du/dx", where={"u": "1 + e^(-x)"})
    assert [slip.name for slip in found.slips] == ["minus of the reciprocal rule lost"]


def test_a_number_that_is_too_large_is_told_where_no_slip_explains_it():
    found = check_line("d/dx(sigma(x))", "2*sigma(x)*(1 - sigma(x))")
    assert found.slips == ()
    assert found.factor == "2"
    assert str(found.difference) == "at x = 1 the line above is 0.197, yours 0.393"


def made(left, right, text):
    return [
        str(one) for one in instances_of(*statement_sides(f"{left} = {right}"), parse(text, {}))
    ]


def test_patterns():
    assert made("(u(x) + v(x))^2", "u(x)*v(x)", "(x + y)^2") == ["x*y"]
    assert len(made("(u(x) + v(x))^2", "u(x)", "(x + y + 1)^2")) == 6
    assert made("(a + u(x))/a", "u(x)", "(x + y)/x") == ["y"]
    assert made("D(u(x)*v(x), x)", "u(x)", "D(3*x, x)") == []
    assert made("D(b*u(x), x)", "b", "D(3*x, x)") == ["3"]
    assert made("D(b*u(x), x)", "b", "D(-x, x)") == []
    assert made("D(f(u(x)), x)", "f'(u(x))", "D(sin(x), x)") == []
    assert made("D(f(u(x)), x)", "f'(u(x))", "D(sin(x^2), x)") == ["cos(x**2)"]
    assert made("D(u(x)*v(x), x)", "u(x)", "D(sin(x)/x, x)") == []


def test_planted_falsehood_is_seen(monkeypatch):
    # The test of the statements can fail: a true one is proved.
    prove_equal(*statement_sides("D(u(x)*v(x), x) = D(u(x), x)*v(x) + u(x)*D(v(x), x)"))
    assert by_name("minus lost").general
