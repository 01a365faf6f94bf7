"""``actgrad check-line``: what it prints, and its exit status."""

import json

import pytest

from actgrad.__main__ import main


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["d/dx(e^(-x))", "e^(-x) d/dx(-x)"], 0, "proved exactly: chain rule, with u = -x."),
        (["d/dx(x^2)", "2x"], 0, "The goal is reached."),
        (["d/dx(x^2)", "2x", "--goal", "3x"], 0, "Still open: it is not what was asked for"),
        (["d/dx(x^2)", "d/dx(x^2)", "--hint"], 0, "power rule"),
        (["d/dx(sin(x^2))", "cos(x^2)"], 1, "The inner derivative was forgotten."),
        (["d/du(1/u)du/dx", "-1/u^2 du/dx", "--where", "u = 1 + x^2"], 0, "reciprocal rule"),
        (["sqrt(a^2)", "a", "--positive", "a"], 0, "Equal"),
        (["sqrt(a^2)", "a"], 1, "at a = -1 the line above is 1, yours -1"),
    ],
)
def test_a_line_is_judged(arguments, status, said, capsys):
    assert main(["check-line", *arguments]) == status
    out, err = capsys.readouterr()
    assert said in out
    assert err == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["x", "(("], "The line cannot be read"),
        (["((", "x"], "The line above cannot be read"),
        (["x", "x", "--where", "u"], "--where takes a name and a text"),
        (["x", "x", "--where", "u = (("], "What a name stands for cannot be read"),
        (["x", "x", "--goal", "(("], "expected a number"),
    ],
)
def test_what_cannot_be_read_is_told(arguments, said, capsys):
    assert main(["check-line", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert said in err


def test_as_data(capsys):
    assert main(["check-line", "d/dx(x^2)", "2x", "--json", "--hint"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["status"] == "equal"
    assert data["reached"] is True
    assert data["hint"]["note"] == "The goal is reached."
