"""Exercises of one's own: the page's example, whole, from the file to the grade."""

import csv
import pathlib
import re

import nbformat
import numpy as np
import pytest

from actgrad.__main__ import main
from actgrad.exercises import check_numbers
from actgrad.exercises._validate import faults
from actgrad.exercises.catalog import own

PAGE = pathlib.Path(__file__).parents[3] / "chapters" / "own-exercises.md"
TEXT = PAGE.read_text("utf-8")
(SOURCE,) = re.findall(r"(?ms)^```python\n(.*?)^```", TEXT)
(EXAM,) = re.findall(r"(?ms)^```toml\n(.*?)^```", TEXT)


@pytest.fixture
def classroom(tmp_path):
    (tmp_path / "my_exercises.py").write_text(SOURCE)
    (tmp_path / "exam.toml").write_text(EXAM)
    (tmp_path / "roster.csv").write_text("student,name\nada,Ada\nbob,Bob\n")
    (tmp_path / "secret").write_text("a secret that is long enough")
    return tmp_path


def run(*words):
    return main([str(word) for word in words])


def test_the_example_is_valid(classroom, capsys):
    assert run("validate", classroom / "my_exercises.py") == 0
    out = capsys.readouterr().out
    assert out.count(": good (") == 2
    assert "3 mistakes, constants vary" in out


def test_from_the_file_to_the_grade(classroom, capsys):
    home = classroom
    assert run("assignment", home / "exam.toml", "--out", home / "exam") == 2
    assert "bell-slope: the constants differ from student to student" in capsys.readouterr().err
    words = ["assignment", home / "exam.toml", "--roster", home / "roster.csv"]
    assert run(*words, "--out", home / "exam") == 0
    bell = own(home / "my_exercises.py")[1]
    constants = {}
    for student in ("ada", "bob"):
        notebook = nbformat.read(home / "exam" / student / "exam.ipynb", as_version=4)
        nbformat.validate(notebook)
        text = "\n".join(cell.source for cell in notebook.cells)
        (constants[student],) = re.findall(r"e\^\{-(\d+)x\^2\}", text)
        assert constants[student] in bell.of(student).statement
        # Numbers, and no solution, neither this student's nor the other's.
        assert "check_numbers" in text
        assert "progress(" not in text
        for item in own(home / "my_exercises.py"):
            assert item.of(student).solution not in text
        # What stands in the cells works: right is right, the other student's is not.
        space = {}
        for cell in notebook.cells:
            if cell.cell_type == "code" and not cell.source.startswith("check"):
                exec(cell.source, space)
        (check,) = (c.source for c in notebook.cells if '"bell-slope"' in c.source)
        verdicts = {}
        for name in ("ada", "bob"):
            made = bell.of(name)
            space["bell_slope"] = made.solution.replace("f", f"({made.definitions['f']})")
            verdicts[name] = eval(check, space).status
        other = {"ada": "bob", "bob": "ada"}[student]
        assert verdicts == {student: "right", other: "wrong"}
        (check,) = (c.source for c in notebook.cells if '"clip-gradient"' in c.source)
        assert eval(check, space).status == "not attempted"
        space["clip_gradient"] = lambda x: np.sign(np.clip(x, -1, 1) == x)
        assert eval(check, space | {"clip_gradient": lambda x: 1.0 * (abs(x) < 1)})
    assert constants["ada"] != constants["bob"]

    answers = {"ada": bell.of("ada").solution, "bob": bell.of("ada").solution}
    for student, answer in answers.items():
        folder = home / "submissions" / student
        folder.mkdir(parents=True)
        text = bell.submission(answer) + "\nimport numpy as np\n"
        text += "def clip_gradient(x):\n    return np.clip(x, -1, 1)\n"
        (folder / "exam.py").write_text(text)
    words = ["grade", home / "submissions", "--assignment", home / "exam.toml"]
    words += ["--secret-file", home / "secret", "--out", home / "grades.csv"]
    assert run(*words) == 0
    with (home / "grades.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    status = {(row["student"], row["exercise"]): row["status"] for row in rows}
    assert status["ada", "bell-slope"] == "right"
    assert status["bob", "bell-slope"] == "wrong"
    assert status["ada", "clip-gradient"] == status["bob", "clip-gradient"] == "wrong"
    feedback = (home / "grades-feedback" / "ada" / "feedback.md").read_text()
    assert "The gradient of clipping" in feedback
    assert "This is the function, not its slope." in feedback
    # A correction in the file grades everybody again.
    capsys.readouterr()
    assert run(*words) == 0
    assert "0 graded now" in capsys.readouterr().err
    (home / "my_exercises.py").write_text(SOURCE + "\n# corrected\n")
    assert run(*words) == 0
    assert "2 graded now" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("np.where(np.abs(x) < 1, 1.0, 0.0)", "np.sign(x)", "is called wrong"),
        ('"(np.abs(x) <= 1).astype(float)"', '"np.ones_like(x)"', "is called wrong"),
        ('"(x < 1).astype(float)"', '"np.clip(x, -1, 1) + 0"', "one-side is taken for clip"),
        ('"(x < 1).astype(float)"', '"(np.abs(x) < 1) * 1.0"', "one-side is called right"),
        ("    ...\n", "    return np.clip(x, -1, 1)\n", "the starter is called wrong"),
        ("Draw the function.", "np.where(np.abs(x) < 1, 1.0, 0.0)", "the solution stands in"),
        ('id="clip-gradient"', 'id="clipping"', "the id 'clipping'"),
        ("rng.uniform(0.5, 1.5)", "np.random.default_rng().uniform()", "two sets of inputs"),
        ("minutes=10", "minutes=0", "0 minutes"),
        ("The sides are exchanged.", "It is flat on the left as well.", "have the same `says`"),
        ('f"-{2 * a}*x*f"', '"-4*x*f"', "for 'student"),
        ('rf"Differentiate $f(x) = e^{{-{a}x^2}}$."', '"Do."', "every statement is the same"),
        ('id="bell-slope"', 'id=f"bell-{a}"', "must not vary"),
    ],
)
def test_each_fault_is_found(tmp_path, capsys, was, becomes, says):
    assert was in SOURCE
    path = tmp_path / "my_exercises.py"
    path.write_text(SOURCE.replace(was, becomes, 1))
    assert run("validate", path) == 1
    assert says in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("EXERCISES = (\n", "my_exercises.py, line 1: SyntaxError"),
        ("import numpy\n1 / 0\n", "my_exercises.py, line 2: ZeroDivisionError"),
        ("", "it must define EXERCISES"),
        ("EXERCISES = ('a',)", "entry 1 of EXERCISES is no exercise but str"),
        (
            SOURCE.replace('id="clip-gradient"', 'id="relu-gradient"').replace(
                "clip_gradient", "relu_gradient"
            ),
            "two exercises have the id 'relu-gradient'",
        ),
    ],
)
@pytest.mark.parametrize("command", ["validate", "assignment"])
def test_files_that_cannot_be_used(classroom, capsys, text, says, command):
    (classroom / "my_exercises.py").write_text(text)
    words = {"validate": ["validate", classroom / "my_exercises.py"]}
    words["assignment"] = ["assignment", classroom / "exam.toml", "--out", classroom / "out"]
    assert run(*words[command]) == 2
    assert says in capsys.readouterr().err
    assert not (classroom / "out").exists()


def test_own_exercises_are_listed_and_exported(classroom, capsys):
    catalogue = classroom / "my_exercises.py"
    assert run("exercises", "--catalogue", catalogue) == 0
    assert "\nown\n  clip-gradient " in capsys.readouterr().out
    words = ["export", "otter", "--assignment", classroom / "exam.toml"]
    words += ["--secret-file", classroom / "secret", "--out", classroom / "otter"]
    assert run(*words) == 0
    assert "clip_gradient" in (classroom / "otter" / "exam.ipynb").read_text()


SLOPE = [((np.array([0.0, 2.0]),), (np.array([0.0, 4.0]),))]
KINK = [((np.array([0.0]),), (np.array([0.0]),), (np.array([1.0]),))]


@pytest.mark.parametrize(
    ("answer", "cases", "status", "says"),
    [
        (lambda x: 2 * x, SLOPE, "right", "agrees at every input"),
        (lambda x: 0.5 + 0 * x, KINK, "right", ""),
        (lambda x: 1.5 + 0 * x, KINK, "wrong", "expected `[0.]` to `[1.]`"),
        (lambda x: x, SLOPE, "wrong", "it gives `[0., 2.]`; expected `[0., 4.]`"),
        (lambda x: x[:1], SLOPE, "wrong", "the shape is (1,)"),
        (lambda x: 1 / "a", SLOPE, "wrong", "TypeError"),
        (lambda x: None, SLOPE, "not attempted", "is there a `return`"),
        (None, SLOPE, "not attempted", ""),
        ("", [({"x": 1.0}, 2.0)], "not attempted", ""),
        ("2*x", [({"x": 1.0}, 2.0)], "right", ""),
        ("2*x", [({"x": 1.0}, 3.0)], "wrong", "At x = 1 it gives 2; expected 3"),
        ("2*y", [({"x": 1.0}, 2.0)], "wrong", "cannot be read"),
        (object(), [({"x": 1.0}, 2.0)], "wrong", "cannot be read"),
    ],
)
def test_numbers_that_a_notebook_holds(answer, cases, status, says):
    verdict = check_numbers("own-slope", answer, cases)
    assert verdict.status == status
    assert says in verdict.message


def test_numbers_and_what_is_not_allowed():
    from scipy.special import expit

    case = [((np.array([0.0]),), (np.array([0.5]),))]
    assert check_numbers("a-b", lambda x: expit(x), case).status == "not gradable"
    assert check_numbers("a-b", lambda x: expit(x), case, allow=["scipy"]).status == "right"


def test_what_is_tried_can_fail():
    """Each check has been seen failing above; a good exercise fails none."""
    path = PAGE.with_name("own-exercises.md")
    assert path.exists()
    space = {}
    exec(SOURCE, space)
    assert [faults(item) for item in space["EXERCISES"]] == [[], []]
