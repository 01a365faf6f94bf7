"""Each status says what happened, and feedback and report name what is odd."""

import csv
import json
import subprocess
import sys

import pytest

from actgrad.__main__ import main
from actgrad.exercises import EXERCISES
from actgrad.exercises.grading._judge import nearest

IDS = ("sigmoid-gradient", "sigmoid-slopes-multiply")
RIGHT = {id: EXERCISES[id].submission(EXERCISES[id].solution) for id in IDS}
ANSWER = RIGHT["sigmoid-gradient"]
NUMBER = RIGHT["sigmoid-slopes-multiply"]


def notebook(*sources, output=""):
    outputs = [{"output_type": "stream", "name": "stdout", "text": output}]
    cells = [{"cell_type": "code", "source": source, "outputs": outputs} for source in sources]
    return json.dumps({"cells": cells})


@pytest.fixture
def graded(tmp_path, capsys):
    """Return a function: hand in files, get the statuses, the feedback and the report."""

    def grade(files, *more, beside=()):
        for name, text in files.items():
            path = tmp_path / "submissions" / "ada" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        for name in beside:
            (tmp_path / "submissions" / name).write_text(ANSWER)
        (tmp_path / "secret.txt").write_text("a secret that is long enough")
        out = tmp_path / "grades.csv"
        command = ["grade", str(tmp_path / "submissions"), "--out", str(out)]
        command += ["--secret-file", str(tmp_path / "secret.txt"), "--exercises", ",".join(IDS)]
        assert main([*command, *more]) == 0
        with out.open(newline="") as file:
            statuses = {row["exercise"]: row["status"] for row in csv.DictReader(file)}
        feedback = (tmp_path / "grades-feedback" / "ada" / "feedback.md").read_text()
        return [statuses[id] for id in IDS], feedback, capsys.readouterr().err

    return grade


def test_a_syntax_error_is_no_starter_and_its_line_is_told(graded):
    broken = "import numpy as np\n\ndef sigmoid_gradient(x):\n    return (x\n"
    statuses, feedback, report = graded({"answers.py": broken})
    assert statuses == ["unreadable", "not attempted"]
    assert "`answers.py, line 4: SyntaxError: '(' was never closed`" in feedback
    assert "grade: ada: answers.py, line 4: SyntaxError" in report


def test_a_syntax_error_in_one_cell_costs_that_cell(graded):
    text = notebook("def sigmoid_gradient(x)\n    return x", NUMBER)
    statuses, feedback, _ = graded({"answers.ipynb": text})
    assert statuses == ["unreadable", "right"]
    assert "answers.ipynb, cell 1, line 1: SyntaxError: expected ':'" in feedback


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (notebook(ANSWER)[:-2], "JSONDecodeError"),
        (json.dumps({"sources": [ANSWER]}), "KeyError: 'cells'"),
        ("<html><body>Please log in</body></html>", "JSONDecodeError"),
        ("", "JSONDecodeError"),
    ],
    ids=["truncated", "no-cells", "a-page", "empty"],
)
def test_an_unreadable_notebook_may_have_held_every_answer(graded, text, says):
    statuses, feedback, report = graded({"answers.ipynb": text})
    assert statuses == ["unreadable", "unreadable"]
    for told in (feedback, report):
        assert f"answers.ipynb: this is no notebook: {says}" in told
    # Ten statements fail besides: what could not be read at all is named all the same.
    more = ANSWER + NUMBER + "\n".join(f"nothing_{number}" for number in range(12))
    statuses, _, report = graded({"a.py": more})
    assert statuses == ["right", "right"]
    assert report.count("grade: ada: answers.ipynb: this is no notebook") == 1


def test_a_definition_that_fails_is_an_error(graded):
    text = "from scipy.special import expit\nsigmoid_gradient = expit\n" + NUMBER
    statuses, feedback, report = graded({"answers.py": text})
    assert "grade: ada: answers.py, line 1: ModuleNotFoundError: No module named" in report
    assert statuses == ["error", "right"]
    assert "answers.py, line 2: NameError: name 'expit' is not defined" in feedback
    assert "`numpy` and Python's standard library" in feedback


def test_an_answer_that_needs_a_package_is_named_and_a_plot_is_not(graded):
    plot = "import matplotlib.pyplot as plt\n"
    inside = "def sigmoid_gradient(x):\n    import torch\n    return x\n"
    statuses, _, report = graded({"answers.py": plot + inside})
    assert statuses == ["error", "not attempted"]
    assert "grade: ada: sigmoid-gradient: `ModuleNotFoundError: No module named" in report
    statuses, _, report = graded({"answers.py": plot + ANSWER})
    assert statuses == ["right", "not attempted"]
    assert "matplotlib" not in report


@pytest.mark.parametrize(
    "name", ["SigmoidGradient", "sigmoidGradient", "sigmoid_gradiant", "Sigmoid_Gradients"]
)
def test_a_near_miss_is_named(graded, name):
    text = ANSWER.replace("sigmoid_gradient", name)
    statuses, feedback, report = graded({"answers.py": text})
    assert statuses == ["misnamed", "not attempted"]
    assert f"There is `{name}`: call it `sigmoid_gradient`." in feedback
    assert f"there is no sigmoid_gradient, but there is {name}" in report


def test_the_name_of_another_exercise_is_no_near_miss():
    names = {item.name for item in EXERCISES.values()}
    assert nearest("sigmoid_gradient", ["sigmoid_gradien", "np"], names) == "sigmoid_gradien"
    for exercise in EXERCISES.values():
        others = [item.name for item in EXERCISES.values() if item is not exercise]
        assert nearest(exercise.name, [*others, "np", "x", "main"], names) is None


def test_two_answers_of_one_name_are_named(graded):
    wrong = "def sigmoid_gradient(x):\n    return x\n"
    statuses, feedback, report = graded({"a.py": ANSWER, "old/b.py": wrong})
    assert statuses == ["wrong", "not attempted"]
    for text in (feedback, report):
        assert "sigmoid_gradient is defined in more than one file" in text
        assert "a.py, line 4; old/b.py, line 1" in text


def test_a_second_definition_in_one_file_is_how_people_work(graded):
    text = notebook("def sigmoid_gradient(x):\n    ...", ANSWER)
    statuses, feedback, report = graded({"answers.ipynb": text})
    assert statuses == ["right", "not attempted"]
    assert "more than one" not in feedback + report


def test_answers_beside_the_folders_are_named(graded):
    statuses, _, report = graded({"answers.py": ANSWER}, beside=["bob_homework.py", "c.ipynb"])
    assert statuses == ["right", "not attempted"]
    for name in ("bob_homework.py", "c.ipynb"):
        assert f"{name} lies beside the students' folders: not graded" in report


def test_outputs_do_not_count(graded):
    text = notebook(ANSWER, output="x" * 50_000)
    statuses, feedback, _ = graded({"answers.ipynb": text}, "--size-limit", "10000")
    assert statuses == ["right", "not attempted"]
    assert "While your files" not in feedback


def test_more_code_than_the_limit_is_named(graded):
    text = notebook("# " + "x" * 20_000, ANSWER)
    statuses, feedback, report = graded({"answers.ipynb": text}, "--size-limit", "10000")
    assert statuses == ["unreadable", "not attempted"]
    for told in (feedback, report):
        assert "answers.ipynb, cell 2: ValueError: with this there is more code" in told


def test_a_notebook_that_is_far_too_large_is_named_with_what_to_do(graded):
    text = notebook(ANSWER, output="x" * 200_000)
    statuses, feedback, report = graded({"answers.ipynb": text}, "--size-limit", "10000")
    assert statuses == ["not loaded", "not loaded"]
    for told in (feedback, report):
        assert "answers.ipynb: 200," in told
        assert "clear the outputs" in told


def test_a_file_of_another_kind_is_named(graded):
    statuses, feedback, report = graded({"sigmoid.txt": ANSWER, "read-me.md": "# Hello"})
    assert statuses == ["not loaded", "not loaded"]
    for told in (feedback, report):
        assert "no .py, .ipynb or MyST .md file was found" in told
        assert "not read: read-me.md (no code cell), sigmoid.txt" in told


CHAPTER = """---
kernelspec: {name: python3}
---
# Sigmoid

```{code-cell} ipython3
:tags: [hide-input]

from actgrad.exercises import check, exercise
import matplotlib.pyplot as plt
exercise("sigmoid-gradient")
```

A fence that only shows code is no cell:

```python
def sigmoid_gradient(x): return x
```

````{code-cell} ipython3
---
tags: [remove-output]
---
%%time
ANSWER
````

:::{code-cell}
NUMBER
:::
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_a_chapter_is_graded_as_it_is(graded, end):
    text = CHAPTER.replace("ANSWER", ANSWER).replace("NUMBER", NUMBER).replace("\n", end)
    statuses, feedback, report = graded({"sigmoid.md": b"\xef\xbb\xbf" + text.encode()})
    assert statuses == ["right", "right"]
    assert "more than one" not in feedback + report
    broken = text.replace("return", "return (", 1) if end == "\n" else text
    statuses, feedback, _ = graded(
        {"sigmoid.md": broken.replace("%%time", "%%time" + end + "(")}
    )
    assert statuses == ["unreadable", "right"]
    assert "sigmoid.md, cell 2, line" in feedback


def test_grading_says_that_windows_is_not_supported_and_practice_works_there():
    code = """
import sys
import shutil  # argparse asks for it late, and it would look for Windows' own modules
for name in ("fcntl", "resource", "pwd", "grp"):
    sys.modules[name] = None
import numpy
from actgrad.exercises import check
assert check("sigmoid-gradient", lambda x: 0.25 / numpy.cosh(x / 2) ** 2)
sys.platform = "win32"
from actgrad.__main__ import main
sys.exit(main(["grade", "a", "--secret-file", "b", "--out", "c.csv"]))
"""
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2, result.stderr
    assert "not supported" in result.stderr
    assert "WSL" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "body", ["    while True: pass", "    raise SystemExit", "    return 'x'"]
)
def test_a_fingerprint_that_fails_costs_no_points(graded, body):
    """What only the report needs costs nothing, whatever an answer does to it."""
    spoiled = (
        f"import sys\ndef bad(*arguments):\n{body}\nsys.modules['__main__'].fingerprint = bad\n"
    )
    statuses, _, _ = graded({"a.py": ANSWER + spoiled + NUMBER}, "--time-limit", "1")
    assert statuses == ["right", "right"]
