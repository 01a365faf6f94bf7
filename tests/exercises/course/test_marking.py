"""Questions answered in words: handout, a table to mark them in, marks in the gradebook."""

import csv

import pytest

from actgrad.__main__ import main
from actgrad.exercises import EXERCISES
from actgrad.exercises.course._assignment import read_assignment
from actgrad.exercises.course._faults import InputError
from actgrad.exercises.course._handout import handout
from actgrad.exercises.grading._worker import TEXT_BYTES

TOML = """\
title = "Homework 1"
due = 2026-12-01T23:59:00+01:00
exercises = ["relu-gradient"]

[weights]
why-tails = 2

[[explain]]
id = "why-tails"
question = "Why does $s (1 - s)$ lose its digits?"
rubric = { "names cancellation" = 2, "gives a number" = 0.5 }

[[explain]]
id = "why-caching"
question = "What is kept for the way back?"
rubric = { "the output" = 1 }
"""
RELU = EXERCISES["relu-gradient"]


def run(*words):
    return main([str(word) for word in words])


@pytest.fixture
def classroom(tmp_path):
    (tmp_path / "hw1.toml").write_text(TOML)
    (tmp_path / "secret").write_text("a secret that is long enough")
    answers = {
        "ada": 'why_tails = """\nBecause 1 - s cancels,\nat x = 40.\n"""\nwhy_caching = "=y"\n',
        "bob": 'why_tails = """\n\n"""\nwhy_caching = 3\n',
        "eve": "import os\nos._exit(1)\n",
    }
    for student, text in answers.items():
        folder = tmp_path / "submissions" / student
        folder.mkdir(parents=True)
        (folder / "hw1.py").write_text(RELU.submission(RELU.solution) + text)
    return tmp_path


def marks(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_handout_asks_and_says_what_counts(classroom):
    text = handout(read_assignment(classroom / "hw1.toml"))["hw1.py"].decode()
    assert "Why does $s (1 - s)$ lose its digits?" in text
    assert "*explain, 5 points" in text
    assert "- names cancellation: 4 points" in text
    space = {}
    exec(text, space)
    assert space["why_tails"].strip() == space["why_caching"].strip() == ""


def test_from_the_answers_to_the_total(classroom, capsys):
    home = classroom
    out = home / "marks.csv"
    words = ["marking", home / "submissions", "--assignment", home / "hw1.toml", "--out", out]
    assert run(*words) == 0
    found = marks(out)
    assert len(found) == 3 * 3
    assert found[0]["answer"] == "Because 1 - s cancels,\nat x = 40."
    assert [row["answer"] for row in found[1:3]] == ["", "'=y"]
    assert found[3]["answer"] == ""
    assert "not read" in found[6]["answer"]
    assert not any("cut:" in row["answer"] for row in found)
    grade = [
        "grade",
        home / "submissions",
        "--assignment",
        home / "hw1.toml",
        "--time-limit",
        "1",
    ]
    assert run(*grade, "--secret-file", home / "secret", "--out", home / "grades.csv") == 0
    book = ["gradebook", home / "grades.csv", "--assignment", home / "hw1.toml"]
    book += ["--marks", out, "--out", home / "wide.csv"]
    capsys.readouterr()
    assert run(*book) == 3
    assert "ada: why-tails is not marked yet" in capsys.readouterr().err

    def fill(points):
        text = out.read_text()
        rows = marks(out)
        for row, value in zip(rows, points, strict=True):
            row["points"], row["comment"] = value, "well" if value == "2" else ""
        with out.open("w", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        return text

    fill(["2", "0.5", "1", "0", "0", "0.25", "0", "0", "0"])
    assert run(*book) == 0
    totals = {row["student"]: row for row in marks(home / "wide.csv")}
    most = RELU.points + 2 * 2.5 + 1
    assert float(totals["ada"]["total"]) == float(totals["ada"]["max_points"]) == most
    assert float(totals["bob"]["total"]) == RELU.points + 0.25
    assert totals["eve"]["total"] == "0"

    # Again: the marks stay, a new student comes, a changed answer is named.
    (home / "submissions" / "new").mkdir()
    long = "é" * TEXT_BYTES
    text = f'why_caching = "the output"\nwhy_tails = "{long}"\n'
    (home / "submissions" / "new" / "hw1.py").write_text(text)
    path = home / "submissions" / "ada" / "hw1.py"
    path.write_text(path.read_text().replace("cancels", "vanishes"))
    capsys.readouterr()
    assert run(*words) == 0
    told = capsys.readouterr().err
    assert "ada: why-tails is marked, and the answer has changed" in told
    assert "why-caching is marked" not in told
    again = {(row["student"], row["criterion"]): row for row in marks(out)}
    assert again["ada", "names cancellation"]["points"] == "2"
    assert again["ada", "names cancellation"]["comment"] == "well"
    assert again["bob", "the output"]["points"] == "0.25"
    assert again["new", "the output"]["points"] == ""
    assert again["new", "names cancellation"]["answer"].endswith(
        f"[cut: longer than {TEXT_BYTES} bytes]"
    )


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ('id = "why-tails"', 'id = "why"', "line 8: explain.id: 'why'; write two words"),
        ('id = "why-caching"', 'id = "why-tails"', "line 13: explain.id: `why-tails` is taken"),
        ('id = "why-caching"', 'id = "relu-gradient"', "`relu-gradient` is taken"),
        (
            "question = ",
            "questions = ",
            "explain.questions: there is no such key; did you mean",
        ),
        ('"What is kept for the way back?"', '""', "line 13: explain.question"),
        ('{ "the output" = 1 }', "{}", "line 13: explain.rubric: what gets how many"),
        ('"the output" = 1', '"the output" = -1', "line 13: explain.rubric"),
        ('[[explain]]\nid = "why', '[explain]\nid = "why', ", line 13: this is not TOML: "),
    ],
)
def test_faults_in_the_file(tmp_path, was, becomes, says):
    assert was in TOML
    (tmp_path / "hw1.toml").write_text(TOML.replace(was, becomes, 1))
    with pytest.raises(InputError, match=says.replace("(", r"\(").replace(".", r"\.")):
        read_assignment(tmp_path / "hw1.toml")


def test_tables_that_cannot_be_used(classroom, capsys):
    home = classroom
    out = home / "marks.csv"
    words = ["marking", home / "submissions", "--assignment", home / "hw1.toml", "--out", out]
    out.write_text("student,points\nada,1\n")
    assert run(*words) == 2
    assert "this is no table of marks" in capsys.readouterr().err
    out.unlink()
    assert run(*words) == 0
    good = out.read_text()
    grades = "student,exercise,points,max_points,status\nada,relu-gradient,2,2,right\n"
    (home / "grades.csv").write_text(grades)
    book = ["gradebook", home / "grades.csv", "--assignment", home / "hw1.toml"]
    for text, says in {
        good.replace("cancellation,2,,", "cancellation,2,3,", 1): "line 2: 3 points of 2",
        good.replace("cancellation,2,,", "cancellation,2,x,", 1): "line 2: points: 'x'",
        good.replace("gives a number", "is short", 1): "no 'why-tails' with 'is short'",
        good + "ada,why-caching,the output,1,,,\n": "'ada, why-caching, the output' stands",
    }.items():
        out.write_text(text)
        capsys.readouterr()
        assert run(*book, "--marks", out, "--out", home / "wide.csv") == 2
        assert says in capsys.readouterr().err
    (home / "hw1.toml").write_text(TOML.partition("[weights]")[0])
    assert run(*words) == 2
    assert "has no [[explain]]" in capsys.readouterr().err
