"""A whole run through the command line: resume, interrupt, bad input, what is written."""

import csv
import dataclasses
import errno
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import time

import pytest

from actgrad.__main__ import main
from actgrad.exercises import EXERCISES
from actgrad.exercises.cli.grade import GRADER_ERROR
from actgrad.exercises.grading import _run
from actgrad.exercises.grading._judge import Graded, PartResult, Row

SECRET = "a secret that is long enough"
IDS = ("sigmoid-gradient", "sigmoid-slopes-multiply")


def answers(index=0):
    parts = []
    for id in IDS:
        item = EXERCISES[id]
        parts.append(item.submission([item.solution, item.mistakes[0].wrong][index]))
    return "\n".join(parts)


@pytest.fixture
def classroom(tmp_path):
    for number in range(6):
        folder = tmp_path / "submissions" / f"student-{number}"
        folder.mkdir(parents=True)
        (folder / "answers.py").write_text(answers(number % 2))
    (tmp_path / "secret").write_text(SECRET)
    return tmp_path


def arguments(folder, *more):
    return [
        "grade",
        str(folder / "submissions"),
        "--secret-file",
        str(folder / "secret"),
        "--out",
        str(folder / "grades.csv"),
        "--exercises",
        ",".join(IDS),
        *more,
    ]


def grade(folder, *more):
    return main(arguments(folder, *more))


def rows(folder):
    with (folder / "grades.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_grades_feedback_and_columns(classroom, capsys):
    assert grade(classroom) == 0
    found = rows(classroom)
    assert tuple(found[0]) == ("student", "exercise", "points", "max_points", "status")
    assert len(found) == 6 * len(IDS)
    assert [row["student"] for row in found] == sorted(row["student"] for row in found)
    for row in found:
        right = row["student"] in ("student-0", "student-2", "student-4")
        assert (row["points"] == row["max_points"]) == right
        assert row["status"] == ("right" if right else "wrong")
    err = capsys.readouterr().err
    assert "6/6 students, 6 graded now" in err
    assert "sandbox: " in err


def test_feedback_holds_no_expected_value_and_no_input(classroom):
    assert grade(classroom) == 0
    for folder in (classroom / "grades-feedback").iterdir():
        text = (folder / "feedback.md").read_text() + (folder / "results.json").read_text()
        assert folder.name not in text
        assert not re.search(r"\d\.\d{5,}", text), "a computed number stands in the feedback"
    wrong = (classroom / "grades-feedback" / "student-1" / "feedback.md").read_text()
    assert EXERCISES[IDS[0]].mistakes[0].says in wrong


def test_a_second_run_grades_nobody_twice(classroom, capsys):
    assert grade(classroom) == 0
    first = (classroom / "grades.csv").read_bytes()
    assert grade(classroom) == 0
    assert "6/6 students, 0 graded now" in capsys.readouterr().err
    assert (classroom / "grades.csv").read_bytes() == first


@pytest.mark.parametrize("change", ["submission", "secret", "limits", "fresh"])
def test_what_changed_is_graded_again(classroom, change, capsys):
    assert grade(classroom) == 0
    more = ()
    expected = 6
    if change == "submission":
        (classroom / "submissions" / "student-1" / "answers.py").write_text(answers(0))
        expected = 1
    elif change == "secret":
        (classroom / "secret").write_text(SECRET + " and another")
    elif change == "limits":
        more = ("--time-limit", "4")
    else:
        more = ("--fresh",)
    assert grade(classroom, *more) == 0
    assert f"6/6 students, {expected} graded now" in capsys.readouterr().err
    if change == "submission":
        assert all(row["status"] == "right" for row in rows(classroom)[:4])


def test_half_a_line_in_the_journal_is_cut_off(classroom, capsys):
    assert grade(classroom) == 0
    journal = classroom / "grades.csv.journal"
    whole = journal.read_bytes()
    journal.write_bytes(whole[:-20])
    assert grade(classroom) == 0
    assert "6/6 students, 1 graded now" in capsys.readouterr().err
    assert len(rows(classroom)) == 6 * len(IDS)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_killed_half_way_nothing_is_lost_and_nothing_graded_twice(classroom, number):
    for student in range(12):
        folder = classroom / "submissions" / f"student-{student + 10}"
        folder.mkdir(exist_ok=True)
        (folder / "answers.py").write_text(answers(0))
    journal = classroom / "grades.csv.journal"
    command = [sys.executable, "-m", "actgrad", *arguments(classroom, "--jobs", "1")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 60
    while not (journal.exists() and journal.read_bytes().count(b"\n") >= 3):
        assert time.monotonic() < end
        time.sleep(0.02)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    kept = journal.read_bytes()
    done = kept.count(b"\n")
    assert 3 <= done < 18
    if number != signal.SIGKILL:
        assert process.returncode == 130
        assert "the grades so far are in" in err
        assert len(rows(classroom)) == done * len(IDS)
    result = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=True)
    assert f"{18 - done} graded now" in result.stderr
    assert journal.read_bytes().startswith(kept)
    found = rows(classroom)
    assert len(found) == 18 * len(IDS) == len({(r["student"], r["exercise"]) for r in found})


def test_a_full_disk_is_one_message_and_the_grades_stay(classroom, capsys, monkeypatch):
    assert grade(classroom) == 0
    before = (classroom / "grades.csv").read_bytes()
    (classroom / "submissions" / "student-0" / "answers.py").write_text(answers(1))
    capsys.readouterr()

    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(_run.os, "fsync", full)
    assert grade(classroom) == 1
    err = capsys.readouterr().err
    assert "No space left on device" in err
    assert "the grades so far are in" in err
    assert "Traceback" not in err
    assert (classroom / "grades.csv").read_bytes() == before
    monkeypatch.undo()
    assert grade(classroom) == 0
    assert rows(classroom)[0]["status"] == "wrong"


def test_a_file_limit_of_the_system_is_met_the_same_way(classroom):
    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    command = [sys.executable, "-m", "actgrad", *arguments(classroom, "--jobs", "1")]
    result = subprocess.run(
        command, capture_output=True, text=True, preexec_fn=small_files, check=False
    )
    assert result.returncode == 1
    assert "File too large" in result.stderr
    assert "Traceback" not in result.stderr
    journal = (classroom / "grades.csv.journal").read_bytes()
    assert all(json.loads(line) for line in journal.splitlines())


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--exercises", "no-such-thing"), "no such exercise: no-such-thing"),
        (("--exercises", ""), "no such exercise"),
        (("--exercises", "sigmoid-gradent"), "did you mean `sigmoid-gradient`"),
        (("--jobs", "0"), "--jobs"),
        (("--time-limit", "-1"), "--time-limit"),
        (("--memory-limit", "1"), "--memory-limit"),
        (("--out", "grades"), "must end in .csv"),
    ],
)
def test_bad_options(classroom, capsys, more, says):
    assert grade(classroom, *more) == 2
    err = capsys.readouterr().err
    assert says in err
    assert not (classroom / "grades.csv").exists()


def test_missing_and_empty_folders(classroom, capsys):
    for item in (classroom / "submissions").iterdir():
        (item / "answers.py").unlink()
        item.rmdir()
    assert grade(classroom) == 2
    assert "one folder a student" in capsys.readouterr().err
    (classroom / "submissions" / "answers.py").write_text("")
    assert grade(classroom) == 2
    assert "1 file and no folder" in capsys.readouterr().err
    (classroom / "submissions" / "answers.py").unlink()
    (classroom / "submissions").rmdir()
    assert grade(classroom) == 2
    assert "No such file" in capsys.readouterr().err


def test_secret_missing_or_among_the_submissions(classroom, capsys):
    (classroom / "secret").rename(classroom / "submissions" / "student-0" / "secret")
    assert grade(classroom) == 2
    assert "secret cannot be read" in capsys.readouterr().err
    inside = str(classroom / "submissions" / "student-0" / "secret")
    assert grade(classroom, "--secret-file", inside) == 2
    assert "lies among the submissions" in capsys.readouterr().err


def test_no_sandbox_is_loud(classroom, capsys):
    assert grade(classroom, "--no-sandbox") == 0
    assert "WARNING" in capsys.readouterr().err
    assert rows(classroom)[0]["status"] == "right"


def test_notebooks_with_magics_are_graded(classroom):
    folder = classroom / "submissions" / "student-1"
    (folder / "answers.py").unlink()
    cells = [
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nimport numpy as np",
        "!pip install things\n%%time",
        "from actgrad.exercises import check, exercise, hint\nexercise('sigmoid-gradient')",
        "%%time\n" + answers(0).replace("import numpy as np\n", ""),
        "check('sigmoid-gradient', sigmoid_gradient)\nplt.plot([1])",
        "%%html\n<b>not Python</b>",
    ]
    notebook = {"cells": [{"cell_type": "markdown", "source": "def sigmoid_gradient("}]}
    notebook["cells"] += [
        {"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells
    ]
    (folder / "answers.ipynb").write_text(json.dumps(notebook))
    assert grade(classroom) == 0
    found = [row for row in rows(classroom) if row["student"] == "student-1"]
    assert [row["status"] for row in found] == ["right", "right"]


def test_two_runs_at_once_are_refused(classroom, capsys):
    with _run.Journal(classroom / "grades.csv.journal"):
        assert grade(classroom) == 2
    assert "another run" in capsys.readouterr().err


def test_a_reference_solution_that_fails_is_shouted_and_graded_for_nobody(
    classroom, capsys, monkeypatch
):
    broken = dataclasses.replace(
        EXERCISES[IDS[0]], solution="def sigmoid_gradient(x):\n    return undefined_name\n"
    )
    monkeypatch.setitem(EXERCISES, IDS[0], broken)
    assert grade(classroom) == GRADER_ERROR
    err = capsys.readouterr().err
    shouted = [line for line in err.splitlines() if "GRADER ERROR" in line]
    assert len(shouted) == 1
    assert "sigmoid-gradient" in shouted[0]
    assert "name 'undefined_name' is not defined" in shouted[0]
    for row in rows(classroom):
        if row["exercise"] == IDS[0]:
            assert (row["points"], row["status"]) == ("", "grader error")
        else:
            assert row["status"] in ("right", "wrong")
            points = f"{row['points']} of {row['max_points']} points"
            feedback = (
                classroom / "grades-feedback" / row["student"] / "feedback.md"
            ).read_text()
            assert f"# Feedback: {points}\n" in feedback
            assert "\n\nNot graded, and not in this sum: 1.\n" in feedback
            assert "Not graded: **grader error**." in feedback
            assert feedback.count(" points") == 2
    monkeypatch.undo()
    assert grade(classroom) == 0
    assert "6 graded now" in capsys.readouterr().err
    assert rows(classroom)[0]["status"] == "right"


def test_a_reference_solution_that_its_own_judge_calls_wrong_is_shouted(
    classroom, capsys, monkeypatch
):
    # Its values are right in the parent, where it may import what no submission may.
    solution = (
        "def sigmoid_gradient(x):\n    import scipy\n    return 0.25 / np.cosh(x / 2) ** 2\n"
    )
    broken = dataclasses.replace(EXERCISES[IDS[0]], solution=solution)
    monkeypatch.setitem(EXERCISES, IDS[0], broken)
    assert grade(classroom) == GRADER_ERROR
    err = capsys.readouterr().err
    assert "GRADER ERROR: sigmoid-gradient: its own solution is graded: error" in err
    assert "No module named 'scipy'" in err


def test_a_reference_solution_that_its_alternatives_contradict_is_shouted(
    classroom, capsys, monkeypatch
):
    wrong = dataclasses.replace(EXERCISES[IDS[0]], solution="1 / (1 + np.exp(-x))")
    monkeypatch.setitem(EXERCISES, IDS[0], wrong)
    assert grade(classroom) == GRADER_ERROR
    err = capsys.readouterr().err
    assert err.count("GRADER ERROR") == 1
    assert "GRADER ERROR: sigmoid-gradient: its alternative 1 is graded: wrong" in err
    assert {row["status"] for row in rows(classroom) if row["exercise"] == IDS[0]} == {
        "grader error"
    }


def test_a_corrected_tolerance_grades_everybody_again(classroom):
    """The catalogue of a copy of the package is corrected between two runs."""
    home = classroom / "home"
    shutil.copytree(
        _run.PACKAGE, home / "actgrad", ignore=shutil.ignore_patterns("__pycache__")
    )
    command = [sys.executable, "-B", "-m", "actgrad", *arguments(classroom)]

    def graded_now():
        result = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=True,
            cwd=home,
            env=os.environ | {"PYTHONPATH": str(home)},
        )
        return int(re.findall(r"(\d+) graded now; ", result.stderr)[0])

    assert graded_now() == 6
    assert graded_now() == 0
    catalogue = home / "actgrad" / "exercises" / "catalog" / "sigmoid.py"
    text = catalogue.read_text()
    assert text.count("rtol=1e-6, atol=0.0") == 1
    catalogue.write_text(text.replace("rtol=1e-6, atol=0.0", "rtol=1e-6, atol=1.0"))
    assert rows(classroom)[2]["status"] == "wrong"
    assert graded_now() == 6
    # With so wide a tolerance the tails are right, whatever they are.
    assert rows(classroom)[2]["status"] == "partly right"


def test_an_out_of_another_assignment_is_refused(classroom, capsys):
    assert grade(classroom) == 0
    before = (classroom / "grades.csv").read_bytes()
    assert grade(classroom, "--exercises", "tanh-backward") == 2
    err = capsys.readouterr().err
    assert "another assignment (sigmoid-gradient, sigmoid-slopes-multiply)" in err
    assert "--fresh" in err
    assert (classroom / "grades.csv").read_bytes() == before
    assert grade(classroom, "--exercises", "tanh-backward", "--fresh") == 0
    assert {row["exercise"] for row in rows(classroom)} == {"tanh-backward"}


def test_a_file_that_holds_no_grades_is_not_written_over(classroom, capsys):
    out = classroom / "grades.csv"
    for text in ("name,email\nann,ann@example.org\n", ""):
        out.write_text(text)
        for more in ((), ("--fresh",)):
            assert grade(classroom, *more) == 2
            assert f"{out} holds something else than grades" in capsys.readouterr().err
            assert out.read_text() == text
    assert {item.name for item in classroom.iterdir()} == {"submissions", "secret", out.name}


def test_a_feedback_folder_of_somebody_else_is_not_written_into(classroom, capsys):
    foreign = classroom / "grades-feedback" / "student-0" / "feedback.md"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("by hand")
    assert grade(classroom) == 2
    assert "grades-feedback holds files" in capsys.readouterr().err
    assert foreign.read_text() == "by hand"


def test_another_class_into_the_same_grades_is_refused(classroom, capsys):
    assert grade(classroom) == 0
    before = (classroom / "grades.csv").read_bytes()
    for number in (1, 4):
        (classroom / "submissions" / f"student-{number}").rename(classroom / f"gone-{number}")
    assert grade(classroom) == 2
    err = capsys.readouterr().err
    assert "the grades of student-1, student-4, who are not in" in err
    assert "another --out" in err
    assert "--fresh" in err
    assert (classroom / "grades.csv").read_bytes() == before
    kept = classroom / "grades-feedback" / "student-4" / "remark.txt"
    kept.write_text("by hand")
    assert grade(classroom, "--fresh") == 0
    graded = {row["student"] for row in rows(classroom)}
    assert graded == {f"student-{number}" for number in (0, 2, 3, 5)}
    feedback = classroom / "grades-feedback"
    assert {path.parent.name for path in feedback.glob("*/feedback.md")} == graded
    assert {path.name for path in feedback.iterdir()} == graded | {"student-4"}
    assert list(kept.parent.iterdir()) == [kept]


@pytest.mark.parametrize("place", ["secret/grades.csv", "taken.csv"])
def test_results_without_a_place_are_refused_before_anything_is_graded(
    classroom, capsys, place
):
    (classroom / "taken.csv").mkdir()
    assert grade(classroom, "--out", str(classroom / place)) == 2
    err = capsys.readouterr().err
    assert "cannot be written" in err
    assert "nothing was graded" in err
    assert "goes on" not in err


def test_a_journal_that_cannot_be_written_is_refused(classroom, capsys):
    (classroom / "grades.csv.journal").mkdir()
    assert grade(classroom) == 2
    assert "journal cannot be written: Is a directory" in capsys.readouterr().err


def test_grades_among_the_submissions_are_refused(classroom, capsys):
    assert grade(classroom, "--out", str(classroom / "submissions" / "grades.csv")) == 2
    assert "lies among the submissions" in capsys.readouterr().err


def test_grades_and_feedback_agree_after_every_run(classroom):
    assert grade(classroom) == 0
    folder = classroom / "grades-feedback"
    said = {path: path.read_bytes() for path in folder.glob("*/*")}
    assert len(said) == 12
    assert {path.name for path in said} == {"feedback.md", "results.json"}
    for path in said:
        path.write_text("of another run")
    assert grade(classroom) == 0
    assert {path: path.read_bytes() for path in folder.glob("*/*")} == said


def test_a_journal_of_another_version_is_refused_and_kept(classroom, capsys):
    journal = classroom / "grades.csv.journal"
    journal.write_text(
        '{"student": "ann", "key": "k", "rows": [["sigmoid-gradient", 4, 4, "right"]]}\n'
    )
    assert grade(classroom) == 2
    assert "--fresh" in capsys.readouterr().err
    assert "ann" in journal.read_text()


def test_a_fault_of_the_grader_costs_one_student_and_is_tried_again(
    classroom, capsys, monkeypatch
):
    real = _run.grade_submission

    def faulty(submission, *rest):
        if submission.student == "student-2":
            raise RuntimeError("planted")
        return real(submission, *rest)

    monkeypatch.setattr(_run, "grade_submission", faulty)
    assert grade(classroom) == GRADER_ERROR
    found = {row["student"]: row for row in rows(classroom)}
    assert found["student-2"]["status"] == "grader error"
    assert found["student-2"]["points"] == ""
    assert found["student-4"]["status"] == "right"
    err = capsys.readouterr().err
    assert "GRADER ERROR: every exercise: RuntimeError: planted (student student-2)" in err
    feedback = (classroom / "grades-feedback" / "student-2" / "feedback.md").read_text()
    assert "not you" in feedback
    assert "planted" not in feedback
    monkeypatch.undo()
    assert grade(classroom) == 0
    assert "6/6 students, 1 graded now" in capsys.readouterr().err
    assert {row["student"]: row["status"] for row in rows(classroom)}["student-2"] == "right"


def test_the_bar_on_a_terminal(monkeypatch):
    class Terminal:
        text = ""

        def isatty(self):
            return True

        def write(self, text):
            self.text += text

        def flush(self):
            pass

    stream = Terminal()
    report = _run.Report(stream)
    for done in range(1, 5):
        report.step(done, 4, done)
    assert stream.text.count("\r") == 4
    assert stream.text.endswith("4/4 students, 4 graded now\n")


def test_the_journal_keeps_the_newest_of_a_student(tmp_path):
    path = tmp_path / "journal"
    row = Row("sigmoid-gradient", 1, 4, "wrong", (PartResult("tails", 1, 2, "why"),), "advice")
    kept = Graded("ann", (row,), ("note",), ("problem",), ("fault",))
    with _run.Journal(path) as journal:
        journal.add("old", kept)
        journal.add("new", Graded("ann", (row,)))
        assert ("ann", "old") in journal
    with _run.Journal(path) as journal:
        assert journal.latest() == {"ann": ("ann", "new")}
        assert journal.graded(("ann", "old")) == kept
    assert pathlib.Path(path).read_bytes().count(b"\n") == 2


def journal_lines(path):
    return [json.loads(line)["graded"]["student"] for line in path.read_bytes().splitlines()]


def test_one_student_is_graded_again_and_nobody_else(classroom, capsys):
    assert grade(classroom) == 0
    journal = classroom / "grades.csv.journal"
    before = (classroom / "grades.csv").read_bytes()
    assert grade(classroom, "--student", "student-3") == 0
    assert "6/6 students, 1 graded now" in capsys.readouterr().err
    assert journal_lines(journal)[6:] == ["student-3"]
    assert (classroom / "grades.csv").read_bytes() == before
    assert grade(classroom, "--student", "student-1", "--student", "student-3") == 0
    assert sorted(journal_lines(journal)[7:]) == ["student-1", "student-3"]
    assert grade(classroom, "--student", "student-9") == 2
    assert "there is no student student-9" in capsys.readouterr().err


def test_shards_grade_everybody_once_and_the_gradebook_joins_them(classroom, capsys):
    for number in range(6, 20):
        folder = classroom / "submissions" / f"student-{number}"
        folder.mkdir()
        (folder / "answers.py").write_text(answers(number % 2))
    toml = f'title = "A"\ndue = 2026-12-01T23:59:00Z\nexercises = {json.dumps(IDS)}\n'
    (classroom / "hw1.toml").write_text(toml)
    words = [*arguments(classroom)[:-2], "--assignment", str(classroom / "hw1.toml")]
    graded = []
    for number in (1, 2):
        out = str(classroom / f"part{number}.csv")
        assert main([*words, "--shard", f"{number}/2", "--out", out]) == 0
        graded += journal_lines(classroom / f"part{number}.csv.journal")
    names = {folder.name for folder in (classroom / "submissions").iterdir()}
    assert sorted(graded) == sorted(names)
    # One share's file is not another's.
    out = str(classroom / "part1.csv")
    assert main([*words, "--shard", "2/2", "--out", out]) == 2
    assert main(words) == 0
    for form in (".csv", ".csv.journal"):
        parts = [str(classroom / f"part{number}{form}") for number in (1, 2)]
        joined = ["gradebook", *parts, "--assignment", str(classroom / "hw1.toml")]
        assert main([*joined, "--out", str(classroom / "joined.csv")]) == 0
        whole = ["gradebook", str(classroom / "grades.csv"), *joined[3:]]
        assert main([*whole, "--out", str(classroom / "whole.csv")]) == 0
        tables = [
            sorted((classroom / name).read_text().splitlines())
            for name in ("joined.csv", "whole.csv")
        ]
        assert tables[0] == tables[1]
        assert len(tables[0]) == 21
    capsys.readouterr()
    for text in ("3/2", "0/2", "x", "1/2/3", "1"):
        assert main([*words, "--shard", text]) == 2
        assert f"--shard {text}: write one share" in capsys.readouterr().err


def test_two_assignments_of_the_same_exercises_do_not_mix(classroom, capsys):
    toml = 'title = "%s"\ndue = 2026-12-01T23:59:00Z\nexercises = ' + json.dumps(IDS)
    outs = {}
    for title in ("First", "Second"):
        (classroom / f"{title}.toml").write_text(toml % title)
        words = [*arguments(classroom)[:-2], "--assignment", str(classroom / f"{title}.toml")]
        outs[title] = [*words, "--out", str(classroom / f"{title}.csv")]
        assert main(outs[title]) == 0
    first = (classroom / "First.csv").read_bytes()
    mixed = [*outs["Second"][:-1], outs["First"][-1]]
    assert main(mixed) == 2
    assert "holds the grades of another assignment (First)" in capsys.readouterr().err
    assert (classroom / "First.csv").read_bytes() == first
    for title in outs:
        assert main(outs[title]) == 0
        assert "0 graded now" in capsys.readouterr().err


def test_what_is_allowed_decides_the_grade_and_is_told(classroom, capsys):
    toml = 'title = "A"\ndue = 2026-12-01T23:59:00Z\nexercises = ["sigmoid-gradient"]\n'
    text = "from scipy.special import expit\n"
    text += "def sigmoid_gradient(x): return expit(x) * expit(-x)\n"
    (classroom / "submissions" / "student-0" / "answers.py").write_text(text)
    words = [*arguments(classroom)[:-2], "--assignment", str(classroom / "hw1.toml")]
    found = {}
    for allow in ("", 'allow = ["scipy"]\n'):
        (classroom / "hw1.toml").write_text(toml + allow)
        assert main(words) == 0
        # Everybody is graded again: the rules are others.
        assert "6 graded now" in capsys.readouterr().err
        found[allow] = rows(classroom)[0]["status"]
        feedback = (classroom / "grades-feedback" / "student-0" / "feedback.md").read_text()
        assert ("`numpy`, `scipy`" in feedback) == (bool(allow) and "## While" in feedback)
    assert list(found.values()) == ["error", "right"]


def test_a_report_of_a_grader_of_another_version_is_refused(classroom, capsys):
    (classroom / "hw1.toml").write_text(
        f'title = "A"\ndue = 2026-12-01T23:59:00Z\nexercises = {json.dumps(IDS)}\n'
    )
    (classroom / "grades.csv.journal").write_text('{"rows": []}\n')
    words = ["report", str(classroom / "grades.csv"), "--out", str(classroom / "report.md")]
    assert main([*words, "--assignment", str(classroom / "hw1.toml")]) == 2
    assert "journal, line 1: this is no journal of this version" in capsys.readouterr().err
    assert not (classroom / "report.md").exists()
    assert main([*words[:-1], "report.pdf", "--assignment", str(classroom / "hw1.toml")]) == 2
    assert "must end in .md or .html" in capsys.readouterr().err
