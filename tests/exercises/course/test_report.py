"""The report: the commonest wrong formulas and numbers that no known mistake explains."""

import json

import pytest

from actgrad.__main__ import main
from actgrad.exercises import EXERCISES

IDS = ("sigmoid-slopes-multiply", "quotient-warm-up")
NUMBER, FORMULA = (EXERCISES[id] for id in IDS)
KNOWN = FORMULA.mistakes[0]
CLASS = {
    "ada": (8, "x^3"),
    "bob": (8, "x^3"),
    "carl": (8.5, KNOWN.wrong),
    "dora": (9, "x^3 + `1|[<b>"),
    "eve": (10, "-x^3"),
    "fay": (NUMBER.solution, FORMULA.solution),
}


@pytest.fixture
def graded(tmp_path):
    """Grade the class; return its folder."""
    for student, (number, formula) in CLASS.items():
        (tmp_path / "submissions" / student).mkdir(parents=True)
        text = f"{NUMBER.name} = {number}\n{FORMULA.name} = {formula!r}\n"
        (tmp_path / "submissions" / student / "hw1.py").write_text(text)
    (tmp_path / "secret.txt").write_text("a secret that is long enough")
    (tmp_path / "hw1.toml").write_text(
        f'title = "A"\ndue = 2026-12-01T23:59:00Z\nexercises = {json.dumps(IDS)}\n'
    )
    words = ["grade", tmp_path / "submissions", "--assignment", tmp_path / "hw1.toml"]
    words += ["--secret-file", tmp_path / "secret.txt", "--out", tmp_path / "grades.csv"]
    assert main([str(word) for word in words]) == 0
    return tmp_path


def report(folder):
    out = folder / "report.md"
    words = ["report", str(folder / "grades.csv"), "--assignment", str(folder / "hw1.toml")]
    assert main([*words, "--out", str(out)]) == 0
    parts = out.read_text().partition("## Mistakes")[2].partition("## Identical")[0]
    return [line for line in parts.splitlines() if line.startswith("- ")]


def test_the_commonest_wrong_answers_are_named(graded):
    # Three by what they say, the rest by their number; one of these cannot be read at all.
    expected = [
        "- 2 × no known mistake: `8`",
        "- 1 × no known mistake: `10`",
        "- 1 × no known mistake: `8.5`",
        "- 1 × no known mistake",
        f"- 1 × {KNOWN.id}: {KNOWN.says}",
        "- 2 × no known mistake: `x^3`",
        "- 1 × no known mistake: `-x^3`",
        "- 1 × no known mistake",
    ]
    assert report(graded) == expected
    # Whoever was graded first: the report is the same.
    journal = graded / "grades.csv.journal"
    journal.write_text("".join(reversed(journal.read_text().splitlines(keepends=True))))
    assert report(graded) == expected


def test_a_journal_of_an_earlier_version_is_read(graded):
    journal = graded / "grades.csv.journal"
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    for line in lines:
        for row in line["graded"]["rows"]:
            del row["answer"]
    journal.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert "- 5 × no known mistake" in report(graded)
