"""Practice: instant answers to "is this right, and if not, why?", as often as one likes."""

import dataclasses
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from actgrad.exercises._compare import Fault, Outputs, as_outputs, copied, fault, within
from actgrad.exercises._exercise import (
    Arguments,
    Array,
    Exercise,
    ExpressionExercise,
    FunctionExercise,
    Part,
    Prove,
)
from actgrad.exercises._imports import ALLOWABLE, foreign, refused, rule
from actgrad.exercises._judge import (
    CLOSE,
    ExpressionJudgement,
    FunctionJudgement,
    NoValues,
    close_to,
    judge_expression,
    judge_function,
    judge_proof,
)
from actgrad.exercises._progress import keep
from actgrad.exercises.catalog import EXERCISES, near

Status = Literal["right", "wrong", "not attempted", "not gradable", "unknown"]

NOT_A_GRADE = (
    "Practice, not a grade: a grade tests the same ideas on numbers that only your "
    "instructor knows."
)
_HEADS: dict[Status, str] = {
    "right": "Right.",
    "wrong": "Not yet.",
    "not attempted": "Not attempted.",
    "not gradable": "Right here, and not in a grade.",
    "unknown": "Not checked.",
}


@dataclass(frozen=True)
class Verdict:
    """What `check` says: ``status``, ``message`` (Markdown), ``mistake`` (its id or None).

    The status is ``"right"``, ``"wrong"``, ``"not attempted"``, ``"not gradable"`` (right, with
    packages that are not there when it is graded) or ``"unknown"`` (no such exercise, or no
    such module to allow).

    A notebook shows it as Markdown, the Python prompt as text. ``bool(verdict)`` is True for
    a right answer only.
    """

    exercise: str
    status: Status
    message: str
    mistake: str | None = None

    def __bool__(self) -> bool:
        return self.status == "right"

    def __repr__(self) -> str:
        head = f"{_HEADS[self.status]} {self.message}"
        return head if self.status == "unknown" else f"{head}\n\n({NOT_A_GRADE})"

    def _repr_markdown_(self) -> str:
        head = f"**{_HEADS[self.status]}** {self.message}"
        return head if self.status == "unknown" else f"{head}\n\n*{NOT_A_GRADE}*"


@dataclass(frozen=True)
class Hint:
    """One hint, as text at the Python prompt and as Markdown in a notebook."""

    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return self.text


# A line that takes more rules at once shows none: `actgrad.derivations` counts them.
MOST_RULES = 3
_hints_given: Counter[str] = Counter()


def find(id: str) -> Exercise:
    """Return an exercise of the catalogue by its id.

    Raises
    ------
    KeyError
        Where there is none; the message names the nearest ids.
    """
    if isinstance(id, str) and id in EXERCISES:
        return EXERCISES[id]
    raise KeyError(f"there is no exercise {str(id)[:80]!r}; {near(str(id))}")


def check(
    id: str, answer: Any = None, *, allow: Sequence[str] = (), student: str = ""
) -> Verdict:
    """Say whether an answer is right and, where it is not, why.

    Parameters
    ----------
    id : str
        The exercise, such as ``"sigmoid-gradient"``.
    answer : callable, str or number
        The function itself for *implement* and *find-the-bug*, a text such as ``"y*(1-y)"``
        (or a SymPy expression) for *derive*, a number for *predict*.
    allow : sequence of str
        What your assignment allows besides NumPy, as its notebook writes it: of ``"scipy"``,
        ``"sympy"``, ``"actgrad.activations"``.
    student : str
        Whose constants the exercise has, where they differ from student to student.

    Returns
    -------
    Verdict
        Never a grade; shown as Markdown in a notebook, ``print`` it in a script.

    Notes
    -----
    Whatever the answer does, this returns: an exception in it becomes part of the verdict.
    Inputs are random and the same in every session. A known mistake is recognised by its
    values; otherwise the smallest input that fails is shown, and nothing that gives the
    solution away. What a grade would not give full points is not called right: an answer that
    needs a package which is not there when it is graded is ``"not gradable"``.
    """
    try:
        exercise = find(id)
    except KeyError as error:
        return Verdict(str(id), "unknown", str(error.args[0]))
    allow = [allow] if isinstance(allow, str) else list(allow)
    if refused(allow):
        names = ", ".join(f"`{name!r}`" for name in ALLOWABLE)
        message = f"`allow={allow!r}`: an assignment can allow {names}."
        return Verdict(exercise.id, "unknown", message)
    verdict = check_answer(exercise.of(student), answer, allow)
    keep(verdict.exercise, verdict.status)
    return verdict


def check_answer(exercise: Exercise, answer: Any, allow: Sequence[str] = ()) -> Verdict:
    """Do what `check` does, for an exercise that is no catalogue's."""
    try:
        if isinstance(exercise, Prove):
            return _check_proof(exercise, answer)
        if isinstance(exercise, ExpressionExercise):
            return _check_expression(exercise, answer, allow)
        assert isinstance(exercise, FunctionExercise)
        return _check_function(exercise, answer, allow)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return Verdict(exercise.id, "wrong", f"Checking the answer failed: {told(error)}.")


def hint(id: str, *, student: str = "") -> Hint:
    """Return the next hint of an exercise: each call goes one further.

    Parameters
    ----------
    id : str
        The exercise.
    student : str
        Whose constants the exercise has, where they differ from student to student.

    Returns
    -------
    Hint
        After the last one it says so, and the next call begins again.
    """
    try:
        exercise = find(id).of(student)
    except KeyError as error:
        return Hint(f"No such exercise. {error.args[0]}")
    number = _hints_given[exercise.id]
    total = len(exercise.hints)
    if number == total:
        _hints_given[exercise.id] = 0
        return Hint(
            f"That was the last of {total} hints. `check({exercise.id!r}, ...)` says what is "
            "wrong with an attempt; the next call shows the first hint again."
        )
    _hints_given[exercise.id] = number + 1
    return Hint(f"Hint {number + 1} of {total}: {exercise.hints[number]}")


def _check_expression(
    exercise: ExpressionExercise, answer: Any, allow: Sequence[str]
) -> Verdict:
    is_object = bool(foreign(answer))
    # A formula of a computer algebra is read as its text, to say more than "not a text".
    text = str(answer) if is_object and not callable(answer) else answer
    found = judge_expression(exercise, text, np.random.default_rng(exercise.seed("check")))
    mistake = found.mistake.id if found.mistake else None
    if found.status == "not attempted":
        what = "an expression, such as `'y*(1-y)'`" if exercise.letters else "a number"
        return Verdict(exercise.id, found.status, f"Pass {what}.")
    if found.status == "error":
        return Verdict(exercise.id, "wrong", f"{found.reason}.")
    if found.status == "right":
        if is_object:
            warning = not_there(foreign(answer, allow), allow)
            advice = f"{warning} Hand in the text `{text!r}`.".strip()
            return Verdict(exercise.id, "not gradable", advice)
        return Verdict(exercise.id, "right", _confirmation(exercise, text))
    message = found.mistake.says if found.mistake else ""
    if not exercise.letters:
        within = f" within {exercise.rtol:.0%}" if exercise.rtol >= 1e-3 else ""
        is_close = abs(found.got - found.expected) <= close_to(exercise) * abs(found.expected)
        message = message or (
            CLOSE if is_close else f"{found.got:.6g} is not the answer{within}."
        )
        return Verdict(exercise.id, "wrong", message, mistake)
    where, got, expected = _plainest(exercise, text, found)
    at = ", ".join(f"{letter} = {value:.6g}" for letter, value in where.items())
    numbers = f"At {at} it gives {got:.6g}; expected {expected:.6g}."
    return Verdict(exercise.id, "wrong", f"{message}\n\n{numbers}".strip(), mistake)


def _plainest(
    exercise: ExpressionExercise, text: str, found: ExpressionJudgement
) -> tuple[Mapping[str, float], float, float]:
    """Return where an answer is wrong, and both values: x = 1 if it is so there."""
    for point in exercise.simple_points():
        values = {letter: np.array([value]) for letter, value in point.items()}
        with np.errstate(all="ignore"):
            got, expected = (exercise.values(t, values) for t in (text, exercise.solution))
        near = within(got, expected, expected, exercise.rtol, exercise.atol)
        if np.isfinite(got[0]) and not near[0]:
            return point, float(got[0]), float(expected[0])
    return found.where, found.got, found.expected


def _check_proof(exercise: Prove, answer: Any) -> Verdict:
    found = judge_proof(exercise, answer, _proved)
    if found.status == "not attempted":
        return Verdict(exercise.id, "not attempted", "Pass your lines, one a row.")
    if found.reason:
        return Verdict(exercise.id, "wrong", f"{found.reason[0].upper()}{found.reason[1:]}.")
    said = [
        f"{number}. `{line['after'][:200].replace('`', chr(39))}`: {line['message']}"
        for number, line in enumerate(found.lines, 1)
    ]
    if found.status == "right":
        said.append(f"You have learnt: {exercise.learnt}.")
        return Verdict(exercise.id, "right", "\n\n".join(said))
    if found.lines[-1]["status"] == "equal":
        said += [f"Still open: {'; '.join(found.open)}."] if found.open else []
        missing = exercise.most - found.step_points
        if missing:
            counted = f"{found.step_points} of {exercise.most} rules show"
            said.append(f"{counted}: take smaller steps, at most {MOST_RULES} rules a line.")
    mistake = found.mistake.id if found.mistake else None
    return Verdict(exercise.id, "wrong", "\n\n".join(said), mistake)


def _proved(task: dict[str, Any], text: str) -> dict[str, Any]:
    # SymPy takes a second to load: here, and not with this module.
    from actgrad.derivations import Task, check_proof

    return check_proof(Task.from_dict(task), text).to_dict()


def _confirmation(exercise: ExpressionExercise, text: str) -> str:
    if not exercise.letters:
        return f"You have learnt: {exercise.learnt}."
    # SymPy takes a second to load: it is asked where there is something to prove.
    from actgrad.exercises._symbolic import is_proved

    if is_proved(exercise, text):
        return f"SymPy proves it equal to the solution. You have learnt: {exercise.learnt}."
    return (
        f"It agrees with the solution at 40 random points. You have learnt: {exercise.learnt}."
    )


def not_there(packages: Sequence[str], allow: Sequence[str]) -> str:
    names = " and ".join(f"`{name}`" for name in packages)
    return f"It uses {names}, and a grade would be 0. {rule(allow)}" if packages else ""


def _check_function(exercise: FunctionExercise, answer: Any, allow: Sequence[str]) -> Verdict:
    if answer is None or answer is ...:
        return Verdict(exercise.id, "not attempted", f"Pass your `{exercise.name}`.")
    if not callable(answer):
        return Verdict(
            exercise.id,
            "wrong",
            f"Pass the function itself, `check({exercise.id!r}, {exercise.name})`, without "
            f"calling it; got {type(answer).__name__}.",
        )
    found = judge_function(
        exercise,
        lambda part: part.draw(np.random.default_rng(exercise.seed(part.name))),
        lambda arguments, expected: call_answer(answer, arguments),
    )
    if found.status == "not attempted":
        return Verdict(exercise.id, "not attempted", _begin(exercise, found))
    warning = not_there(foreign(answer, allow), allow)
    if found.status != "right":
        verdict = _explain(exercise, answer, found)
        return dataclasses.replace(verdict, message=f"{verdict.message}\n\n{warning}".strip())
    if warning:
        message = f"All parts pass here. {warning}"
        return Verdict(exercise.id, "not gradable", message)
    return Verdict(exercise.id, "right", f"All parts pass. You have learnt: {exercise.learnt}.")


def _begin(exercise: FunctionExercise, found: FunctionJudgement) -> str:
    if any(got is not None for item in found.parts for _, got in item.cases):
        return "This still computes what the given function computes: its bug is in it."
    return f"`{exercise.name}` returns nothing. If you have begun, is there a `return`?"


def call_answer(answer: Any, arguments: Arguments) -> Outputs:
    try:
        # The answer's overflow warnings are its own affair: the values are judged, and the
        # reader sees the warnings when calling the function without `check`.
        with np.errstate(all="ignore"):
            result = answer(*copied(arguments))
        return None if result is None or result is ... else as_outputs(result)
    except KeyboardInterrupt:
        raise
    except NotImplementedError:
        return None
    except BaseException as error:
        raise NoValues("error", told(error)) from None


def _fault(
    exercise: FunctionExercise, part: Part, arguments: Arguments, got: Outputs
) -> Fault | None:
    low, high = exercise.expected(arguments)
    return fault(got, low, high, part.rtol, part.atol)


def _explain(exercise: FunctionExercise, answer: Any, found: FunctionJudgement) -> Verdict:
    failed = next(item for item in found.parts if item.fault)
    assert failed.fault is not None
    mistake = found.mistake
    if failed.fault.kind == "error":
        message = f"{failed.fault.reason}, at {_inputs(failed.at, exercise)}."
        return Verdict(exercise.id, "wrong", message, mistake.id if mistake else None)
    got = next(got for arguments, got in failed.cases if arguments is failed.at)
    arguments, got = _smallest(exercise, failed.part, answer, failed.at, got)
    low, high = exercise.expected(arguments)
    told = f"In the part *{failed.part.name}*, {failed.fault.reason}."
    lines = [mistake.says if mistake else told]
    lines.append(f"Smallest failing input: {_inputs(arguments, exercise)}.")
    if failed.fault.kind != "shape":
        wanted = shown(low)
        if shown(high) != wanted:
            wanted = f"anything from {wanted} to {shown(high)}"
        lines.append(f"Got {shown(got)}; expected {wanted}.")
    return Verdict(exercise.id, "wrong", "\n\n".join(lines), mistake.id if mistake else None)


def _smallest(
    exercise: FunctionExercise, part: Part, answer: Any, arguments: Arguments, got: Outputs
) -> tuple[Arguments, Outputs]:
    """Cut a failing array input down to one failing element, where one alone fails too."""
    shapes = {np.shape(item) for item in arguments}
    if len(shapes) != 1 or np.size(arguments[0]) < 2:
        return arguments, got
    order = np.argsort(np.abs(np.ravel(arguments[0])), kind="stable")[:20]
    for index in order:
        single = tuple(np.ravel(item)[index : index + 1] for item in arguments)
        try:
            result = call_answer(answer, single)
            if result is not None and _fault(exercise, part, single, result):
                return single, result
        except NoValues:
            continue
    return arguments, got


def _inputs(arguments: Arguments, exercise: FunctionExercise) -> str:
    names = exercise.signature.partition("(")[2].rstrip(")").split(", ")
    return ", ".join(
        f"`{name.partition('=')[0]} = {_number(item)}`"
        for name, item in zip(names, arguments, strict=False)
    )


def shown(outputs: Outputs | Arguments) -> str:
    if outputs is None:
        return "`None`"
    return ", ".join(f"`{_number(item)}`" for item in outputs)


def _number(value: Any) -> str:
    array: Array = np.asarray(value)
    if array.dtype == bool:
        return str(array.tolist())
    text = np.array2string(array, precision=6, separator=", ", threshold=24, edgeitems=2)
    return " ".join(text.split())


def told(error: BaseException) -> str:
    """Tell an exception in one line: its type, its text and the line of the answer."""
    line = ""
    trace = error.__traceback__
    here = os.path.dirname(__file__)
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if not name.startswith((here, sys.prefix, sys.base_prefix)):
            line = f" (line {trace.tb_lineno} of your code)"
        trace = trace.tb_next
    try:
        text = str(error)
    except BaseException:
        text = "its message cannot be shown"
    text = " ".join(text.split())[:300].replace("`", "'")
    return (
        f"`{type(error).__name__}: {text}`{line}" if text else f"`{type(error).__name__}`{line}"
    )
