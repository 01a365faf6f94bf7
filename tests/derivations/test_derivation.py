"""A derivation as data, and how it shows itself."""

import dataclasses
import json
import re

import pytest

from actgrad.derivations import DERIVATIONS, derive, parse, plain
from actgrad.derivations._derivation import Report
from actgrad.derivations._proof import Kind, Proof

ALL = [make() for make in DERIVATIONS.values()] + [
    derive("x*tanh(log(1 + e^x))"),
    derive("x/2*(1 + erf(x/sqrt(2)))"),
    derive("Piecewise((x, x > 0), (alpha*(e^x - 1), otherwise))", "x"),
    derive(" + ".join(f"sin({n}*x)*e^(-{n}*x)" for n in range(1, 9))),
]
NAMED = ALL[: len(DERIVATIONS)]
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
    assert rows[:2] == ["| Line | Left side | Step | Rule |", "|--:|--:|:--|:--|"]
    lines = rows[2 : rows.index("")]
    assert len(lines) == sum(1 for _ in derivation.rows())
    for number, row in enumerate(lines, 1):
        cells = re.split(r"(?<!\\)\|", row)
        assert len(cells) == 6, row
        assert cells[1] == f" ({number}) "
        assert cells[3].startswith(r" $\displaystyle = ")
        assert (r"\boxed" in cells[3]) == (number == len(lines))
        assert cells[4].startswith(" **")
        assert row.count("$") % 2 == 0
    assert lines[0].startswith(r"| (1) | $\displaystyle")


@pytest.mark.parametrize("derivation", ALL, ids=IDS)
def test_a_dozen_words_stand_beside_a_line_and_the_rest_below(derivation):
    beside, _, below = derivation._repr_markdown_().partition("\n\n")
    remarks = [line for line in below.splitlines() if line.startswith("- (")]
    for number, (*_, step) in enumerate(derivation.rows(), 1):
        assert len(re.sub("`[^`]+`", "f", step.beside).split()) <= 12
        assert f"{step.beside} {step.remark}".strip() == step.note
        assert bool(step.remark) == any(line.startswith(f"- ({number}) ") for line in remarks)
        # A long remark of a document's own derivation has its point beside the line.
        assert step.beside or not step.note or derivation not in NAMED
    row = beside.splitlines()[2]
    assert derivation.steps[0].rule.sentence not in row


def test_the_badge_says_what_was_proved_and_never_more():
    sigmoid = DERIVATIONS["sigmoid_by_chain_rule"]()
    shown = sigmoid._repr_markdown_()
    assert f"<summary>{len(sigmoid.steps)} steps, every one proved</summary>" in shown
    for step in sigmoid.steps:
        assert f"| {step.rule.name} | {step.rule.sentence} |" in shown
    last = sigmoid.steps[-1]
    wrong = dataclasses.replace(last, expression=last.expression + 1)
    planted = dataclasses.replace(sigmoid, steps=(*sigmoid.steps[:-1], wrong))
    assert "<summary>Not proved</summary>" in planted._repr_markdown_()
    assert "every one proved" not in planted._repr_markdown_()
    proofs = (Proof(Kind.EXACT), Proof(Kind.NUMERIC, "time"))
    tested = Report("f", proofs, 0.1).summary
    assert tested == "2 steps: 1 proved, 1 tested in numbers"
    assert Report("f", proofs[:1], 0.1).summary == "1 step, proved"


def test_a_line_is_found_by_what_it_reads():
    tanh = DERIVATIONS["tanh_by_doubled_exponential"]()
    shown = [step.expression for *_, step in tanh.rows()]
    for number, line in enumerate(shown, 1):
        assert tanh.number_of(plain(line)) == shown.index(line) + 1 <= number
    with pytest.raises(ValueError, match=r"no line .* reads tanh\(x\)"):
        tanh.number_of("tanh(x)^3")


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
    # A line that is new from end to end is coloured from end to end.
    assert r"= \textcolor{#0072B2}{\frac{d}{d x} \left(\frac{1}{1 + e^{-x}}\right)}$" in table
    assert r"\frac{\textcolor{#0072B2}{1} + e^{-x} \textcolor{#0072B2}{{}- 1}}" in table


def test_the_line_of_the_issue_is_set_as_a_teacher_writes_it():
    table = DERIVATIONS["sigmoid_by_quotient_rule"]()._repr_markdown_()
    plain = re.sub(r"\\textcolor\{#0072B2\}\{(.*?)\}(?=[ )}\\])", r"\1", table)
    assert (
        r"\frac{\left(1 + e^{-x}\right) \cdot 0 - 1 \cdot \left(0 - e^{-x}\right)}"
        r"{\left(1 + e^{-x}\right)^{2}}"
    ) in plain.replace(" {}- ", " - ")


def test_kinks_are_listed():
    relu = DERIVATIONS["relu_by_cases"]()
    assert relu.to_dict()["kinks"] == ["x = 0"]
    assert "[0, 1]" in relu.steps[1].note
    assert DERIVATIONS["tanh_by_exponentials"]().kinks == ()


def test_the_left_side_is_short():
    assert DERIVATIONS["sigmoid_by_chain_rule"]().left_side == r"\sigma'(x)"
    assert DERIVATIONS["softmax_jacobian"]().left_side == (
        r"\frac{\partial y_{i}}{\partial z_{j}}"
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
