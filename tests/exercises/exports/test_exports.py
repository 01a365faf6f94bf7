"""The exports: the same bytes every time, and what the graders make of them.

The tests marked ``peers`` run the real nbgrader and the real otter: the reference solution must
get full marks, and no known mistake may.
"""

import dataclasses
import html
import importlib.util
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import types
import uuid
import zipfile

import jsonschema
import pytest

from actgrad.__main__ import main
from actgrad.exercises import EXERCISES
from actgrad.exercises._exercise import FunctionExercise
from actgrad.exercises.exports import (
    EXPORTS,
    archive,
    gradescope,
    nbgrader,
    otter,
    prairielearn,
    write,
)
from actgrad.exercises.exports._cells import language, shown
from actgrad.exercises.exports._cells import tests as make_tests
from actgrad.exercises.grading._container import grade_one as grade_container
from actgrad.exercises.grading._gradescope import main as grade_one
from actgrad.exercises.grading._sandbox import SandboxError
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
        ("prairielearn", "pl", "questions/hw to the course's questions, and build the grader"),
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
    files = [out] if out.is_file() else [*out.rglob("*.ipynb"), *out.rglob("info.json")]
    file = files[0]
    file.write_bytes(b"changed")
    capsys.readouterr()
    assert main(words) == 2
    err = capsys.readouterr().err
    assert str(file) in err
    assert "move it away" in err
    assert file.read_bytes() == b"changed"


def visible_cells(form, ids=None):
    """The code of the tests that students see, a text for each cell."""
    if form == "nbgrader":
        content = json.loads(nbgrader(ALL, "hw", SEED, ids)["source/hw/hw.ipynb"])
        texts = [item["source"].split("### BEGIN HIDDEN TESTS")[0] for item in content["cells"]
                 if item["metadata"].get("nbgrader", {}).get("grade")]  # fmt: skip
    else:
        content = json.loads(otter(ALL, "hw", SEED, ids)["hw.ipynb"])
        sources = [item["source"] for item in content["cells"]]
        texts = [text for text in sources if "TEST CONFIG\nhidden: false" in text]
        assert all("points: 0\n" in text for text in texts)
    return [text for text in texts if text]


@pytest.mark.parametrize("form", ["nbgrader", "otter"])
def test_students_see_a_test_of_each_part_and_no_hidden_number(form):
    parts = sum(
        len(item.parts) if isinstance(item, FunctionExercise) else bool(item.letters)
        for item in ALL
    )
    assert len(visible_cells(form)) == parts
    assert visible_cells(form, frozenset()) == []
    one = EXERCISES["sigmoid-gradient"]
    assert len(visible_cells(form, {one.id})) == len(one.parts)
    # The secret decides the hidden inputs and does not touch the visible ones.
    for item in ALL:
        open_codes = list(shown(item))
        assert len(open_codes) == len(list(make_tests(item, SEED)))
        for number, code in enumerate(open_codes):
            assert all(code != hidden for _, hidden in make_tests(item, SEED))
            if isinstance(item, FunctionExercise):
                assert code.count("),\n") <= 3, number


@pytest.mark.parametrize("exercise", ALL, ids=lambda item: item.id)
def test_the_visible_tests_accept_the_right_and_refuse_the_starter(exercise, monkeypatch):
    own = types.ModuleType("answer_language")
    monkeypatch.setitem(sys.modules, "answer_language", own)
    exec(compile(language(), "answer_language.py", "exec"), own.__dict__)
    monkeypatch.setattr("warnings.showwarning", lambda *a, **k: None)
    for code in filter(None, shown(exercise)):
        for answer in (exercise.solution, *exercise.alternatives):
            space = {}
            exec(exercise.submission(answer), space)
            exec(code, space)
        space = {}
        exec(exercise.starter_text, space)
        if exercise.kind != "find-the-bug":  # a bug may show in other parts alone
            with pytest.raises((AssertionError, TypeError, own.ParseError)):
                exec(code, space)


# What PrairieLearn's schemas say of the keys that we write, in our own words: the JSON schema
# apps/prairielearn/src/schemas/schemas/infoQuestion.json and the newer infoQuestion.ts beside
# it (read in November 2026, commits 0196741 and 03b311d; no other key is allowed by them).
# Where the two differ, what both take: an entry point, and `enabled`, which the newer calls
# deprecated. The longest timeout is that of docs/externalGrading.md.
TEXT = {"type": "string", "minLength": 1}
QUESTION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["uuid", "type", "title", "topic"],
    "properties": {
        "uuid": {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
        "type": {"enum": ["v3"]},
        "title": TEXT,
        "topic": TEXT,
        "tags": {"type": "array", "items": TEXT},
        "gradingMethod": {"enum": ["Internal", "External", "Manual"]},
        "partialCredit": {"type": "boolean"},
        "showCorrectAnswer": {"type": "boolean"},
        "externalGradingOptions": {
            "type": "object",
            "additionalProperties": False,
            "required": ["image", "entrypoint"],
            "properties": {
                "enabled": {"type": "boolean"},
                "image": TEXT,
                "entrypoint": {"type": "string", "pattern": "^/"},
                "timeout": {"type": "integer", "minimum": 1, "maximum": 600},
            },
        },
    },
}
# And what docs/externalGrading.md says of results.json.
RESULTS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "gradable": {"type": "boolean"},
        "score": {"type": "number", "minimum": 0, "maximum": 1},
        "message": {"type": "string"},
        "format_errors": {"type": "array", "items": TEXT, "minItems": 1},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "points", "max_points"],
                "properties": {
                    "name": TEXT,
                    "points": {"type": "number", "minimum": 0},
                    "max_points": {"type": "number", "exclusiveMinimum": 0},
                    "message": {"type": "string"},
                },
            },
        },
    },
    "if": {"properties": {"gradable": {"const": False}}, "required": ["gradable"]},
    "then": {"required": ["format_errors"]},
    "else": {"required": ["score"]},
}


def test_prairielearn_questions_have_the_form_of_its_schema():
    files = prairielearn(ALL, "hw", SEED)
    infos = {path: json.loads(text) for path, text in files.items() if "info.json" in path}
    assert len(infos) == len(ALL) == len({info["uuid"] for info in infos.values()})
    for path, info in infos.items():
        jsonschema.validate(info, QUESTION)
        assert uuid.UUID(info["uuid"]).version == 4
        folder = path.rpartition("/")[0]
        for name in ("question.html", "server.py", "starter.py", "tests/secret.txt"):
            assert f"{folder}/{name}" in files


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"topics": "x"}, "topics"),
        ({"title": None}, "None"),
        ({"uuid": "1"}, "does not match"),
        ({"type": "v4"}, "v4"),
        ({"externalGradingOptions": {"image": "x"}}, "entrypoint"),
        ({"externalGradingOptions": {"image": "x", "entrypoint": "/x", "timeout": 900}}, "900"),
    ],
)
def test_another_form_is_refused(change, says):
    (text,) = [
        text
        for path, text in prairielearn(ALL[:1], "hw", SEED).items()
        if path.endswith("info.json")
    ]
    with pytest.raises(jsonschema.ValidationError, match=says):
        jsonschema.validate(json.loads(text) | change, QUESTION)


@pytest.mark.parametrize("exercise", ALL, ids=lambda item: item.id)
def test_prairielearn_students_see_statement_starter_and_name(exercise):
    files = prairielearn([exercise], "hw", SEED)
    folder = f"questions/hw/{exercise.id}"
    page = files[f"{folder}/question.html"].decode()
    head, _, body = page.partition("\n")
    assert head == "{{=<% %>=}}"
    assert "<%" not in body
    assert exercise.statement.strip() in html.unescape(body)
    assert all(hint in html.unescape(body) for hint in exercise.hints)
    tags = re.findall(r"<(/?[a-z-]+)", body)
    assert set(tags) == {f"{end}{name}" for end in ("", "/") for name in (
        "pl-question-panel", "markdown", "pl-external-grader-variables", "pl-hidden-hints",
        "pl-hint", "pl-file-editor", "pl-submission-panel", "pl-external-grader-results",
        "pl-file-preview")}  # fmt: skip
    space = {}
    exec(files[f"{folder}/server.py"], space)
    data = {"params": {}}
    space["generate"](data)
    (asked,) = data["params"]["names_from_user"]
    assert asked["name"].startswith(exercise.name)
    seen = squeezed(page + json.dumps(data) + files[f"{folder}/starter.py"].decode())
    solution = squeezed(exercise.solution)
    assert solution not in seen or len(solution) < 6


def prairielearn_results(folder, exercise, text, seed=1):
    """Lay the files out as PrairieLearn's grader does, and run the container's entry point."""
    files = prairielearn([exercise], "hw", SEED)
    for path, data in files.items():
        place = folder / "image" / path.removeprefix("grader/hw/")
        if path.startswith(f"questions/hw/{exercise.id}/tests/"):
            place = folder / "grade" / "tests" / pathlib.Path(path).name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    for name, content in {
        "student/answers.py": text,
        "data/data.json": json.dumps({"variant_seed": str(seed), "params": {}}),
    }.items():
        (folder / "grade" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "grade" / name).write_text(content)
    dockerfile = (folder / "image" / "Dockerfile").read_text()
    assert "COPY actgrad /opt/grader/actgrad" in dockerfile
    info = json.loads(files[f"questions/hw/{exercise.id}/info.json"])
    words = info["externalGradingOptions"]["entrypoint"].split()
    done = subprocess.run(
        [sys.executable, *words[1:-1], str(folder / "grade")],
        env=os.environ | {"PYTHONPATH": str(folder / "image")},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if "no sandbox works" in done.stderr:
        pytest.skip(done.stderr)
    path = folder / "grade" / "results" / "results.json"
    return done, json.loads(path.read_text()) if path.exists() else None


HALF = """
import numpy as np
def sigmoid_gradient(x):
    y = 1 / (1 + np.exp(-x))
    return y * (1 - y)
"""


@pytest.mark.parametrize(
    ("text", "score", "gradable"),
    [("solution", 1.0, True), (HALF, 0.5, True), ("def sigmoid_gradient(x", None, False),
     ("starter", None, False)],
    ids=["right", "half", "unreadable", "starter"],
)  # fmt: skip
def test_prairielearn_gets_a_score_and_tests(tmp_path, text, score, gradable):
    exercise = EXERCISES["sigmoid-gradient"]
    texts = {
        "solution": exercise.submission(exercise.solution),
        "starter": exercise.starter_text,
    }
    done, results = prairielearn_results(tmp_path, exercise, texts.get(text, text))
    assert done.returncode == 0, done.stderr
    jsonschema.validate(results, RESULTS)
    assert results["gradable"] == gradable
    assert results.get("score") == score
    if gradable:
        assert [test["max_points"] for test in results["tests"]] == [2, 2]
    else:
        assert len(results["format_errors"]) == 1
    # No number that was expected, and no input.
    assert not re.search(r"\d\.\d{5,}", json.dumps(results))


def test_prairielearn_gets_no_zero_where_the_grader_failed(tmp_path):
    exercise = dataclasses.replace(EXERCISES["dead-unit-share"], id="no-such-exercise")
    done, results = prairielearn_results(tmp_path, exercise, "")
    assert done.returncode != 0
    assert results is None


@pytest.mark.parametrize("form", ["gradescope", "prairielearn"])
def test_containers_keep_the_rules_of_the_assignment(form, tmp_path, capsys):
    (tmp_path / "own.py").write_text(OWN)
    (tmp_path / "hw1.toml").write_text(
        'title = "A"\ndue = 2026-12-01T23:59:00Z\ncatalogue = "own.py"\nallow = ["scipy"]\n'
        'exercises = ["half-slope"]\n'
    )
    (tmp_path / "secret").write_text(SEED)
    out = tmp_path / ("hw.zip" if form == "gradescope" else "pl")
    words = ["export", form, "--assignment", str(tmp_path / "hw1.toml"), "--out", str(out)]
    assert main([*words, "--secret-file", str(tmp_path / "secret")]) == 0
    orders = tmp_path / "orders"
    if form == "gradescope":
        with zipfile.ZipFile(out) as file:
            file.extractall(orders)
        assert "'scipy>=" in (orders / "setup.sh").read_text()
    else:
        (out / "questions" / "hw1" / "half-slope" / "tests").rename(orders)
        assert "'scipy>=" in (out / "grader" / "hw1" / "Dockerfile").read_text()
        assert "`scipy`" in (out / "questions/hw1/half-slope/question.html").read_text()
    (tmp_path / "student").mkdir()
    (tmp_path / "student" / "a.py").write_text(
        "from scipy.special import expit\nhalf_slope = 2 * float(expit(0.0)) - 0.5\n"
    )
    try:
        outcome = grade_container(orders, tmp_path / "student", "ada")
    except SandboxError as error:
        pytest.skip(str(error))
    assert outcome.faults == ()
    assert (outcome.graded.points, outcome.graded.allow) == (2, ("scipy",))


OWN = """
from actgrad.exercises import Mistake, Predict
EXERCISES = (
    Predict(
        id="half-slope", chapter="own", title="Half", level="warm-up", minutes=1,
        statement="Half of one.", learnt="halves", solution="0.5", alternatives=("1/2",),
        hints=("Divide.", "By two."),
        mistakes=(
            Mistake("a", "No.", "1"), Mistake("b", "Not.", "2"), Mistake("c", "Nor.", "3"),
        ),
    ),
)
"""


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
    # And that nbgrader's feedback shows the hidden tests to everybody, whatever is right.
    tool("nbgrader", "generate_feedback", "hw", cwd=tmp_path)
    for student in scores:
        page = (tmp_path / "feedback" / student / "hw" / "hw.html").read_text()
        assert "### BEGIN HIDDEN TESTS" in page, student


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
        # Students see the visible cases alone.
        for test in results["tests"]:
            assert test["visibility"] == ("visible" if "Public" in test["name"] else "hidden")
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
