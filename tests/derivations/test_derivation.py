"""A derivation as data, and how it shows itself."""

import dataclasses
import json
import re

import pytest

from actgrad.derivations import DERIVATIONS, derive, parse, plain
from actgrad.derivations._proof import Kind, Proof

ALL = [make() for make in DERIVATIONS.values()] + [
    derive("x*tanh(log(1 + e^x))"),
    derive("x/2*(1 + erf(x/sqrt(2)))"),
    derive("Piecewise((x, x > 0), (alpha*(e^x - 1), otherwise))", "x"),
    derive(" + ".join(f"sin({n}*x)*e^(-{n}*x)" for n in range(1, 9))),
]
IDS = [derivation.name or derivation.title[:40] for derivation in ALL]


def test_each_document_derivation_has_its_own_name_title_and_source():
    made = [make() for make in DERIVATIONS.values()]
    assert [derivation.name for derivation in made] == list(DERIVATIONS)
    assert len({derivation.title for derivation in made}) == len(made)
    assert all(derivation.source for derivation in made)
    for document in ("000", "001", "002", "003"):
        assert any(f"document {document}" in derivation.source for derivation in made)


@pytest.mark.parametrize("name", DERIVATIONS)
def test_every_step_is_proved(name):
    derivation = DERIVATIONS[name]()
    report = derivation.prove()
    assert report.steps == len([*derivation.rows()]) == report.exact + report.numeric


def test_a_derivation_is_immutable():
    derivation = ALL[0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        derivation.steps = ()
    assert derivation.result == derivation.steps[-1].expression
    assert derivation.start == derivation.lines[0]


@pytest.mark.parametrize("derivation", ALL, ids=IDS)
def test_markdown_is_a_table_of_three_columns(derivation):
    rows = derivation._repr_markdown_().strip().split("\n")
    assert rows[:2] == ["| Left side | Step | Rule |", "|:--|:--|:--|"]
    assert len(rows) == 2 + sum(1 for _ in derivation.rows())
    for row in rows[2:]:
        cells = re.split(r"(?<!\\)\|", row)
        assert len(cells) == 5, row
        assert cells[2].startswith(r" $\displaystyle = ")
        assert cells[3].startswith(" **")
        assert row.count("$") % 2 == 0
    assert rows[2].startswith(r"| $\displaystyle")


@pytest.mark.parametrize("derivation", ALL, ids=IDS)
def test_text_can_be_read_and_data_can_be_stored(derivation):
    text = str(derivation)
    assert text.isascii()
    assert sum(line.lstrip().startswith("= ") for line in text.splitlines()) == sum(
        1 for _ in derivation.rows()
    )
    data = json.loads(json.dumps(derivation.to_dict()))
    assert [step["rule"] for step in data["steps"]] == [
        step.rule.name for step in derivation.steps
    ]


def test_the_changed_part_is_marked_and_nothing_else():
    table = DERIVATIONS["sigmoid_by_quotient_rule"]()._repr_markdown_()
    assert r"\left(0 \textcolor{#0072B2}{{}- e^{-x}}\right)" in table
    assert r"\frac{\textcolor{#0072B2}{1} + e^{-x} \textcolor{#0072B2}{{}- 1}}" in table


def test_the_line_of_the_issue_is_set_as_a_teacher_writes_it():
    table = DERIVATIONS["sigmoid_by_quotient_rule"]()._repr_markdown_()
    plain = re.sub(r"\\textcolor\{#0072B2\}\{(.*?)\}(?=[ )}\\])", r"\1", table)
    assert (
        r"\frac{\left(1 + e^{-x}\right) \cdot 0 - 1 \cdot \left(0 - e^{-x}\right)}"
        r"{\left(1 + e^{-x}\right)^{2}}"
    ) in plain.replace(" {}- ", " - ")


def test_known_mistakes_of_the_documents_are_named():
    notes = " ".join(step.note for derivation in ALL for *_, step in derivation.rows())
    for words in (
        "by `u`, not by `x`",
        "same numerator and denominator",
        "all gradients are 1",
        "lost the minus",
        "loses the minus",
        "drops the sum sign",
        "it is the sum of the `e^z[b, l]`",
    ):
        assert words in notes


def test_kinks_are_listed():
    relu = DERIVATIONS["relu_by_cases"]()
    assert relu.to_dict()["kinks"] == ["x = 0"]
    assert "[0, 1]" in relu.steps[1].note
    assert DERIVATIONS["tanh_by_exponentials"]().kinks == ()


def test_the_left_side_is_short():
    assert DERIVATIONS["sigmoid_by_chain_rule"]().left_side == r"\sigma'(x)"
    assert DERIVATIONS["softmax_jacobian"]().left_side == (
        r"\frac{\partial s_{i}}{\partial z_{k}}"
    )


def test_parts_must_be_put_in_and_nothing_else():
    from actgrad.derivations import Derivation, Unproved

    long = derive(" + ".join(f"sin({n}*x)*e^(-{n}*x)" for n in range(1, 9)))
    place, step = next((n, step) for n, step in enumerate(long.steps) if step.parts)
    wrong = dataclasses.replace(step, expression=step.expression + parse("x"))
    planted = Derivation(long.subject, long.symbol, (*long.steps[:place], wrong))
    with pytest.raises(Unproved, match="put the parts in"):
        planted.prove()


def test_text_keeps_what_was_worked_out_on_the_side_apart():
    text = str(DERIVATIONS["tanh_by_doubled_exponential"]())
    equations = [line for line in text.splitlines() if line.startswith("  = ")]
    derivation = DERIVATIONS["tanh_by_doubled_exponential"]()
    assert len(equations) == len(derivation.steps)
    aside = next(part for step in derivation.steps for part in step.parts)
    assert f"      {plain(aside.start)}" in text.splitlines()


def test_what_is_shown_is_short_at_the_prompt_and_a_table_in_a_notebook():
    derivation = DERIVATIONS["sigmoid_by_chain_rule"]()
    steps = len(derivation.steps)
    shown = f"<Derivation D(sigma(x), x) = sigma(x)*(1 - sigma(x)), {steps} steps>"
    assert repr(derivation) == shown
    report = derivation.prove()
    assert repr(report) == f"sigmoid_by_chain_rule: {steps} of {steps} steps proved"
    row = f"| sigmoid by chain rule | {steps} | {steps} | 0 |"
    assert report._repr_markdown_().splitlines()[2] == row
    tested = dataclasses.replace(report, proofs=(Proof(Kind.NUMERIC), *report.proofs))
    assert str(tested).endswith(f"{steps} of {steps + 1} steps proved, 1 tested numerically")
