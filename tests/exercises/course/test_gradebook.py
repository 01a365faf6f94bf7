"""Rosters, times, corrections and formats: what is refused, and what Moodle reads."""

import csv
import io
import json

import pytest

from actgrad.__main__ import main
from actgrad.exercises import EXERCISES
from actgrad.exercises.course._assignment import read_assignment
from actgrad.exercises.course._gradebook import make_gradebook, read_grades
from actgrad.exercises.course._roster import read_roster

IDS = ("sigmoid-gradient", "relu-gradient")
ASSIGNMENT = """\
title = "Homework 1"
due = 2026-12-01T23:59:00+01:00
exercises = ["sigmoid-gradient", "relu-gradient"]
[late]
per_day = 0.25
days = 2
"""
HEAD = "student,exercise,points,max_points,status\n"


def rows(student, one, two, status="right"):
    return f"{student},{IDS[0]},{one},4,{status}\n{student},{IDS[1]},{two},2,right\n"


GRADES = HEAD + rows("ada", 4, 2) + rows("bob", 2, 1)


@pytest.fixture
def book(tmp_path, capsys):
    """Return a function: write files, make a gradebook, get status, rows and report."""

    def make(*more, grades=GRADES, assignment=ASSIGNMENT, **files):
        words = []
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text)
            words += [f"--{name}", str(tmp_path / f"{name}.csv")]
        (tmp_path / "hw1.toml").write_text(assignment)
        paths = []
        for number, text in enumerate([grades] if isinstance(grades, str) else grades):
            path = tmp_path / f"grades{number}.csv"
            path.write_text(text)
            paths.append(str(path))
        out = tmp_path / "out.csv"
        words += ["--assignment", str(tmp_path / "hw1.toml"), "--out", str(out)]
        status = main(["gradebook", *paths, *words, *more])
        text = out.read_text() if out.exists() else ""
        return status, list(csv.reader(io.StringIO(text))), capsys.readouterr().err

    return make


def by_student(found, column):
    at = found[0].index(column)
    return {row[0]: row[at] for row in found[1:]}


def test_without_a_roster(book):
    status, found, told = book()
    assert status == 0
    assert found[0] == [
        "student", "name", *IDS, "days_late", "total", "max_points", "percent", "note",
        "comment",
    ]  # fmt: skip
    assert found[1:] == [
        ["ada", "", "4", "2", "0", "6", "6", "100", "", ""],
        ["bob", "", "2", "1", "0", "3", "6", "50", "", ""],
    ]
    assert "nobody is counted as late: neither --submitted nor the roster" in told


def test_who_is_missing_and_who_is_a_stranger(book):
    status, found, told = book(roster="student,name\nada,Ada L.\ncarl,Carl G.\n")
    assert status == 0
    assert by_student(found, "total") == {"ada": "6", "carl": "0", "bob": "3"}
    assert by_student(found, "note") == {
        "ada": "", "carl": "handed in nothing", "bob": "not in the roster",
    }  # fmt: skip
    assert "carl (Carl G.): handed in nothing" in told
    assert "bob handed in and is not in" in told


@pytest.mark.parametrize(
    ("when", "days", "total"),
    [
        ("2026-12-01T23:59:00+01:00", "0", "6"),
        ("2026-12-01T22:59:01Z", "1", "4.5"),
        ("2026-12-03 23:59:00+01:00", "2", "3"),
        ("2026-12-04T00:00:00+01:00", "3", "0"),
        ("", "0", "6"),
    ],
)
def test_lateness(book, when, days, total):
    for files in (
        {"submitted": f"student,submitted\nada,{when}\nbob,\n"},
        {"roster": f"student,submitted\nada,{when}\nbob,\n"},
    ):
        _, found, _ = book(**files)
        assert by_student(found, "days_late")["ada"] == days
        assert by_student(found, "total")["ada"] == total


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (
            {"roster": "student\nada\nbob\nada\n"},
            "roster.csv, line 4: student: 'ada' stands in line 2",
        ),
        (
            {"roster": "student,email\nada,a@b\nbob,a@b\n"},
            "line 3: email: 'a@b' stands in line 2",
        ),
        (
            {"roster": "student,name\nada,A\n,B\n"},
            "roster.csv, line 3: student: there is no id",
        ),
        ({"roster": 'student,name\n"ada,A\nbob,B\n'}, "roster.csv, line 2: this is no row"),
        ({"roster": "who\nada\n"}, "roster.csv, line 1: no column says who is who"),
        ({"roster": "student\n"}, "roster.csv names nobody"),
        ({"roster": ""}, "roster.csv is empty"),
        ({"roster": "student,student\nada,1\n"}, "two columns are called 'student'"),
        ({"roster": "student,name\nada,A,1\n"}, "roster.csv, line 2: 3 cells"),
        ({"roster": "student,login\nada,bob\n"}, "folders of one student"),
        (
            {"submitted": "student,submitted\nada,2026-12-02T08:00\n"},
            "submitted.csv, line 2: submitted: '2026-12-02T08:00' has no zone",
        ),
        (
            {"submitted": "student,submitted\nada,soon\n"},
            "line 2: submitted: 'soon' is no time",
        ),
        (
            {"roster": "student,submitted\nada,2026-12-02T08:00\n"},
            "roster.csv, line 2: submitted: '2026-12-02T08:00' has no zone",
        ),
        ({"submitted": "student,late\nada,yes\n"}, "ada (line 2); write the time"),
        ({"submitted": "student,days_late\nada,x\n"}, "line 2: days_late: 'x'"),
        (
            {"submitted": "student,days_late\nada,1\nada,2\n"},
            "line 3: student: 'ada' stands in line 2",
        ),
        ({"overrides": "student,points\ncarl,1\n"}, "line 2: student: there is no 'carl'"),
        (
            {"overrides": "student,exercise,points\nada,relu-gradent,1\n"},
            "line 2: exercise: there is no 'relu-gradent'; did you mean `relu-gradient`",
        ),
        ({"overrides": "student,points\nada,-1\n"}, "line 2: points: '-1'"),
        ({"overrides": "student,points\nada,\n"}, "line 2: it changes nothing"),
        (
            {"overrides": "student,points\nada,1\nada,2\n"},
            "line 3: student: 'ada' stands in line 2",
        ),
        (
            {"overrides": "student,exercise,days_late\nada,relu-gradient,1\n"},
            "line 2: days_late",
        ),
        ({"grades": "student,points\nada,1\n"}, "line 1: these are no grades"),
        ({"grades": GRADES + rows("ada", 1, 1)}, "line 6: sigmoid-gradient of ada"),
        ({"grades": HEAD + rows("ada", "x", 1)}, "line 2: points: 'x'"),
        ({"grades": HEAD + f"ada,{IDS[0]},4,4,right\n"}, "differ in relu-gradient"),
        ({"grades": [GRADES, HEAD + rows("bob", 1, 1)]}, "bob has grades in"),
        ({"assignment": ASSIGNMENT.replace("+01:00", "")}, "line 2: due:"),
    ],
)
def test_bad_input_is_refused_with_its_line(book, files, says):
    status, found, told = book(**files)
    assert status == 2
    assert found == []
    assert says in told
    assert "Traceback" not in told


def test_several_files_and_their_journals(book, tmp_path):
    parts = [HEAD + rows("ada", 4, 2), HEAD + rows("bob", 2, 1)]
    status, found, _ = book(grades=parts)
    assert status == 0
    assert by_student(found, "total") == {"ada": "6", "bob": "3"}
    assignment = read_assignment(tmp_path / "hw1.toml")
    record = {"student": "ada", "rows": [
        {"exercise": IDS[0], "points": 4, "status": "right"},
        {"exercise": IDS[1], "points": 0, "status": "grader error"},
    ]}  # fmt: skip
    journal = tmp_path / "grades.csv.journal"
    older = record | {"rows": [row | {"points": 0} for row in record["rows"]]}
    lines = [json.dumps({"key": "k", "graded": item}) + "\n" for item in (older, record)]
    journal.write_text("".join(lines) + '{"half a line')
    grades = read_grades([journal], assignment)
    assert grades["ada"][IDS[0]].points == 4
    assert make_gradebook(assignment, grades, None).entries[0].total is None


def test_days_that_were_decided_need_no_time(book):
    submitted = "student,submitted,late\nada,,yes\nbob,,yes\n"
    some = "student,days_late\nada,0\n"
    status, _, told = book(submitted=submitted, overrides=some)
    assert (status, "how much: bob (line 3);" in told) == (2, True)
    status, found, _ = book(submitted=submitted, overrides=some + "bob,1\n")
    assert status == 0
    assert by_student(found, "total") == {"ada": "6", "bob": "2.25"}


def test_more_points_by_hand_than_there_are_is_told(book):
    status, _, told = book(overrides=f"student,exercise,points\nada,{IDS[1]},20\nbob,,9\n")
    assert status == 0
    assert f"ada: by hand 20 of 2 points of {IDS[1]}" in told
    assert "bob: by hand 9 of 6 points of the assignment" in told
    _, _, told = book(overrides=f"student,exercise,points\nada,{IDS[1]},2\nbob,,6\n")
    assert "by hand" not in told


def test_a_fault_of_the_grader_is_no_zero(book):
    broken = GRADES.replace(f"ada,{IDS[0]},4,4,right", f"ada,{IDS[0]},,4,grader error")
    status, found, told = book(grades=broken)
    assert status == 3
    assert by_student(found, "total") == {"ada": "", "bob": "3"}
    assert "ada: sigmoid-gradient has no grade" in told


def test_a_name_is_never_a_formula(book):
    grades = HEAD + rows("'=cmd()", 4, 2)
    _, found, _ = book(grades=grades, roster='student,name\n=cmd(),"+Ada, @L"\n')
    assert found[1][:2] == ["'=cmd()", "'+Ada, @L"]
    assert by_student(found, "total") == {"'=cmd()": "6"}


# As Moodle's page "Grading worksheet" downloads it, in English.
WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,\
Last modified (submission),Last modified (grade),Feedback comments
Participant 501,Ada Lovelace,ada@example.org,"Submitted for grading - ",,100.00,Yes,\
"Wednesday, 2 December 2026, 12:30 AM",-,"<p>a
b</p>"
Participant 502,Kurt Gödel,kurt@example.org,No submission,,100.00,Yes,-,-,
"""


def test_moodle_gets_its_worksheet_back(book):
    grades = HEAD + rows("501", 4, 2)
    status, found, told = book("--format", "moodle", grades=grades, roster=WORKSHEET)
    assert status == 0
    was = list(csv.reader(io.StringIO(WORKSHEET)))
    assert found[0] == was[0]
    # A quarter is lost to a day begun; Moodle counts to 100.
    assert [row[4] for row in found[1:]] == ["75", "0"]
    for row, before in zip(found[1:], was[1:], strict=True):
        assert row[:4] + row[5:] == before[:4] + before[5:]
    assert "502 (Kurt Gödel): handed in nothing" in told
    status, _, told = book("--format", "moodle", roster=WORKSHEET.replace(",Grade,", ",Note,"))
    assert (status, "here Grade is missing" in told) == (2, True)


def test_a_plain_roster_makes_tables_for_moodle_and_canvas(book, tmp_path):
    roster = "student;First name;Surname;Email\nada;Ada;Lovelace;ada@example.org\n"
    overrides = "student,points,comment\nada,5.125,well done\n"
    files = {"roster": roster, "overrides": overrides, "grades": HEAD + rows("ada", 4, 2)}
    assert book("--format", "moodle", **files)[1] == [
        ["First name", "Last name", "ID number", "Email address", "Homework 1",
         "Feedback comments"],
        ["Ada", "Lovelace", "ada", "ada@example.org", "5.13", "well done"],
    ]  # fmt: skip
    (tmp_path / "out.csv").unlink()
    assert book("--format", "canvas", **files)[1] == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Homework 1"],
        ["    Points Possible", "", "", "", "", "6"],
        ["Ada Lovelace", "", "", "ada", "", "5.13"],
    ]


@pytest.mark.parametrize("form", ["canvas", "moodle"])
def test_the_systems_need_a_roster(book, form):
    status, _, told = book("--format", form)
    assert status == 2
    assert "needs --roster" in told


def test_what_is_no_gradebook_is_not_written_over(book, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("student,name\nada,Ada\n")
    status, _, told = book()
    assert status == 2
    assert "is there already and no gradebook of this form" in told
    assert out.read_text().endswith("Ada\n")
    out.unlink()
    assert book()[0] == book()[0] == 0
    # Canvas' export has the header that goes back to it: it is an input all the same.
    canvas = "Student,ID,SIS User ID,SIS Login ID,Section,Homework 1\nA,ada,,,,\n"
    (tmp_path / "roster.csv").write_text(canvas)
    assert (
        book("--format", "canvas", "--out", str(tmp_path / "roster.csv"), roster=canvas)[0] == 2
    )
    assert (tmp_path / "roster.csv").read_text() == canvas


def test_canvas_export_names_people_by_every_id(tmp_path):
    path = tmp_path / "canvas.csv"
    path.write_text("Student,ID,SIS User ID,SIS Login ID,Section\nA,1,s1,a@b,X\nB,2,s2,b@b,X\n")
    roster = read_roster(path)
    assert roster.form == "canvas"
    for name in ("2", "s2", "b@b"):
        assert roster.find(name).name == "B"
    assert roster.find("A") is None


def test_points_that_are_graded_are_those_of_the_exercises():
    assert [EXERCISES[id].points for id in IDS] == [4, 2]
