"""Practice: instant answers to "is this right, and if not, why?", as often as one likes."""

import difflib
import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from actgrad.exercises._compare import (
    Cases,
    Fault,
    Outputs,
    answer_text,
    as_outputs,
    copied,
    fault,
    is_starter,
    judge_expression,
    recognise,
)
from actgrad.exercises._exercise import (
    Arguments,
    Array,
    Exercise,
    ExpressionExercise,
    FunctionExercise,
    Mistake,
    Part,
)
from actgrad.exercises._expression import ExpressionError
from actgrad.exercises.catalog import EXERCISES

Status = Literal["right", "wrong", "not attempted", "unknown"]

NOT_A_GRADE = (
    "Practice, not a grade: a grade tests the same ideas on numbers that only your "
    "instructor knows."
)
_HEADS: dict[Status, str] = {
    "right": "Right.",
    "wrong": "Not yet.",
    "not attempted": "Not attempted.",
    "unknown": "No such exercise.",
}


@dataclass(frozen=True)
class Verdict:
    """What `check` says: ``status``, ``message`` (Markdown), ``mistake`` (its id or None).

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
    near = difflib.get_close_matches(str(id), EXERCISES, n=3, cutoff=0.4)
    advice = "did you mean " + " or ".join(f"`{name}`" for name in near) if near else ""
    advice = advice or "`python -m actgrad exercises` lists them"
    raise KeyError(f"there is no exercise {str(id)[:80]!r}; {advice}")


def check(id: str, answer: Any = None) -> Verdict:
    """Say whether an answer is right and, where it is not, why.

    Parameters
    ----------
    id : str
        The exercise, such as ``"sigmoid-gradient"``.
    answer : callable, str or number
        The function itself for *implement* and *find-the-bug*, a text such as ``"y*(1-y)"``
        (or a SymPy expression) for *derive*, a number for *predict*.

    Returns
    -------
    Verdict
        Never a grade; shown as Markdown in a notebook, ``print`` it in a script.

    Notes
    -----
    Whatever the answer does, this returns: an exception in it becomes part of the verdict.
    Inputs are random and the same in every session. A known mistake is recognised by its
    values; otherwise the smallest input that fails is shown, and nothing that gives the
    solution away.
    """
    try:
        exercise = find(id)
    except KeyError as error:
        return Verdict(str(id), "unknown", str(error.args[0]))
    try:
        if isinstance(exercise, ExpressionExercise):
            return _check_expression(exercise, answer)
        assert isinstance(exercise, FunctionExercise)
        return _check_function(exercise, answer)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return Verdict(exercise.id, "wrong", f"Checking the answer failed: {_told(error)}.")


def hint(id: str) -> Hint:
    """Return the next hint of an exercise: each call goes one further.

    Parameters
    ----------
    id : str
        The exercise.

    Returns
    -------
    Hint
        After the last one it says so, and the next call begins again.
    """
    try:
        exercise = find(id)
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


def _check_expression(exercise: ExpressionExercise, answer: Any) -> Verdict:
    if answer is None or answer is ... or (isinstance(answer, str) and not answer.strip()):
        what = "a number" if not exercise.letters else "an expression, such as `'y*(1-y)'`"
        return Verdict(exercise.id, "not attempted", f"Pass {what}.")
    try:
        text = answer_text(answer)
        found = judge_expression(exercise, text, np.random.default_rng(exercise.seed("check")))
    except (ExpressionError, TypeError) as error:
        return Verdict(exercise.id, "wrong", f"The answer cannot be read: {error}.")
    if found.right:
        return Verdict(exercise.id, "right", _confirmation(exercise, text))
    mistake = found.mistake.id if found.mistake else None
    message = found.mistake.says if found.mistake else ""
    if not exercise.letters:
        close = f" within {exercise.rtol:.0%}" if exercise.rtol >= 1e-3 else ""
        message = message or f"{found.got:.6g} is not the answer{close}."
        return Verdict(exercise.id, "wrong", message, mistake)
    at = ", ".join(f"{letter} = {value:.6g}" for letter, value in found.where.items())
    numbers = f"At {at} it gives {found.got:.6g}; expected {found.expected:.6g}."
    return Verdict(exercise.id, "wrong", f"{message}\n\n{numbers}".strip(), mistake)


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


def _check_function(exercise: FunctionExercise, answer: Any) -> Verdict:
    if answer is None or answer is ...:
        return Verdict(exercise.id, "not attempted", f"Pass your `{exercise.name}`.")
    if not callable(answer):
        return Verdict(
            exercise.id,
            "wrong",
            f"Pass the function itself, `check({exercise.id!r}, {exercise.name})`, without "
            f"calling it; got {type(answer).__name__}.",
        )
    done: list[tuple[Part, Cases]] = []
    failed: list[tuple[Part, Cases]] = []
    for part in exercise.parts:
        results: list[tuple[Arguments, Outputs]] = []
        for arguments in part.draw(np.random.default_rng(exercise.seed(part.name))):
            try:
                results.append((arguments, _call(answer, arguments)))
            except KeyboardInterrupt:
                raise
            except NotImplementedError:
                return _not_attempted(exercise)
            except BaseException as error:
                message = f"{_told(error)}, at {_inputs(arguments, exercise)}."
                return Verdict(exercise.id, "wrong", message)
        if all(got is None for _, got in results):
            return _not_attempted(exercise)
        right = not any(_fault(exercise, part, *case) for case in results)
        (done if right else failed).append((part, results))
    if not failed:
        return Verdict(
            exercise.id, "right", f"All parts pass. You have learnt: {exercise.learnt}."
        )
    if exercise.kind == "find-the-bug" and is_starter(exercise, failed + done):
        return Verdict(
            exercise.id,
            "not attempted",
            "This still computes what the given function computes: its bug is in it.",
        )
    return _explain(exercise, answer, failed, recognise(exercise, failed + done))


def _not_attempted(exercise: FunctionExercise) -> Verdict:
    return Verdict(
        exercise.id,
        "not attempted",
        f"`{exercise.name}` returns nothing. If you have begun, is there a `return`?",
    )


def _call(answer: Any, arguments: Arguments) -> Outputs:
    # The answer's overflow warnings are its own affair: the values are judged, and the reader
    # sees the warnings when calling the function without `check`.
    with np.errstate(all="ignore"):
        result = answer(*copied(arguments))
    return None if result is None or result is ... else as_outputs(result)


def _fault(
    exercise: FunctionExercise, part: Part, arguments: Arguments, got: Outputs
) -> Fault | None:
    low, high = exercise.expected(arguments)
    return fault(got, low, high, part.rtol, part.atol)


def _explain(
    exercise: FunctionExercise,
    answer: Any,
    failed: Sequence[tuple[Part, Cases]],
    mistake: Mistake | None,
) -> Verdict:
    part, cases = failed[0]
    arguments, got, found = next(
        (*case, why) for case in cases if (why := _fault(exercise, part, *case))
    )
    arguments, got = _smallest(exercise, part, answer, arguments, got)
    low, high = exercise.expected(arguments)
    lines = [mistake.says if mistake else f"In the part *{part.name}*, {found.reason}."]
    lines.append(f"Smallest failing input: {_inputs(arguments, exercise)}.")
    if found.kind != "shape":
        wanted = _shown(low)
        if _shown(high) != wanted:
            wanted = f"anything from {wanted} to {_shown(high)}"
        lines.append(f"Got {_shown(got)}; expected {wanted}.")
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
            result = _call(answer, single)
            if result is not None and _fault(exercise, part, single, result):
                return single, result
        except Exception:
            continue
    return arguments, got


def _inputs(arguments: Arguments, exercise: FunctionExercise) -> str:
    names = exercise.signature.partition("(")[2].rstrip(")").split(", ")
    return ", ".join(
        f"`{name.partition('=')[0]} = {_number(item)}`"
        for name, item in zip(names, arguments, strict=False)
    )


def _shown(outputs: Outputs | Arguments) -> str:
    if outputs is None:
        return "`None`"
    return ", ".join(f"`{_number(item)}`" for item in outputs)


def _number(value: Any) -> str:
    array: Array = np.asarray(value)
    if array.dtype == bool:
        return str(array.tolist())
    text = np.array2string(array, precision=6, separator=", ", threshold=24, edgeitems=2)
    return " ".join(text.split())


def _told(error: BaseException) -> str:
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
