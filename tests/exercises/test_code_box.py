"""The editor of code exercises: its JavaScript run by node against all known answers."""

import json
import re

import nbformat
import pytest

from actgrad.exercises import EXERCISES, answer_box
from actgrad.exercises import _code_box as module
from actgrad.exercises._exercise import FunctionExercise

ITEMS = [item for item in EXERCISES.values() if isinstance(item, FunctionExercise)]
FORMULAS = [item for item in ITEMS if module.data(item)["parts"]]
TEXT = module.CodeBox._esm.replace("export default", "const widget =")
PAGE = """globalThis.document = { getElementById: (id) =>
  id === "actgrad-install" ? { textContent: "%pip install actgrad" } : null };"""


@pytest.fixture
def run(javascript):
    """Return a function: what JavaScript returns with the data, after the editor's module."""
    return lambda body, data: javascript(TEXT, f"const data = argument; {PAGE} {body}", data)


def verdicts(run, item, answers):
    given = {"answers": [item.submission(text) for text in answers], "box": module.data(item)}
    return run("return data.answers.map((text) => judgeCode(text, data.box));", given)


def test_nothing_is_ever_run_as_a_program():
    assert not re.search(r"\b(eval|Function|import|fetch)\(|innerHTML|insertAdjacentHTML", TEXT)


@pytest.mark.parametrize("item", FORMULAS, ids=lambda item: item.id)
def test_what_is_judged_is_judged_as_in_python(item, run):
    right = [item.solution, *item.alternatives]
    for found in verdicts(run, item, right):
        assert found["status"] in ("right", "open"), found
        assert (item.learnt in found["message"]) == (found["status"] == "right")
    for mistake, found in zip(
        item.mistakes, verdicts(run, item, [m.wrong for m in item.mistakes]), strict=True
    ):
        assert found["status"] in ("wrong", "open"), (mistake.id, found)
        if found["status"] == "wrong":
            assert found["message"].startswith(mistake.says)
    data = module.data(item)
    assert run("return judgeCode(data.starter, data);", data)["status"] == "empty"


def test_most_answers_that_are_a_formula_are_judged(run):
    found = [verdicts(run, item, [item.solution, *item.alternatives]) for item in FORMULAS]
    statuses = [one["status"] for some in found for one in some]
    assert len(FORMULAS) >= 15
    assert statuses.count("right") >= 0.6 * len(statuses)


def test_exercises_on_whole_arrays_are_left_to_the_notebook(run):
    item = EXERCISES["softmax-stable"]
    assert item not in FORMULAS
    (found,) = verdicts(run, item, [item.solution])
    assert found["status"] == "open"
    assert "takes whole arrays" in found["message"]


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ("    return np.exp(-np.abs(x)) / (1 + np.exp(-abs(x))) ** 2", "right", ""),
        ("    # a comment\n    e = np.exp(x)\n    return 1/(2 + e + 1/e)", "right", ""),
        ("    for i in x:\n        pass", "open", "`for i in x:` is no formula"),
        ("    return __import__('os')", "open", "is more than a formula"),
        ("    e = 1", "open", "there is no `return`"),
        ("    return x", "wrong", "At x = 1 it gives 1; expected 0.196612."),
    ],
)
def test_what_is_more_than_a_formula_is_said(run, body, status, says):
    item = EXERCISES["sigmoid-gradient"]
    given = {"text": f"def sigmoid_gradient(x):\n{body}\n", "box": module.data(item)}
    found = run("return judgeCode(data.text, data.box);", given)
    assert found["status"] == status, found
    assert says in found["message"]


def test_a_function_of_another_name_is_no_answer(run):
    data = module.data(EXERCISES["sigmoid-gradient"])
    body = "return judgeCode('def f(x):\\n    return x\\n', data);"
    assert "there is no `def sigmoid_gradient(x):`" in run(body, data)["message"]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_the_page_holds_no_solution_and_is_json(item):
    state = answer_box(item.id).get_state()
    text = json.dumps({"data": state["data"]}, allow_nan=False)
    for answer in (item.solution, *item.alternatives):
        assert re.sub(r"\s", "", answer) not in re.sub(r"\\n|\s", "", text)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_the_notebook_is_valid_and_holds_the_readers_text(item, run):
    answer = item.submission(item.solution)
    given = {"text": answer, "box": module.data(item)}
    made = run("return notebook(data.text, data.box);", given)
    nbformat.validate(made)
    sources = [cell["source"] for cell in made["cells"]]
    assert sources[1] == "%pip install actgrad"
    assert sources[3] == answer
    assert sources[4] == f"check({item.id!r}, {item.name})"
    assert item.statement.strip() in sources[0]
