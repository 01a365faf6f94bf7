"""Practice and the grader judge alike: right in the one is full points in the other."""

import dataclasses
import functools
import itertools
import pathlib

import numpy as np
import pytest
import scipy.special as special
import sympy
from scipy.special import expit

from actgrad import ReLU
from actgrad.exercises import EXERCISES, Part, catalog, check
from actgrad.exercises._imports import ALLOWABLE, ALLOWED, foreign, refused, rule
from actgrad.exercises.grading._judge import grade_submission
from actgrad.exercises.grading._sandbox import (
    KINDS,
    Limits,
    SandboxError,
    choose,
    unprotected,
)
from actgrad.exercises.grading._submission import Submission
from tests.catalogue import TRIED

CATALOGUE = pathlib.Path(catalog.__file__).parent
SECRET = b"a secret of thirty-two bytes ..."
LIMITS = Limits(load=60.0, exercise=60.0, submission=600.0, cpu=600)
SAME = {"right": "right", "not attempted": "not attempted"}


def graded(texts):
    """Grade texts, one an exercise, in a child process as a student's file; return rows."""
    files = tuple((f"{EXERCISES[id].name}.py", text.encode()) for id, text in texts.items())
    exercises = [EXERCISES[id] for id in texts]
    with unprotected() as walls:
        result = grade_submission(
            Submission("student", files), exercises, SECRET, walls, LIMITS
        )
    return {row.exercise: row for row in result.rows}


def practised(id, text):
    namespace = {}
    exec(text, namespace)
    return check(id, namespace.get(EXERCISES[id].name))


def texts(exercise):
    """Every text of the catalogue that somebody could hand in, as a file."""
    yield exercise.starter_text
    for answer in (exercise.solution, *exercise.alternatives):
        yield exercise.submission(answer)
    for mistake in exercise.mistakes:
        yield exercise.submission(mistake.wrong)


ROUNDS = list(itertools.zip_longest(*(texts(item) for item in TRIED.values())))


@pytest.mark.parametrize("number", range(len(ROUNDS)))
def test_practice_and_grade_agree_on_every_text_of_the_catalogue(number):
    handed_in = {
        id: text for id, text in zip(TRIED, ROUNDS[number], strict=True) if text is not None
    }
    for id, row in graded(handed_in).items():
        verdict = practised(id, handed_in[id])
        assert SAME.get(row.status, "wrong") == verdict.status, (id, row, verdict)
        assert bool(verdict) == (row.points == row.max_points), (id, row, verdict)
        says = {mistake.id: mistake.says for mistake in EXERCISES[id].mistakes}
        assert says.get(verdict.mistake, "") == row.advice, (id, row, verdict)


def test_the_rounds_hold_every_text():
    expected = sum(2 + len(item.alternatives) + len(item.mistakes) for item in TRIED.values())
    assert sum(text is not None for texts in ROUNDS for text in texts) == expected


BODIES = {
    "scipy at the top": """
from scipy.special import expit as s
slope = lambda x: s(x) * s(-x)
""",
    "scipy inside": """
def slope(x):
    from scipy.special import expit
    return expit(x) * expit(-x)
""",
    "scipy as a module": """
import scipy.special as s
slope = lambda x: s.expit(x) * s.expit(-x)
""",
    "actgrad": "from actgrad import Sigmoid\nslope = lambda x: Sigmoid().gradient(x)",
    "sympy": """
import sympy
t = sympy.Symbol("t")
value = sympy.lambdify(t, 1 / (2 + sympy.exp(t) + sympy.exp(-t)), "numpy")
slope = lambda x: value(x)
""",
    "numpy": "import numpy as np\nslope = lambda x: 0.25 / np.cosh(x / 2) ** 2",
    "the standard library": """
import math
import numpy as np
slope = np.vectorize(lambda v: 0.25 / math.cosh(v / 2) ** 2)
""",
}


@pytest.mark.parametrize("name", BODIES)
def test_practice_never_calls_right_what_the_grader_cannot_import(name):
    text = f"{BODIES[name]}\ndef sigmoid_gradient(x):\n    return slope(x)\n"
    row = graded({"sigmoid-gradient": text})["sigmoid-gradient"]
    verdict = practised("sigmoid-gradient", text)
    allowed = name in ("numpy", "the standard library")
    assert (row.points == row.max_points) == allowed, row
    assert bool(verdict) == allowed, verdict
    if not allowed:
        assert verdict.status == "not gradable"
        assert f"`{name.split()[0]}`" in verdict.message
        assert rule() in verdict.message


ANSWERS = [
    "'y*(1-y)*(1-2*y)'",
    "''",
    "'y*('",
    "None",
    "True",
    "7",
    "7.0",
    "[7]",
    "(7,)",
    "(7, 7)",
    "np.float32(7)",
    "np.array(7)",
    "np.array([7])",
    "np.array(True)",
    "7 + 0j",
    "float('nan')",
    "__import__('fractions').Fraction(7)",
    "b'7'",
    "lambda: 7",
]


@pytest.mark.parametrize("id", ["sigmoid-second-derivative", "sigmoid-slopes-multiply"])
@pytest.mark.parametrize("answer", ANSWERS)
def test_practice_and_grade_agree_on_what_an_answer_may_be(id, answer):
    text = f"import numpy as np\n{EXERCISES[id].name} = {answer}\n"
    row = graded({id: text})[id]
    verdict = practised(id, text)
    assert SAME.get(row.status, "wrong") == verdict.status, (row, verdict)


def test_true_is_no_number_even_where_the_answer_is_one(monkeypatch):
    id = "sigmoid-slopes-multiply"
    monkeypatch.setitem(EXERCISES, id, dataclasses.replace(EXERCISES[id], solution="1"))
    for answer, points in {"1": 2, "True": 0}.items():
        text = f"{EXERCISES[id].name} = {answer}\n"
        assert graded({id: text})[id].points == points
        assert bool(practised(id, text)) == (points > 0)


def test_a_starter_that_is_right_in_one_part_is_not_attempted(monkeypatch):
    id = "sigmoid-backward-bug"
    part = Part("no gradient", 1, lambda rng: [(rng.uniform(0.1, 0.9, 3), np.zeros(3))])
    both = dataclasses.replace(EXERCISES[id], parts=(part, *EXERCISES[id].parts))
    monkeypatch.setitem(EXERCISES, id, both)
    row = graded({id: both.starter_text})[id]
    assert (row.status, row.points) == ("not attempted", 0)
    assert practised(id, both.starter_text).status == "not attempted"
    row = graded({id: both.submission("2 * g * y * (1 - y)")})[id]
    assert (row.status, row.points) == ("partly right", 1)


def test_a_formula_of_sympy_is_read_and_its_text_is_what_to_hand_in():
    y = sympy.Symbol("y")
    verdict = check("sigmoid-second-derivative", sympy.expand(y * (1 - y) * (1 - 2 * y)))
    assert verdict.status == "not gradable"
    assert "`sympy`" in verdict.message
    assert "Hand in the text `'2*y**3 - 3*y**2 + y'`" in verdict.message
    assert check("sigmoid-second-derivative", "2*y**3 - 3*y**2 + y")
    assert check("sigmoid-second-derivative", y).mistake is None
    assert check("sigmoid-second-derivative", y * (1 - y)).mistake == "first-derivative"


def uses_expit(x):
    return expit(x)


class Holder:
    def __init__(self, function):
        self.function = function

    def __call__(self, x):
        return self.function(x)


def imports_inside(x):
    import matplotlib

    return matplotlib


relu = ReLU()


@pytest.mark.parametrize(
    ("answer", "packages"),
    [
        (uses_expit, ("scipy",)),
        (expit, ("scipy",)),
        (lambda x: special.expit(x), ("scipy",)),
        (lambda x: uses_expit(x), ("scipy",)),
        (lambda x: [uses_expit(value) for value in x], ("scipy",)),
        (lambda x, f=expit: f(x), ("scipy",)),
        (functools.partial(uses_expit), ("scipy",)),
        (functools.lru_cache(uses_expit), ("scipy",)),
        (np.vectorize(uses_expit), ("scipy",)),
        (Holder(expit), ("scipy",)),
        (Holder(expit).__call__, ("scipy",)),
        (imports_inside, ("matplotlib",)),
        (lambda x: relu.gradient(x), ("actgrad",)),
        (relu.gradient, ("actgrad",)),
        (sympy.Symbol("x"), ("sympy",)),
        (np.exp, ()),
        (lambda x: np.linalg.norm(x), ()),
        (Holder(np.exp), ()),
        (functools.partial(np.exp), ()),
        (lambda x: itertools.accumulate(x), ()),
        (3, ()),
        (None, ()),
        ("scipy", ()),
    ],
)
def test_foreign_packages_are_found(answer, packages):
    assert foreign(answer) == packages


def test_the_rule_names_what_is_allowed():
    assert ALLOWED == ("numpy",)
    for allow in ((), *itertools.combinations(ALLOWABLE, 2)):
        named = {*ALLOWED, *allow}
        assert {name for name in (*ALLOWED, *ALLOWABLE) if f"`{name}`" in rule(allow)} == named
    assert refused([*ALLOWED, *ALLOWABLE, "torch"]) == ["torch"]


# What is used, and the word that allows it.
USES = {
    "scipy": "from scipy.special import expit\ndef slope(x): return expit(x) * expit(-x)",
    "sympy": (
        "import sympy\ns = sympy.Symbol('s')\n"
        "slope = sympy.lambdify(s, sympy.diff(1 / (1 + sympy.exp(-s)), s), 'numpy')\n"
    ),
    "actgrad.activations": (
        "from actgrad.activations import Sigmoid\ndef slope(x): return Sigmoid().gradient(x)"
    ),
    "from actgrad": "from actgrad import Sigmoid\ndef slope(x): return Sigmoid().gradient(x)",
    "actgrad.exercises": (
        "import actgrad.exercises as e\ndef slope(x):\n    "
        "item = e.EXERCISES['sigmoid-gradient']; return item.function(item.solution)(x)"
    ),
    "actgrad.layers": (
        "from actgrad.layers import Dense\ndef slope(x): return 0 * len(str(Dense)) + x"
    ),
}


@pytest.mark.parametrize(
    ("kind", "allow"),
    [
        *(("bubblewrap", [name]) for name in ALLOWABLE),
        # A jail is copied each time: once without anything, once with all.
        *((kind, allow) for kind in KINDS for allow in ([], [*ALLOWABLE])),
    ],
    ids=str,
)
def test_practice_and_grade_allow_the_same(kind, allow):
    """Each answer is right; whether it may be is told alike by `check` and by the walls."""
    id = "sigmoid-gradient"
    exercise = EXERCISES[id]
    try:
        walls = choose(kind, LIMITS, [str(CATALOGUE)], allow)
        with walls as found:
            for name, head in USES.items():
                text = f"import numpy as np\n{head}\ndef sigmoid_gradient(x): return slope(x)\n"
                submission = Submission("ada", (("a.py", text.encode()),))
                row = grade_submission(submission, [exercise], SECRET, found, LIMITS).rows[0]
                space = {}
                exec(text, space)
                verdict = check(id, space["sigmoid_gradient"], allow=allow)
                allowed = {"from actgrad": "actgrad.activations"}.get(name, name) in allow
                # SymPy's quotient overflows in the tails: its digits are not at stake here.
                passed = [part.points for part in row.parts][:1] == [2]
                assert passed == allowed, (name, row)
                assert (rule(allow) in verdict.message) == (not allowed), (name, verdict)
    except SandboxError as error:
        pytest.skip(str(error))


def test_what_nobody_can_allow_is_told():
    verdict = check("sigmoid-gradient", np.exp, allow=["torch"])
    assert verdict.status == "unknown"
    assert "`'scipy'`" in verdict.message
