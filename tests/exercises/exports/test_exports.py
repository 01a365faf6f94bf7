"""The exports: the same bytes every time, and what the graders make of them.

The tests marked ``peers`` run the real nbgrader and the real otter: the reference solution must
get full marks, and no known mistake may.
"""

import dataclasses
import importlib.util
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import types
import zipfile

import pytest

from actgrad.__main__ import main
from actgrad.exercises import EXERCISES
from actgrad.exercises.exports import EXPORTS, archive, gradescope, nbgrader, otter, write
from actgrad.exercises.exports._cells import language
from actgrad.exercises.exports._cells import tests as make_tests
from actgrad.exercises.grading._gradescope import main as grade_one
from tests.catalogue import TRIED

SEED = "a secret that is long enough"
ALL = list(TRIED.values())
ROUNDS = max(len(item.mistakes) for item in ALL)


def needs(name):
    return pytest.mark.skipif(
        importlib.util.find_spec(name) is None, reason=f"{name} is not installed"
    )


def squeezed(text):
    return re.sub(r"\s", "", text)


def answers(exercise, number):
    """The solution for number 0, else one of the known mistakes, in turn."""
    if number == 0:
        return exercise.solution
    return exercise.mistakes[(number - 1) % len(exercise.mistakes)].wrong


def tool(*words, cwd):
    """Run a command line tool of this Python's environment."""
    environment = os.environ | {
        "PATH": f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"
    }
    environment |= {"HOME": str(cwd), "JUPYTER_PLATFORM_DIRS": "1"}
    result = subprocess.run(
        [pathlib.Path(sys.executable).with_name(words[0]), *words[1:]],
        cwd=cwd,
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    return result.stdout + result.stderr


@pytest.mark.parametrize("form", EXPORTS)
def test_the_same_bytes_from_another_process(form, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(SEED)
    found = []
    for number in ("1", "2"):
        out = tmp_path / number if form != "gradescope" else tmp_path / f"{number}.zip"
        words = ["export", form, "--out", str(out), "--secret-file", str(secret)]
        subprocess.run(
            [sys.executable, "-m", "actgrad", *words],
            env=os.environ | {"PYTHONHASHSEED": number, "TZ": f"UTC+{number}"},
            check=True,
            capture_output=True,
        )
        files = [out] if out.is_file() else sorted(p for p in out.rglob("*") if p.is_file())
        found.append(
            [(path.name.replace(f"{number}.zip", ""), path.read_bytes()) for path in files]
        )
    assert found[0] == found[1]
    assert found[0]


def test_an_archive_has_one_date_and_its_scripts_run(tmp_path):
    data = archive(gradescope(ALL[:1], "name", SEED))
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        entries = file.infolist()
        assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
        assert [entry.filename for entry in entries] == sorted(e.filename for e in entries)
        modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in entries}
    assert modes["run_autograder"] == modes["setup.sh"] == 0o755
    assert modes["secret.txt"] == 0o644


@pytest.mark.parametrize("exercise", ALL, ids=lambda item: item.id)
def test_the_exported_tests_accept_the_right_and_refuse_the_wrong(exercise, monkeypatch):
    # The file that goes beside a notebook, by itself: nothing of this package is imported.
    own = types.ModuleType("answer_language")
    monkeypatch.setitem(sys.modules, "answer_language", own)
    assert b"actgrad." not in re.sub(rb"`[^`]*`", b"", language())
    exec(compile(language(), "answer_language.py", "exec"), own.__dict__)

    def passes(answer):
        passed = []
        for points, code in make_tests(exercise, SEED):
            space = {}
            try:
                exec(exercise.starter_text, space)
                exec(exercise.submission(answer), space)
                exec(code, space)
                passed.append(points)
            except (AssertionError, own.ParseError):
                pass
        return sum(passed)

    monkeypatch.setattr("warnings.showwarning", lambda *a, **k: None)
    for answer in (exercise.solution, *exercise.alternatives):
        assert passes(answer) == exercise.points, answer
    for mistake in exercise.mistakes:
        assert passes(mistake.wrong) < exercise.points, mistake.id


def test_the_archive_grades_with_its_own_modules(tmp_path):
    with zipfile.ZipFile(io.BytesIO(archive(gradescope(ALL[:1], "name", SEED)))) as file:
        file.extractall(tmp_path)
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import actgrad.exercises\n"
    code += "print(*(m.__file__ for n, m in sys.modules.items() if n.startswith('actgrad.')))"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert all(path.startswith(str(tmp_path)) for path in done.stdout.split())


def test_the_seed_changes_the_hidden_numbers():
    one, two = nbgrader(ALL, "hw", SEED), nbgrader(ALL, "hw", SEED + "x")
    assert one["source/hw/hw.ipynb"] != two["source/hw/hw.ipynb"]


@pytest.mark.parametrize(
    ("form", "out", "says"),
    [
        ("nbgrader", "course", "`nbgrader generate_assignment hw`, and hand out release/hw"),
        ("otter", "otter", "otter/hw.ipynb dist`, and hand out dist/student"),
        ("gradescope", "hw.zip", "the secret and solutions: give it to nobody, and upload"),
    ],
)
def test_each_export_says_what_comes_next(form, out, says, tmp_path, capsys):
    (tmp_path / "secret.txt").write_text("a secret that is long enough")
    command = ["export", form, "--out", str(tmp_path / out), "--name", "hw"]
    command += ["--secret-file", str(tmp_path / "secret.txt"), "--chapter", "sigmoid"]
    assert main(command) == 0
    err = capsys.readouterr().err
    assert says in err
    assert "solutions" in err
    assert err.count("\n") == 1
    for name in re.findall(r"(/\S+\.ipynb)", err):
        assert pathlib.Path(name).is_file()


def test_bad_options(tmp_path, capsys):
    secret = tmp_path / "secret"
    secret.write_text(SEED)
    base = ["export", "otter", "--out", str(tmp_path / "x"), "--secret-file", str(secret)]
    assert main([*base, "--exercises", "nothing"]) == 2
    assert "no such exercise: nothing" in capsys.readouterr().err
    assert main([*base, "--name", "../up"]) == 2
    assert "--name" in capsys.readouterr().err
    assert main([*base, "--secret-file", str(tmp_path / "none")]) == 2
    assert "secret cannot be read" in capsys.readouterr().err
    (tmp_path / "x").write_text("a file where the folder should be")
    assert main(base) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "exists" in err or "directory" in err


def gradescope_results(folder, text):
    """Unpack the autograder as Gradescope does, submit a text and run it."""
    data = archive(gradescope(ALL, "name", SEED))
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        file.extractall(folder / "source")
    (folder / "submission").mkdir()
    (folder / "submission" / "answers.py").write_text(text)
    (folder / "submission_metadata.json").write_text('{"users": [{"id": 7, "name": "Ann"}]}')
    result = subprocess.run(
        ["bash", folder / "source" / "run_autograder"],
        env=os.environ | {"AUTOGRADER_ROOT": str(folder), "AUTOGRADER_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )
    results = json.loads((folder / "results" / "results.json").read_text())
    if "cannot run" in results["output"]:
        pytest.skip(results["output"])
    assert result.returncode == 0, result.stderr
    return results


def test_gradescope_gives_full_marks_to_the_solutions(tmp_path):
    text = "\n".join(item.submission(item.solution) for item in ALL)
    results = gradescope_results(tmp_path, text)
    assert results["score"] == sum(item.points for item in ALL)
    assert len(results["tests"]) == len(ALL)
    assert all(test["status"] == "passed" for test in results["tests"])


@pytest.mark.parametrize("number", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_gradescope_gives_no_full_marks_to_mistakes(tmp_path, number):
    text = "\n".join(item.submission(answers(item, number)) for item in ALL)
    results = gradescope_results(tmp_path, text)
    assert [
        test["name"] for test in results["tests"] if test["score"] == test["max_score"]
    ] == []


def test_gradescope_gets_no_score_where_the_grader_failed(tmp_path, monkeypatch, capsys):
    item = EXERCISES["sigmoid-gradient"]
    broken = dataclasses.replace(item, solution="undefined_name")
    monkeypatch.setitem(EXERCISES, item.id, broken)
    for name, text in {
        "source/exercises.txt": item.id,
        "source/secret.txt": SEED,
        "submission/answers.py": item.submission(item.solution),
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    status = grade_one(tmp_path)
    results = json.loads((tmp_path / "results" / "results.json").read_text())
    if "cannot run" in results["output"]:
        pytest.skip(results["output"])
    assert status == 1
    assert "score" not in results
    assert "GRADER ERROR: sigmoid-gradient: NameError" in capsys.readouterr().err


@pytest.mark.parametrize("form", EXPORTS)
def test_what_an_instructor_changed_is_not_replaced(form, tmp_path, capsys):
    (tmp_path / "secret").write_text(SEED)
    out = tmp_path / ("a.zip" if form == "gradescope" else "a")
    words = ["export", form, "--out", str(out), "--secret-file", str(tmp_path / "secret")]
    words += ["--exercises", "relu-gradient"]
    assert main(words) == main(words) == 0
    file = out if out.is_file() else next(out.rglob("*.ipynb"))
    file.write_bytes(b"changed")
    capsys.readouterr()
    assert main(words) == 2
    err = capsys.readouterr().err
    assert str(file) in err
    assert "move it away" in err
    assert file.read_bytes() == b"changed"


FORGERY = """
import numpy
numpy.all = lambda *a, **k: True
def sigmoid_gradient(x):
    return x * 0
"""


def source_with(export, key, texts, begin, end):
    """Put other answers between the markers of the solution."""
    content = json.loads(export[key])
    answers_left = iter(texts)
    for item in content["cells"]:
        if item["cell_type"] == "code" and begin in item["source"] and end in item["source"]:
            head = item["source"].split(begin)[0]
            item["source"] = head + next(answers_left)
    return json.dumps(content)


@pytest.mark.peers
@needs("nbgrader")
def test_the_real_nbgrader(tmp_path):
    export = nbgrader(ALL, "hw", SEED)
    write(export, tmp_path)
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'c'\n"
        "c.ExecutePreprocessor.timeout = 120\n"
    )
    tool("nbgrader", "generate_assignment", "hw", "--create", cwd=tmp_path)
    release = (tmp_path / "release" / "hw" / "hw.ipynb").read_text()
    for item in ALL:
        assert squeezed(json.dumps(item.solution)[1:-1]) not in squeezed(release) or (
            len(squeezed(item.solution)) < 6
        )
    assert "HIDDEN TESTS" not in release
    key, begin, end = "source/hw/hw.ipynb", "### BEGIN SOLUTION\n", "### END SOLUTION"
    for number in range(ROUNDS + 1):
        folder = tmp_path / "submitted" / f"student{number}" / "hw"
        folder.mkdir(parents=True)
        texts = [item.submission(answers(item, number)) for item in ALL]
        (folder / "hw.ipynb").write_text(source_with(export, key, texts, begin, end))
    forged = [item.submission(item.solution) for item in ALL]
    forged[list(TRIED).index("sigmoid-gradient")] = FORGERY
    folder = tmp_path / "submitted" / "forger" / "hw"
    folder.mkdir(parents=True)
    (folder / "hw.ipynb").write_text(source_with(export, key, forged, begin, end))
    tool("nbgrader", "autograde", "hw", "--create", cwd=tmp_path)
    code = """
import json
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    print("RESULT" + json.dumps({s.student.id: {g.name: [g.score, g.max_score]
        for n in s.notebooks for g in n.grades} for s in book.assignment_submissions("hw")}))
"""
    out = tool("python", "-W", "ignore", "-c", code, cwd=tmp_path)
    scores = json.loads(out[out.index("RESULT") + 6 :].splitlines()[0])
    for student, grades in scores.items():
        for item in ALL:
            parts = [
                pair for name, pair in grades.items() if name.startswith(f"{item.id}-test-")
            ]
            score, most = (sum(pair[index] for pair in parts) for index in (0, 1))
            assert most == item.points
            if student == "student0":
                assert score == most, item.id
            elif student != "forger":
                assert score < most, (student, item.id)
    # What the instructors' page says: in nbgrader a patched NumPy earns points.
    forged_parts = [
        v for name, v in scores["forger"].items() if name.startswith("sigmoid-gradient-")
    ]
    assert all(score == most for score, most in forged_parts)


@pytest.mark.peers
@needs("otter")
def test_the_real_otter(tmp_path):
    export = otter(ALL, "hw", SEED)
    write(export, tmp_path)
    tool("otter", "assign", "hw.ipynb", "dist", "--no-pdfs", cwd=tmp_path)
    student = (tmp_path / "dist" / "student" / "hw.ipynb").read_text()
    for item in ALL:
        assert squeezed(json.dumps(item.solution)[1:-1]) not in squeezed(student) or (
            len(squeezed(item.solution)) < 6
        )
    graders = list((tmp_path / "dist" / "autograder").glob("*.zip"))
    assert len(graders) == 1

    def scores(name, texts):
        folder = tmp_path / name
        folder.mkdir()
        content = json.loads(student)
        for item, text in zip(ALL, texts, strict=True):
            starter = item.starter_text.strip()
            (place,) = (c for c in content["cells"] if starter in "".join(c["source"]))
            place["source"] = text
        (folder / "hw.ipynb").write_text(json.dumps(content))
        tool("otter", "run", "-a", str(graders[0]), "-o", ".", "hw.ipynb", cwd=folder)
        results = json.loads((folder / "results.json").read_text())
        return {
            re.sub(r"\W", "", test["name"].split(" ")[0]): (test["score"], test["max_score"])
            for test in results["tests"]
            if test.get("max_score")
        }

    for number in range(ROUNDS + 1):
        got = scores(
            f"student{number}", [item.submission(answers(item, number)) for item in ALL]
        )
        for item in ALL:
            score, most = got[item.name]
            assert most == item.points
            assert (score == most) == (number == 0), (number, item.id, score)
    # What the instructors' page says: in otter, too, a patched NumPy earns points.
    forged = [item.submission(item.solution) for item in ALL]
    forged[list(TRIED).index("sigmoid-gradient")] = FORGERY
    score, most = scores("forger", forged)["sigmoid_gradient"]
    assert score == most
