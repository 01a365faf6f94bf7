"""The answer box: its JavaScript run by node, its data searched for solutions."""

import json
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

from actgrad.exercises import EXERCISES, answer_box, exercise
from actgrad.exercises import _answer_box as module
from actgrad.exercises._exercise import ExpressionExercise

HERE = pathlib.Path(__file__).parent
SOURCE = pathlib.Path(module.__file__).with_name("answer_box.js")
CASES = json.loads((HERE / "expressions.json").read_text("utf-8"))
VALUES = {"x": 0.7, "y": 0.3, "k": 2.0}
BOXES = [item for item in EXERCISES.values() if isinstance(item, ExpressionExercise)]


def node():
    beside = pathlib.Path(sys.executable).with_name("node")
    found = str(beside) if beside.exists() else shutil.which("node")
    if found is None:
        pytest.skip("node is not installed")
    return found


def run(body, data):
    """Run JavaScript with the module as ``box`` and the data as ``data``; return its result."""
    program = f"""
    import * as box from {json.dumps(SOURCE.as_uri())};
    import {{ readFileSync }} from "node:fs";
    const data = JSON.parse(readFileSync(0, "utf-8"));
    const result = ((box, data) => {{ {body} }})(box, data);
    console.log(JSON.stringify(result, (key, value) =>
      typeof value === "number" && !Number.isFinite(value) ? String(value) : value));
    """
    result = subprocess.run(
        [node(), "--input-type=module", "--no-warnings", "-e", program],
        input=json.dumps(data),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


TRY = """
const attempt = (text, use) => {
  try { return use(box.parse(text, data.letters)); }
  catch (error) {
    if (!(error instanceof box.ExpressionError)) throw error;
    return { refused: error.message };
  }
};
"""


def test_values_agree_with_the_python_twin():
    texts = [text for text, _ in CASES["right"]]
    got = run(
        TRY + "return data.texts.map((t) => attempt(t, (n) => box.evaluate(n, data.values)));",
        {"texts": texts, "letters": list(VALUES), "values": VALUES},
    )
    for (text, expected), value in zip(CASES["right"], got, strict=True):
        assert value == pytest.approx(expected, rel=1e-14), text


def test_readings_agree_with_the_python_twin():
    texts = [text for text, _ in CASES["reading"]]
    got = run(
        TRY + "return data.texts.map((text) => attempt(text, box.written));",
        {"texts": texts, "letters": list(VALUES)},
    )
    assert got == [reading for _, reading in CASES["reading"]]


def test_refusals_agree_with_the_python_twin():
    hostile = ["(" * 250, "-" * 400 + "x", "x" + "^x" * 200, "x+" * 400 + "x", "exp(" * 100]
    texts = [text for text, _ in CASES["refused"]] + hostile
    got = run(
        TRY + "return data.texts.map((text) => attempt(text, () => 'read'));",
        {"texts": texts, "letters": list(VALUES)},
    )
    for (text, says), result in zip(CASES["refused"], got, strict=False):
        assert says in result["refused"], (text, result)
    for result in got[len(CASES["refused"]) :]:
        assert re.search("levels|characters", result["refused"])


def test_undefined_values_are_not_finite():
    got = run(
        TRY
        + "return data.texts.map((t) => attempt(t, (n) => "
        + "Number.isFinite(box.evaluate(n, data.values))));",
        {"texts": CASES["undefined"], "letters": list(VALUES), "values": VALUES},
    )
    assert got == [False] * len(CASES["undefined"])


def test_nothing_is_ever_run_as_a_program():
    text = re.sub(r"//.*", "", SOURCE.read_text("utf-8"))
    for word in ("eval(", "Function(", "innerHTML", "insertAdjacentHTML", "import(", "fetch("):
        assert word not in text.replace("export function evaluate(", "").replace("new Map(", "")


@pytest.mark.parametrize("item", BOXES, ids=lambda item: item.id)
def test_every_exercise_is_judged_in_the_page_as_in_python(item):
    answers = [item.solution, *item.alternatives]
    wrong = [mistake.wrong for mistake in item.mistakes]
    odd = ["", "   ", "((", "12345.678", "unknown_letter"]
    got = run(
        "return data.answers.map((answer) => box.judge(answer, data.box));",
        {"answers": answers + wrong + odd, "box": module.data(item)},
    )
    for answer, verdict in zip(answers, got, strict=False):
        assert verdict["status"] == "right", (answer, verdict)
        assert item.learnt in verdict["message"]
    for mistake, verdict in zip(item.mistakes, got[len(answers) :], strict=False):
        assert verdict["status"] == "wrong"
        assert verdict["message"].startswith(mistake.says)
    rest = [verdict["status"] for verdict in got[-5:]]
    assert rest == ["empty", "empty", "unreadable", "wrong", "unreadable"]


@pytest.mark.parametrize("item", BOXES, ids=lambda item: item.id)
def test_the_page_holds_no_solution(item):
    box = answer_box(item.id)
    state = {
        name: value for name, value in box.get_state().items() if name not in ("_esm", "_css")
    }
    text = re.sub(r"\s", "", json.dumps(state))
    if item.letters:
        assert re.sub(r"\s", "", item.solution) not in text
        assert not any(re.sub(r"\s", "", answer) in text for answer in item.alternatives)
    else:
        value = float(item.values(item.solution, {})[0])
        for number in re.findall(r"(?<![\w./-])-?\d+\.?\d*(?:e-?\d+)?(?![\w./])", text):
            assert float(number) != pytest.approx(value, rel=item.rtol, abs=0), number


def test_a_number_within_its_tolerance_is_right_and_beyond_it_is_not():
    item = EXERCISES["dead-unit-share"]
    right = float(item.values(item.solution, {})[0])
    factors = [0.5, 0.98, 0.991, 0.999, 1.0, 1.001, 1.009, 1.02, 2]
    got = run(
        "return data.answers.map((answer) => box.judge(answer, data.box).status);",
        {"answers": [repr(right * factor) for factor in factors], "box": module.data(item)},
    )
    assert [status == "right" for status in got] == [0.99 < factor < 1.01 for factor in factors]


def test_functions_have_no_box():
    assert answer_box("sigmoid-gradient") is None


def test_a_notebook_shows_the_box_below_the_text(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    exercise("sigmoid-second-derivative")._ipython_display_()
    exercise("sigmoid-gradient")._ipython_display_()
    assert [type(item).__name__ for item in shown] == ["Markdown", "AnswerBox", "Markdown"]
    assert "check(" in shown[1].fallback
