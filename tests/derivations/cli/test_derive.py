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
