"""A task: hints lead from its start to its goal, and what is still open is told."""

import json

import pytest

from actgrad.derivations import (
    DERIVATIONS,
    ParseError,
    Task,
    check_line,
    derive,
    plain,
    replay,
)
from actgrad.derivations._proof_answer import CALLS

SILU = Task(
    "d/dx(x*sigma(x))",
    goal="y + x*y*(1 - y)",
    where={"y": "sigma(x)"},
    letters=("x", "y"),
    title="SiLU",
)
TASKS = [
    SILU,
    Task("d/dx(1/(1+e^(-x)))"),
    Task("D(D(x^3, x), x)"),
    Task("d/dx(max(0, x)^2)"),
    Task("d/du(1/u) du/dx", where={"u": "1 + e^(-x)"}),
    Task("d/dx(u^2)", where={"u": "1 + x^3"}),
    Task("2*x*3 + 0"),
    Task("d/dx(a*x^2)", positive=("a",)),
]


def walked(task):
    """Yield the lines that the hints give, each judged."""
    line = task.setting.read(task.start)
    for _ in range(40):
        hint = task.hint(line)
        if hint.line is None:
            assert hint.rule is None
            return
        assert task.check(line, hint.line).proof == "exact"
        line = hint.line
        yield line
    raise AssertionError("the hints do not end")


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.start)
def test_hints_lead_to_the_goal(task):
    *_, last = walked(task)
    assert task.reached(last)
    assert task.hint(last).note == "The goal is reached."


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("sigma(x) + x*sigma'(x)", "a derivative is left: D(sigma(x), x)"),
        ("y + x*y", "it is not what was asked for: at x = 1 the line above is"),
        ("1*y + x*y*(1 - y)", "numbers, 0, 1 or signs are left to work out"),
        ("y*x/x + x*y*(1 - y)", "a common factor is left to cancel"),
        ("b*y/b + x*y*(1 - y)", "b still stands in it: write it in x, y"),
    ],
)
def test_what_is_open_is_told(line, left):
    found = SILU.reached(line)
    assert not found
    assert left in repr(found)


@pytest.mark.parametrize("line", ["y + x*y - x*y^2", "sigma(x) + x*sigma(x)*(1 - sigma(x))"])
def test_any_equal_form_reaches_the_goal(line):
    assert SILU.reached(line)


def test_a_name_is_put_back():
    task = Task("d/dx(2*sigma(2*x) - 1)", "4*s*(1-s)", {"s": "sigma(2*x)"}, letters=("s",))
    *_, last = walked(task)
    assert plain(last).count("s") == plain(last).replace("sigma", "").count("s")
    assert task.reached(last)


def test_hints_are_given_in_two_steps():
    (rule,) = CALLS["hint"]("d/dx(x^2)")
    assert rule["rule"] == "power rule"
    assert rule["more"] is True
    assert rule["text"] == rule["latex"] == ""
    (line,) = CALLS["hint"]("d/dx(x^2)", more="yes")
    assert line["text"] == "2*x"


@pytest.mark.parametrize("name", DERIVATIONS)
def test_a_named_derivation_is_replayed(name):
    derivation = DERIVATIONS[name]()
    task = Task.of(derivation)
    for before, step in zip(derivation.lines, derivation.steps, strict=False):
        hint = task.hint(plain(before))
        assert (hint.rule, hint.line) == (step.rule, step.expression)
    assert task.reached(plain(derivation.result))
    data = replay(derivation)
    hidden = [step for step in data["steps"] if step["blank"]]
    assert hidden or len(derivation.steps) == 1
    assert all(step["text"] == step["latex"] == "" for step in hidden)
    assert not data["steps"][-1]["blank"] or len(derivation.steps) == 1
    assert Task.from_dict(data["task"]) == task
    assert json.loads(json.dumps(data)) == data


def test_a_derivation_without_a_name_is_made_again():
    derivation = derive("max(beta*x, x)*Phi(x)", "x")
    task = Task.of(derivation)
    again = Task.from_dict(json.loads(json.dumps(task.to_dict())))
    assert again == task
    assert again.replayed.lines == derivation.lines
    with pytest.raises(ValueError, match="'x' is no derivative"):
        Task.from_dict({"start": "x", "replay": True})


def test_which_lines_are_blank_may_be_said():
    derivation = DERIVATIONS["sigmoid_by_quotient_rule"]()
    steps = replay(derivation, blank=[2, 11])["steps"]
    assert [number for number, step in enumerate(steps, 1) if step["blank"]] == [2, 11]
    with pytest.raises(ValueError, match=r"no step 12: the steps are 1 to 11"):
        replay(derivation, blank=[12])


def test_the_plain_form():
    data = SILU.to_dict()
    assert Task.from_dict(json.loads(json.dumps(data))) == SILU
    with pytest.raises(ValueError, match="has no frm"):
        Task.from_dict({"frm": "x"})
    with pytest.raises(ValueError, match="no derivation is called 'x'"):
        Task.from_dict({"derivation": "x"})


def test_messages():
    task = json.dumps(SILU.to_dict())
    (shown,) = CALLS["task"](task)
    assert shown["start"]["text"] == "D(x*sigma(x), x)"
    assert shown["goal"]["text"] == "y + x*y*(1 - y)"
    assert shown["of"] == {"text": "x*sigma(x)", "by": "x"}
    assert (shown["own"], shown["steps"]) == (False, [])
    assert shown["where"] == [r"y = \sigma(x)"]
    (line,) = CALLS["line"]("d/dx(x*sigma(x))", "sigma(x) + x*sigma'(x)", task)
    assert (line["kind"], line["status"], line["reached"]) == ("line", "equal", False)
    assert line["open"] == ["a derivative is left: D(sigma(x), x)"]
    (line,) = CALLS["line"]("d/dx(x*sigma(x))", "y + x*y*(1-y)", task)
    assert line["reached"] is True
    (line,) = CALLS["line"]("x", "x")
    assert (line["status"], line["same"]) == ("equal", True)
    (line,) = CALLS["line"]("x", "x + 1")
    assert (line["status"], line["reached"]) == ("wrong", False)
    (line,) = CALLS["line"]("x", "((")
    assert line["status"] == "unreadable"
    replayed = json.dumps({"derivation": "sigmoid_by_chain_rule"})
    (line,) = CALLS["line"]("D(1/u, x)", "D(1/u, u)*D(u, x)", replayed)
    assert line["what"] == "chain rule"


def test_a_replay_shows_the_lines_that_are_given():
    task = json.dumps({"derivation": "sigmoid_by_chain_rule"})
    (shown,) = CALLS["task"](task, "1,3")
    assert [number for number, step in enumerate(shown["steps"], 1) if step["blank"]] == [1, 3]
    assert (shown["own"], shown["of"], shown["goal"]) == (True, None, None)
    for blank, says in (
        ("99", "there is no step 99"),
        ("1,", "given by their numbers, as in 1,3"),
        ("9" * 9999, "given by their numbers, as in 1,3"),
    ):
        (refused,) = CALLS["task"](task, blank)
        assert says in refused["reason"]
    (refused,) = CALLS["task"]('{"start": "D(x, x)"}', "1")
    assert "only a derivation can be replayed" in refused["reason"]


@pytest.mark.parametrize(
    "task", ["", "[]x", "[1]", '{"start": "(("}', '{"where": 3}', "9" * 9999]
)
def test_a_task_that_cannot_be_read_gets_one_sentence(task):
    for call in (
        lambda: CALLS["task"](task),
        lambda: CALLS["line"]("x", "x", task),
        lambda: CALLS["hint"]("x", task),
    ):
        (message,) = call()
        assert message["kind"] == "refused"
        assert message["reason"].startswith("The task cannot be read: ")


def test_a_line_that_cannot_be_read():
    with pytest.raises(ParseError):
        SILU.reached("((")
    (message,) = CALLS["hint"]("((")
    assert message["kind"] == "refused"
    assert check_line("x", "((").status == "unreadable"
