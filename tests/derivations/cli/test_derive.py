"""``python -m actgrad derive``: prints a proved derivation, or one clear error."""

import json
import time

import pytest

from actgrad.__main__ import main


def test_the_example_of_the_readme(capsys):
    assert main(["derive", "x*tanh(log(1+exp(x)))"]) == 0
    out = capsys.readouterr().out
    assert "[product rule]" in out
    assert "steps proved" in out


def test_markdown_and_json(capsys):
    assert main(["derive", "1/(1 + exp(-t))", "--markdown"]) == 0
    assert capsys.readouterr().out.startswith("| Line | Left side | Step | Rule |")
    assert main(["derive", "a*b", "--by", "b", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["symbol"] == "b"


SOFT = "Piecewise((x - lam, x > lam), (x + lam, x < -lam), (0, otherwise))"


def test_a_parameter_is_said_to_be_positive(capsys):
    assert main(["derive", SOFT, "--by", "x"]) == 2
    assert "say which parameters are positive" in capsys.readouterr().err
    assert main(["derive", SOFT, "--by", "x", "--positive", "lam"]) == 0
    assert "steps proved" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("z", "no letter 'z' in this function: it has a, x"),
        ("x", "only parameters"),
        ("", "''"),
    ],
)
def test_what_is_no_parameter_is_not_positive(name, says, capsys):
    assert main(["derive", "a*x", "--positive", name]) == 2
    assert says in capsys.readouterr().err


def test_the_numpy_file_tests_itself(capsys):
    assert main(["derive", SOFT, "--by", "x", "--positive", "lam", "--numpy"]) == 0
    file, scope = capsys.readouterr().out, {}
    exec(file, scope)
    scope["test_derivative"]()
    scope = {}
    exec(file.replace("x > lam, 1", "x > lam, -1"), scope)
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        scope["test_derivative"]()
    assert main(["derive", "cos(10^12 x)", "--numpy"]) == 0
    assert "no test" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('touch /tmp/pwned')",
        "x.__class__.__mro__",
        "(lambda: 1)()",
        "9**9**9**9",
        "(" * 10000,
        "x" * 100000,
        "gamma(x)",
        "exec(x)",
        "[x for x in y]",
        "x[0]",
        "f'{x}'",
        "",
        "a*b",
    ],
)
def test_hostile_text_gets_an_error_at_once(text, capsys):
    started = time.monotonic()
    assert main(["derive", "--", text]) == 2
    # A generous bound for a busy machine; the parser itself takes milliseconds.
    assert time.monotonic() - started < 5
    assert capsys.readouterr().err.startswith("error: ")


def test_an_empty_domain_is_not_proved(capsys):
    assert main(["derive", "log(-1 - x^2)"]) == 1
    assert "not proved" in capsys.readouterr().err
