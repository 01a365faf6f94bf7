"""The check of the prose: what it finds, and what it leaves alone."""

import check_prose
import pytest


def found(text):
    return [(line, words) for line, words, _ in check_prose.findings(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("This is simply the chain rule.", "simply"),
        ("Of course it is 0.", "Of course"),
        ("A very small number.", "very"),
        ("Divide in order to see it.", "in order to"),
        ("We utilise the rule.", "utilise"),
        ("TODO: say why.", "TODO"),
        ("It is right!", "t!"),
        ("the sum of\nof both", "of of"),
        ("at 1.5e-7 it fails", "1.5e-7"),
    ],
)
def test_what_the_style_forbids_is_found_with_its_line(text, words):
    assert found(f"A line before.\n\n{text}") == [(3, words)]


@pytest.mark.parametrize(
    "text",
    [
        "---\nkeywords: just, very\n---\nText.",
        "```{code-cell} ipython3\nx = 1e-7  # just very\n```",
        "```console\n$ echo very very\n```",
        "The value `1e-7`, [this](https://host/very/just).",
        "$1e-7 \\text{ very}$ and $$just\njust$$",
        "# Softmax\n\nSoftmax maps scores.",
        "justice is adjusted",
    ],
)
def test_code_formulas_and_addresses_are_left_alone(text):
    assert found(text) == []


def test_a_directive_is_prose():
    assert found("```{admonition} Why\nIt is simply so.\n```") == [(2, "simply")]


def test_findings_and_unreadable_files_fail(tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text("It is just so.\n", encoding="utf-8")
    assert check_prose.main([str(page)]) == 1
    assert "page.md:1: 'just': " in capsys.readouterr().out
    page.write_text("It is so.\n", encoding="utf-8")
    assert check_prose.main([str(page)]) == 0
    page.write_bytes(b"\xff")
    assert check_prose.main([str(page)]) == 2
    assert "cannot be read as UTF-8" in capsys.readouterr().err
    assert check_prose.main([str(tmp_path / "none.md")]) == 2
