"""A whole term: from the assignment's file, over thirty submissions, to the CSV for Canvas.

The class hands in through Canvas; the test makes the archive that Canvas would make. What
each student must get is computed here, from points and lateness, in fractions.
"""

import csv
import io
import json
import re
import zipfile
from fractions import Fraction

import pytest

from actgrad.__main__ import main
from actgrad.exercises import EXERCISES

IDS = ("sigmoid-gradient", "sigmoid-slopes-multiply", "relu-gradient")
WEIGHTS = {"sigmoid-gradient": 2, "sigmoid-slopes-multiply": 1, "relu-gradient": Fraction(1, 2)}
FULL = {id: EXERCISES[id].points for id in IDS}
ASSIGNMENT = f"""\
title = "Homework 1"
due = 2026-12-01T23:59:00+01:00
exercises = {list(IDS)}

[weights]
sigmoid-gradient = 2
relu-gradient = 0.5

[late]
per_day = 0.1
days = 3
"""


def right(id):
    return EXERCISES[id].submission(EXERCISES[id].solution)


def wrong(id, number=0):
    return EXERCISES[id].submission(EXERCISES[id].mistakes[number].wrong)


RIGHT = {id: right(id) for id in IDS}
STARTERS = "\n".join(EXERCISES[id].starter_text for id in IDS)
ALL = "\n".join(RIGHT.values())
# The same long answer under other names and with other comments.
COPY = """
import numpy as np
def sigmoid_gradient({x}):
    # {comment}
    {e} = np.exp(-np.abs({x}))
    {d} = 1 + {e}
    return {e} / {d} / {d}
"""


def notebook(*sources):
    cells = [{"cell_type": "code", "source": source.splitlines(True)} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def myst(*sources):
    return "# Answers\n\n" + "".join(f"```{{code-cell}}\n{text}\n```\n\n" for text in sources)


# name -> files, points of the three exercises, time of submission where it was late
CLASS = {
    **{f"right{n}": ({"hw1.py": ALL}, FULL.values(), None) for n in range(6)},
    **{f"notebook{n}": ({"hw1.ipynb": notebook(*RIGHT.values())}, FULL.values(), None)
       for n in range(4)},
    **{f"myst{n}": ({"sigmoid.md": myst(*RIGHT.values())}, FULL.values(), None)
       for n in range(3)},
    **{f"wrong{n}": ({"hw1.py": "\n".join(wrong(id, n) for id in IDS)}, (0, 0, 0), None)
       for n in range(3)},
    "half": ({"hw1.py": RIGHT["sigmoid-gradient"]}, (FULL["sigmoid-gradient"], 0, 0), None),
    "halfway": ({"hw1.py": wrong("sigmoid-gradient", 1) + RIGHT["relu-gradient"]}, None, None),
    "late1": ({"hw1.py": ALL}, FULL.values(), ("2026-12-02T00:00:00+01:00", 1)),
    "late2": ({"hw1.ipynb": notebook(ALL)}, FULL.values(), ("2026-12-03T08:00:00Z", 2)),
    "late4": ({"hw1.py": ALL}, FULL.values(), ("2026-12-05T08:00:00+01:00", 4)),
    "empty": ({"hw1.py": ""}, (0, 0, 0), None),
    "picture": ({"hw1.png": "\x89PNG"}, (0, 0, 0), None),
    "starter": ({"hw1.py": STARTERS}, (0, 0, 0), None),
    "broken": ({"hw1.py": "def sigmoid_gradient(x:\n"}, (0, 0, 0), None),
    "torn": ({"hw1.ipynb": notebook(ALL)[:-40]}, (0, 0, 0), None),
    "endless": ({"hw1.py": "def sigmoid_gradient(x):\n while True: pass\n"}, (0, 0, 0), None),
    "two": (
        {"a.py": RIGHT["sigmoid-gradient"], "b.py": RIGHT["relu-gradient"]},
        (FULL["sigmoid-gradient"], 0, FULL["relu-gradient"]),
        None,
    ),
    "copy1": ({"hw1.py": COPY.format(x="x", e="e", d="d", comment="mine")}, (4, 0, 0), None),
    "copy2": ({"hw1.py": COPY.format(x="t", e="small", d="sum_", comment="")}, (4, 0, 0), None),
}  # fmt: skip
MISSING = ("absent1", "absent2")


def total(points, late):
    weighted = sum(WEIGHTS[id] * p for id, p in zip(IDS, points, strict=True))
    days = late[1] if late else 0
    return weighted * (Fraction(10 - days, 10) if days <= 3 else 0)


@pytest.fixture(scope="module")
def term(tmp_path_factory):
    """Play the term once; the tests look at what it left."""
    home = tmp_path_factory.mktemp("term")
    (home / "hw1.toml").write_text(ASSIGNMENT.replace("'", '"'))
    (home / "secret.txt").write_text("a secret that is long enough")
    ids = {name: str(1000 + number) for number, name in enumerate([*CLASS, *MISSING])}
    with (home / "canvas.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Quiz 1 (77)",
             "Homework 1 (4711)", "Final Score"]
        )  # fmt: skip
        writer.writerow(["", "", "", "", "", "Manual Posting", "", ""])
        writer.writerow(["    Points Possible", "", "", "", "", "5", "12.5", "(read only)"])
        for name, id in ids.items():
            student = f"{name.title()}, Ada"
            writer.writerow([student, id, f"S{id}", f"{name}@example.org", "A", "3", "", "9"])
    with zipfile.ZipFile(home / "submissions.zip", "w") as archive:
        for number, (name, (files, _, late)) in enumerate(CLASS.items()):
            for file, text in files.items():
                mark = "_LATE" if late else ""
                archive.writestr(f"{name}ada{mark}_{ids[name]}_{90000 + number}_{file}", text)
    return home, ids


def run(*words):
    return main([str(word) for word in words])


def table(path):
    return list(csv.reader(io.StringIO(path.read_text("utf-8"))))


def test_the_class_is_varied():
    assert len(CLASS) >= 30
    kinds = {name.rpartition(".")[2] for files, _, _ in CLASS.values() for name in files}
    assert kinds >= {"py", "ipynb", "md"}


@pytest.fixture
def played(term, capsys):
    """The term, played to Canvas: once in a process, by the first test that needs it."""
    home, ids = term
    if not (home / "to-canvas.csv").exists():
        play_to_canvas(home, ids, capsys)
    return home, ids


def test_from_the_file_to_canvas(played):
    home, ids = played
    assert len(table(home / "to-canvas.csv")) == 2 + len(ids)


def play_to_canvas(home, ids, capsys):
    """Hand out, collect, grade and write the gradebook, and look at each."""
    assert run("assignment", home / "hw1.toml", "--out", home / "handout") == 0
    assert run("collect", home / "submissions.zip", "--out", home / "submissions") == 0
    assert "3 marked late" in capsys.readouterr().err
    grade = ["grade", home / "submissions", "--assignment", home / "hw1.toml"]
    grade += ["--secret-file", home / "secret.txt", "--out", home / "grades.csv"]
    assert run(*grade, "--time-limit", "2") == 0
    capsys.readouterr()
    book = ["gradebook", home / "grades.csv", "--assignment", home / "hw1.toml"]
    book += [
        "--roster",
        home / "canvas.csv",
        "--format",
        "canvas",
        "--out",
        home / "to-canvas.csv",
    ]
    times = home / "submissions-submitted.csv"
    # Canvas says who was late and not how late: nobody guesses.
    assert run(*book, "--submitted", times) == 2
    told = capsys.readouterr().err
    assert "late, and nobody says how much" in told
    assert not (home / "to-canvas.csv").exists()
    lines = times.read_text().splitlines()
    for name, (_, _, late) in CLASS.items():
        if late:
            at = lines.index(f"{ids[name]},,yes,")
            assert f"{ids[name]} (line {at + 1})" in told
            lines[at] = f"{ids[name]},{late[0]},yes,"
    times.write_text("\n".join(lines))
    assert run(*book, "--submitted", times) == 0
    told = capsys.readouterr().err
    for name in MISSING:
        assert re.search(rf"\b{ids[name]} \(.*\): handed in nothing", told)

    rows = table(home / "to-canvas.csv")
    assert rows[0] == [
        "Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Homework 1 (4711)",
    ]  # fmt: skip
    most = sum(WEIGHTS[id] * FULL[id] for id in IDS)
    assert rows[1][0] == "    Points Possible"
    assert Fraction(rows[1][-1]) == most
    found = {row[1]: row for row in rows[2:]}
    assert set(found) == set(ids.values())
    for name, (_, points, late) in CLASS.items():
        got = Fraction(found[ids[name]][-1])
        if points is None:
            assert 0 < got < most
        else:
            assert abs(got - total(points, late)) <= Fraction(1, 200), name
    assert all(found[ids[name]][-1] == "0" for name in MISSING)
    assert all(found[id][3] == f"{name}@example.org" for name, id in ids.items())

    # Again: nobody is graded twice, and the same bytes come out.
    first = (home / "to-canvas.csv").read_bytes()
    assert run(*grade, "--time-limit", "2") == 0
    assert "0 graded now" in capsys.readouterr().err
    assert run(*book, "--submitted", times) == 0
    assert (home / "to-canvas.csv").read_bytes() == first


def test_the_report_names_mistakes_rates_and_copies(played):
    home, ids = played
    for form in ("html", "md"):
        out = home / f"report.{form}"
        words = ["report", home / "grades.csv", "--assignment", home / "hw1.toml"]
        assert run(*words, "--out", out) == 0
        text = out.read_text()
        for id in IDS:
            assert EXERCISES[id].title in text
        for mistake in EXERCISES["sigmoid-gradient"].mistakes[:1]:
            assert f"1 × {mistake.id}" in text
        copies = re.findall(r"sigmoid-gradient \((\d+) parts\): ([\d, ]+)", text)
        groups = [set(who.split(", ")) for _, who in copies]
        assert {ids["copy1"], ids["copy2"]} in groups
        assert not any({ids["copy1"], ids["right0"]} <= group for group in groups)
    right_ones = sum(1 for _, points, _ in CLASS.values() if points and next(iter(points)) == 4)
    assert f"| sigmoid-gradient | {right_ones} (" in text


def test_each_file_form_gets_the_same(played):
    home, ids = played
    rows = {row[1]: row[-1] for row in table(home / "to-canvas.csv")[2:]}
    forms = {rows[ids[name]] for name in ("right0", "notebook0", "myst0")}
    assert len(forms) == 1


def test_what_was_decided_by_hand_survives_grading_again(played, capsys):
    home, ids = played
    overrides = home / "overrides.csv"
    overrides.write_text(
        "student,exercise,points,days_late,comment\n"
        f"{ids['half']},relu-gradient,1,,seen in class\n"
        "late2@example.org,,,0,was ill\n"
        f"{ids['empty']},,3.5,,oral exam\n"
    )
    kept = overrides.read_bytes()
    words = ["grade", home / "submissions", "--assignment", home / "hw1.toml"]
    words += ["--secret-file", home / "secret.txt", "--out", home / "grades.csv"]
    assert run(*words, "--time-limit", "2", "--student", ids["half"]) == 0
    assert "1 graded now" in capsys.readouterr().err
    book = ["gradebook", home / "grades.csv", "--assignment", home / "hw1.toml"]
    book += ["--roster", home / "canvas.csv", "--submitted", home / "submissions-submitted.csv"]
    assert run(*book, "--overrides", overrides, "--out", home / "wide.csv") == 0
    assert overrides.read_bytes() == kept
    with (home / "wide.csv").open(newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    half = rows[ids["half"]]
    assert Fraction(half["total"]) == 2 * FULL["sigmoid-gradient"] + Fraction(1, 2)
    assert half["comment"] == f"{EXERCISES['relu-gradient'].title}: seen in class"
    assert rows[ids["late2"]]["total"] == rows[ids["right0"]]["total"]
    assert (rows[ids["empty"]]["total"], rows[ids["empty"]]["comment"]) == ("3.5", "oral exam")
