"""An assignment's file: what it says, every fault in it, and what students get from it."""

import datetime
import json
import pathlib
import re
import subprocess
import sys
from decimal import Decimal

import nbformat
import pytest

from actgrad.__main__ import main
from actgrad.exercises import CHAPTERS, EXERCISES, check
from actgrad.exercises._imports import rule
from actgrad.exercises.course._assignment import KEYS, Late, read_assignment
from actgrad.exercises.course._faults import InputError
from actgrad.exercises.course._handout import handout

GOOD = """\
title = "Homework 1"
due = 2026-12-01T23:59:00+01:00
chapters = ["sigmoid"]
exercises = ["relu-gradient", "sigmoid-gradient"]
allow = ["numpy", "scipy"]

[weights]
sigmoid = 0.5
"sigmoid-gradient" = 3

[late]
per_day = 0.1
days = 3
"""


def read(tmp_path, text):
    path = tmp_path / "hw1.toml"
    path.write_text(text, encoding="utf-8")
    return read_assignment(path)


def test_what_a_file_says(tmp_path):
    found = read(tmp_path, GOOD)
    assert (found.name, found.title) == ("hw1", "Homework 1")
    ids = [item.id for item in found.exercises]
    assert ids == [*(item.id for item in CHAPTERS["sigmoid"]), "relu-gradient"]
    assert found.due.utcoffset() == datetime.timedelta(hours=1)
    assert found.allow == ("scipy",)
    weights = {id: found.weight(id) for id in ids}
    assert weights.pop("sigmoid-gradient") == 3
    assert weights.pop("relu-gradient") == 1
    assert set(weights.values()) == {Decimal("0.5")}
    total = sum(EXERCISES[id].points * float(found.weight(id)) for id in ids)
    assert float(found.max_points) == total
    assert found.late == Late(Decimal("0.1"), 3)
    assert found.visible_checks == set(ids)


@pytest.mark.parametrize(
    ("seconds", "days"),
    [(-1, 0), (0, 0), (1, 1), (86_400, 1), (86_401, 2), (10 * 86_400, 10)],
)
def test_a_day_counts_when_it_has_begun(tmp_path, seconds, days):
    found = read(tmp_path, GOOD)
    when = found.due + datetime.timedelta(seconds=seconds)
    assert found.days_late(when.astimezone(datetime.UTC)) == days


def test_the_share_that_is_left_is_exact():
    late = Late(Decimal("0.1"), 30)
    assert late.share(3) == Decimal("0.7")
    assert late.share(11) == late.share(31) == 0


@pytest.mark.parametrize(
    ("was", "becomes", "line", "says"),
    [
        ("+01:00", "", 2, "due: 2026-12-01T23:59:00 has no zone"),
        ("T23:59:00+01:00", "", 2, "due: 2026-12-01 is a day without a time"),
        ("2026-12-01T23:59:00+01:00", '"tomorrow"', 2, "due: 'tomorrow' is no date"),
        ("2026-12-01T23:59:00+01:00", "5", 2, "due: 5 is no date"),
        ("due = 2026-12-01T23:59:00+01:00\n", "", 0, "due: it is missing; write due = 2026"),
        ('"Homework 1"', '""', 1, 'title: it is missing; write title = "Homework 1"'),
        ('"Homework 1"', "1", 1, "title: it must be a text in quotes"),
        ("title", "titles", 1, "titles: there is no such key; did you mean `title`"),
        ('"relu-gradient"', '"relu-gradent"', 4, "did you mean `relu-gradient`"),
        ('"relu-gradient",', '"relu-gradient",\n "tanh",', 5, "no exercise `tanh`"),
        ('["sigmoid"]', '["sigmod"]', 3, "no chapter `sigmod` with exercises; did you mean"),
        ('["sigmoid"]', '"sigmoid"', 3, "chapters: it must be a list"),
        (
            '"relu-gradient", ',
            '"sigmoid-gradient", ',
            4,
            "`sigmoid-gradient` stands there twice",
        ),
        ("sigmoid = 0.5", "sigmoid = -0.5", 8, "weights.sigmoid: -0.5; a weight is a number"),
        ("sigmoid = 0.5", "sigmoid = nan", 8, "weights.sigmoid"),
        ("sigmoid = 0.5", "sigmoid = true", 8, "weights.sigmoid: True; a weight"),
        ("sigmoid = 0.5", "tanh-backward = 2", 8, "no exercise or chapter of the assignment"),
        ("sigmoid = 0.5", "sigmoidgradient = 2", 8, "did you mean `sigmoid-gradient`"),
        ("per_day = 0.1", "per_day = 10", 12, "late.per_day: 10; what a day costs"),
        ("per_day = 0.1", "perday = 0.1", 12, "late.perday: there is no such key; did you"),
        ("days = 3", "days = 1.5", 13, "late.days: 1.5"),
        ("days = 3", "", 11, "late.days: it is missing"),
        ('"scipy"]', '"torch"]', 5, "`torch` cannot be allowed; known are `scipy`"),
        ('"scipy"]', '"scipi"]', 5, "did you mean `scipy`"),
        ("[weights]", 'visible_checks = ["tanh"]\n[weights]', 7, "`tanh` is no exercise"),
        ("[weights]", 'visible_checks = "all"\n[weights]', 7, "true, false or a list"),
        ("[late]", "[latte]", 11, "latte: there is no such key; did you mean `late`"),
        ("[weights]", 'catalogue = "no.py"\n[weights]', 7, "no.py: No such file"),
    ],
)
def test_each_fault_is_told_with_its_line_and_nothing_is_written(
    tmp_path, capsys, was, becomes, line, says
):
    assert GOOD.count(was)
    path = tmp_path / "hw1.toml"
    path.write_text(GOOD.replace(was, becomes, 1))
    out = tmp_path / "out"
    assert main(["assignment", str(path), "--out", str(out)]) == 2
    told = [text for text in capsys.readouterr().err.splitlines() if says in text]
    assert len(told) == 1
    where = f"{path}, line {line}: " if line else f"{path}: "
    assert told[0].startswith(f"assignment: {where}")
    assert not out.exists()


def test_all_faults_are_told_at_once(tmp_path):
    text = GOOD.replace("+01:00", "").replace("per_day = 0.1", "per_day = 2")
    with pytest.raises(InputError) as error:
        read(tmp_path, text.replace('"scipy"]', '"torch"]'))
    assert str(error.value).count("\n") == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('title = "a\n', "hw1.toml, line 1: title: this is not TOML: "),
        ('title = "a"\ntitle = "b"\n', "hw1.toml, line 2: title: this is not TOML: "),
        (GOOD.replace("2026-12", "2026-13"), "line 2: due: this is not TOML: "),
        (GOOD + "x = [", "hw1.toml: this is not TOML: "),
        ("", "title: it is missing"),
        (GOOD + 'x = "\xe9"'.replace("\n", ""), "late.x: there is no such key"),
        (
            GOOD.split("[weights]")[0]
            .replace('["sigmoid"]', "[]")
            .replace('"relu-gradient", "sigmoid-gradient"', ""),
            "exercises: there are none",
        ),
        (
            GOOD.replace("sigmoid = 0.5", "sigmoid = 0\nrelu-gradient = 0").replace(
                '"sigmoid-gradient" = 3', '"sigmoid-gradient" = 0'
            ),
            "every weight is 0",
        ),
    ],
)
def test_files_that_say_nothing_useful(tmp_path, text, says):
    with pytest.raises(InputError, match=re.escape(says)):
        read(tmp_path, text)


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        read_assignment(tmp_path / "hw1.toml")
    (tmp_path / "hw1.toml").write_bytes(GOOD.replace("Homework", "\xe9t\xe9").encode("latin-1"))
    with pytest.raises(InputError, match="not a UTF-8 text"):
        read_assignment(tmp_path / "hw1.toml")


@pytest.mark.parametrize("command", ["grade", "export"])
def test_every_command_refuses_a_bad_file(tmp_path, capsys, command):
    (tmp_path / "hw1.toml").write_text(GOOD.replace("+01:00", ""))
    (tmp_path / "secret").write_text("a secret that is long enough")
    (tmp_path / "submissions" / "ada").mkdir(parents=True)
    words = {"grade": ["grade", str(tmp_path / "submissions")], "export": ["export", "otter"]}
    words[command] += ["--assignment", str(tmp_path / "hw1.toml")]
    words[command] += ["--secret-file", str(tmp_path / "secret")]
    before = set(tmp_path.rglob("*"))
    assert main([*words[command], "--out", str(tmp_path / "grades.csv")]) == 2
    assert f"{command}: {tmp_path / 'hw1.toml'}, line 2: due: " in capsys.readouterr().err
    assert set(tmp_path.rglob("*")) == before


def texts(tmp_path, text=GOOD):
    files = handout(read(tmp_path, text))
    assert set(files) == {"hw1.ipynb", "hw1.py"}
    notebook = nbformat.reads(files["hw1.ipynb"].decode(), as_version=4)
    nbformat.validate(notebook)
    return notebook.cells, files["hw1.py"].decode()


def test_the_handout_has_statement_starter_check_points_and_rule(tmp_path):
    cells, script = texts(tmp_path)
    found = read(tmp_path, GOOD)
    for said in ("# Homework 1", "Due 2026-12-01 23:59 (UTC+01:00)", rule(["scipy"]), "10 %"):
        assert said in cells[0].source
        assert said in script
    for exercise in found.exercises:
        places = [n for n, item in enumerate(cells) if f"## {exercise.title}\n" in item.source]
        assert len(places) == 1
        statement, starter, check = (cells[places[0] + step].source for step in range(3))
        assert exercise.statement.strip() in statement
        assert rule(["scipy"]) in statement
        points = re.search(r"min, ([\d.]+) points?[ .]", statement)[1]
        assert Decimal(points) == found.worth(exercise)
        assert starter in exercise.starter_text
        assert check == f'check("{exercise.id}", {exercise.name}, allow=["scipy"])'
        assert exercise.submission(exercise.solution) not in script
    assert "%pip" not in script


def test_the_handout_runs_top_to_bottom_and_nothing_is_attempted_yet(tmp_path):
    cells, script = texts(tmp_path, GOOD + "x = 1\n".replace("x = 1\n", ""))
    path = tmp_path / "hw1.py"
    path.write_text(script)
    done = subprocess.run(
        [sys.executable, "-W", "error", path], capture_output=True, text=True, check=True
    )
    checks = [item for item in cells if item.source.startswith("check(")]
    assert done.stdout.count("Not attempted.") == len(checks) > 4
    assert f"0 of {len(checks)} right; next: " in done.stdout


@pytest.mark.parametrize(
    ("key", "checked"),
    [("true", 6), ("false", 0), ('["relu-gradient"]', 1)],
)
def test_the_visible_checks_are_those_that_are_asked_for(tmp_path, key, checked):
    cells, script = texts(tmp_path, f"visible_checks = {key}\n{GOOD}")
    assert sum(item.source.startswith("check(") for item in cells) == checked
    assert ("import check" in script) == bool(checked)
    # Where a check is missing, nobody would know that the exercise is right.
    assert any(item.source.startswith("progress(") for item in cells) == (checked == 6)


def test_what_is_installed_is_a_line_that_only_a_notebook_runs(tmp_path):
    cells, script = texts(tmp_path, f'install = "https://example.org/actgrad.whl"\n{GOOD}')
    assert cells[1].source.endswith("\n%pip install -q https://example.org/actgrad.whl")
    assert "\n# %pip install -q https://example.org/actgrad.whl\n" in script


def test_a_handout_that_somebody_changed_is_not_replaced_unasked(tmp_path, capsys):
    read(tmp_path, GOOD)
    words = ["assignment", str(tmp_path / "hw1.toml"), "--out", str(tmp_path / "out")]
    assert main(words) == main(words) == 0
    path = tmp_path / "out" / "hw1.ipynb"
    first = path.read_bytes()
    path.write_text("{}")
    capsys.readouterr()
    assert main(words) == 2
    assert "hw1.ipynb: there already, and not the same; --force" in capsys.readouterr().err
    assert path.read_text() == "{}"
    assert main([*words, "--force"]) == 0
    assert path.read_bytes() == first
    assert json.loads(first)["nbformat"] == 4


def test_the_solutions_run_and_stand_in_a_notebook_of_their_own(tmp_path):
    read(tmp_path, GOOD)
    words = ["assignment", str(tmp_path / "hw1.toml"), "--out", str(tmp_path / "out")]
    assert main([*words, "--solutions"]) == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["hw1-solutions.ipynb"]
    notebook = nbformat.read(tmp_path / "out" / "hw1-solutions.ipynb", as_version=4)
    nbformat.validate(notebook)
    space = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            exec(cell.source, space)
    text = "\n".join(cell.source for cell in notebook.cells)
    for exercise in read(tmp_path, GOOD).exercises:
        assert check(exercise.id, space[exercise.name]).status == "right"
        assert all(answer in text for answer in exercise.alternatives)
        assert all(mistake.says in text for mistake in exercise.mistakes)


def test_the_page_names_every_key():
    page = pathlib.Path(__file__).parents[3] / "chapters" / "instructors.md"
    missing = [key for key in KEYS if f"`{key}`" not in page.read_text("utf-8")]
    assert not missing
