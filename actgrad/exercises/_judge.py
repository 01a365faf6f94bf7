"""The one judge: practice and the grader ask it, each with its own way to get values.

So practice calls right what the grade gives full points, and nothing else.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from actgrad.atlas import ParseError
from actgrad.exercises._compare import (
    Fault,
    Outputs,
    as_outputs,
    fault,
    run_text,
    same,
    within,
)
from actgrad.exercises._exercise import (
    Arguments,
    ExpressionExercise,
    FunctionExercise,
    Mistake,
    Part,
    Prove,
)

ROUNDED = 0.01  # a number this near, relatively, was rounded, or nearly right
CLOSE = "Close, but not the number: give more digits, or an exact form such as `ln 2`."

Cases = Sequence[tuple[Arguments, Outputs]]
Status = Literal[
    "right", "partly right", "wrong", "not attempted", "error", "time limit", "crashed"
]


class NoValues(Exception):
    """A call brought no values back: why, in one word and in a sentence."""

    def __init__(self, kind: Literal["error", "time limit", "crashed"], reason: str) -> None:
        super().__init__(reason)
        self.fault = Fault(kind, reason)


@dataclass(frozen=True)
class PartJudgement:
    """What came back for one part and, where it is not right, the first fault and its input."""

    part: Part
    cases: Cases
    fault: Fault | None = None
    at: Arguments = ()

    @property
    def points(self) -> int:
        """All points of the part or none."""
        return 0 if self.fault else self.part.points


@dataclass(frozen=True)
class FunctionJudgement:
    """A status, what became of each part, and the known mistake whose values came back."""

    status: Status
    parts: tuple[PartJudgement, ...]
    mistake: Mistake | None = None

    @property
    def is_final(self) -> bool:
        """Whether the answer ended the process that was to give it."""
        return self.status in ("time limit", "crashed")


def judge_function(
    exercise: FunctionExercise,
    draw: Callable[[Part], Sequence[Arguments]],
    call: Callable[[Arguments, Arguments], Outputs],
) -> FunctionJudgement:
    """Judge a function by its values.

    Parameters
    ----------
    exercise : FunctionExercise
    draw : callable
        ``draw(part)`` returns the inputs of a part.
    call : callable
        ``call(arguments, expected)`` returns what the function does, None for nothing;
        ``expected`` says only how much may come back. Raises `NoValues`.

    Returns
    -------
    FunctionJudgement
    """
    parts: list[PartJudgement] = []
    for part in exercise.parts:
        last = parts[-1].fault if parts else None
        if last and last.kind in ("time limit", "crashed", "not run"):
            parts.append(PartJudgement(part, (), Fault("not run", "not run")))
        else:
            parts.append(_judge_part(exercise, part, draw(part), call))
    status = _status(exercise, parts)
    # What failed comes first: it tells a mistake better than what is right in both.
    compared = sorted((part for part in parts if part.cases), key=lambda part: not part.fault)
    known = status in ("partly right", "wrong", "error") and compared and compared[0].fault
    return FunctionJudgement(
        status, tuple(parts), recognise(exercise, compared) if known else None
    )


def _judge_part(
    exercise: FunctionExercise,
    part: Part,
    inputs: Sequence[Arguments],
    call: Callable[[Arguments, Arguments], Outputs],
) -> PartJudgement:
    """Run every case and keep the first fault; one that brings no values ends the part."""
    cases: list[tuple[Arguments, Outputs]] = []
    first: tuple[Fault | None, Arguments] = (None, ())
    for arguments in inputs:
        low, high = exercise.expected(arguments)
        try:
            got = call(arguments, low)
        except NoValues as trouble:
            return PartJudgement(part, (), trouble.fault, arguments)
        cases.append((arguments, got))
        if first[0] is None:
            first = (fault(got, low, high, part.rtol, part.atol), arguments)
    return PartJudgement(part, tuple(cases), *first)


def _status(exercise: FunctionExercise, parts: Sequence[PartJudgement]) -> Status:
    kinds = {item.fault.kind if item.fault else "right" for item in parts}
    if "time limit" in kinds:
        return "time limit"
    if "crashed" in kinds:
        return "crashed"
    if kinds == {"right"}:
        return "right"
    if "error" not in kinds:
        empty = all(got is None for item in parts for _, got in item.cases)
        if empty or (exercise.kind == "find-the-bug" and _is_starter(exercise, parts)):
            return "not attempted"
    if "right" in kinds:
        return "partly right"
    return "error" if "error" in kinds else "wrong"


def recognise(exercise: FunctionExercise, parts: Sequence[PartJudgement]) -> Mistake | None:
    """Find the known mistake whose values were returned.

    Parameters
    ----------
    exercise : FunctionExercise
    parts : sequence of PartJudgement
        What came back; the first failing part first.

    Returns
    -------
    Mistake or None
        The mistake that agrees everywhere, else one that agrees in the first failing part.
    """
    for some in (parts, parts[:1]):
        for mistake in exercise.mistakes:
            if all(_alike(exercise, mistake.wrong, item) for item in some):
                return mistake
    return None


def _is_starter(exercise: FunctionExercise, parts: Sequence[PartJudgement]) -> bool:
    return all(_alike(exercise, exercise.starter, item) for item in parts)


def _alike(exercise: FunctionExercise, text: str, item: PartJudgement) -> bool:
    part = item.part
    return all(
        got is not None and same(got, run_text(exercise, text, arguments), part.rtol, part.atol)
        for arguments, got in item.cases
    )


def answer_text(answer: Any) -> str:
    """Return the text of an answer to a derive or predict exercise.

    Raises
    ------
    TypeError
        Where the answer is neither text nor one real number.
    """
    if isinstance(answer, str):
        return answer
    try:
        values = as_outputs(answer)
    except TypeError:
        what = type(answer).__name__
        raise TypeError(f"the answer must be a text or one number, not {what}") from None
    if len(values) != 1 or values[0].shape != ():
        shapes = " and ".join(str(value.shape) for value in values)
        raise TypeError(
            f"the answer must be a text or one number, not values of shape {shapes}"
        )
    if values[0].dtype.kind == "b":
        raise TypeError("the answer must be a text or one number, not True or False")
    return repr(float(values[0]))


def close_to(exercise: ExpressionExercise) -> float:
    """How far, relatively, a number may be from an exercise's answer to be called close."""
    return max(ROUNDED, 3 * exercise.rtol)


@dataclass(frozen=True)
class ExpressionJudgement:
    """A status and what it rests on: ``where`` is the simplest wrong point."""

    status: Literal["right", "wrong", "not attempted", "error"]
    reason: str = ""
    mistake: Mistake | None = None
    where: Mapping[str, float] = field(default_factory=dict)
    got: float = math.nan
    expected: float = math.nan


def judge_expression(
    exercise: ExpressionExercise, answer: Any, rng: np.random.Generator, count: int = 40
) -> ExpressionJudgement:
    """Compare an expression or a number with the solution at random points."""
    if answer is None or answer is ... or (isinstance(answer, str) and not answer.strip()):
        return ExpressionJudgement("not attempted")
    values = exercise.points_at(rng, count)
    try:
        got = exercise.values(answer_text(answer), values)
    except (ParseError, TypeError) as error:
        return ExpressionJudgement("error", f"The answer cannot be read: {error}")
    expected = exercise.values(exercise.solution, values)
    inside = within(got, expected, expected, exercise.rtol, exercise.atol)
    if np.all(inside):
        return ExpressionJudgement("right")
    mistake = None
    for known in exercise.mistakes:
        wrong = exercise.values(known.wrong, values)
        if np.all(within(got, wrong, wrong, exercise.rtol, exercise.atol)):
            mistake = known
            break
    sizes = sum((np.abs(values[letter]) for letter in exercise.variables), np.zeros(len(got)))
    index = int(np.argmin(np.where(inside, np.inf, sizes)))
    where = {letter: float(value[index]) for letter, value in values.items()}
    return ExpressionJudgement(
        "wrong", "", mistake, where, float(got[index]), float(expected[index])
    )


@dataclass(frozen=True)
class ProofJudgement:
    """A status, the points for rules and for the last line, and what was said of each line."""

    status: Status
    reason: str = ""
    rules: tuple[str, ...] = ()
    lines: Sequence[Mapping[str, Any]] = ()
    open: Sequence[str] = ()
    mistake: Mistake | None = None
    step_points: int = 0
    goal_points: int = 0

    @property
    def points(self) -> int:
        """The points together."""
        return self.step_points + self.goal_points


def judge_proof(
    exercise: Prove,
    answer: Any,
    prove: Callable[[dict[str, Any], str], Mapping[str, Any]],
) -> ProofJudgement:
    """Judge a derivation by its lines.

    Parameters
    ----------
    exercise : Prove
    answer : str
        The lines, one a row.
    prove : callable
        ``prove(task, text)`` returns what `actgrad.derivations.check_proof` says of a text, as
        plain data. Raises `NoValues` where it does not come back, `ValueError` for a text
        that is no derivation.

    Returns
    -------
    ProofJudgement
        A point for each rule that counts and that a line shows before the first wrong one, up
        to as many as are asked for; the other points where no line is wrong and the last is
        what was asked for. Lines that lead nowhere bring nothing.
    """
    if answer is None or answer is ... or (isinstance(answer, str) and not answer.strip()):
        return ProofJudgement("not attempted")
    if not isinstance(answer, str):
        what = type(answer).__name__
        return ProofJudgement("error", f"the answer must be one text, a line a row, not {what}")
    task = exercise.task
    assert task is not None, "an exercise to prove has a start"
    try:
        said = prove(task, answer)
    except ValueError as error:
        return ProofJudgement("error", str(error))
    except NoValues as trouble:
        kind = trouble.fault.kind
        return ProofJudgement("crashed" if kind == "crashed" else "time limit", str(trouble))
    lines, right = said["lines"], bool(said["right"])
    if not lines:
        return ProofJudgement("not attempted")
    shown = tuple(name for name in exercise.rules if name in said["rules"])
    step_points = min(len(shown), exercise.most)
    goal_points = exercise.points - exercise.most if right else 0
    points = step_points + goal_points
    full = points == exercise.points
    return ProofJudgement(
        "right" if full else "partly right" if points else "wrong",
        "",
        shown,
        lines,
        said["open"],
        _known_slip(exercise, lines[-1]),
        step_points,
        goal_points,
    )


def _known_slip(exercise: Prove, line: Mapping[str, Any]) -> Mistake | None:
    """Return the mistake of the first wrong line, where it is one and only one."""
    slips = line["slips"]
    if len(slips) != 1:
        return None
    id = slips[0]["name"].replace(" ", "-")
    known = (mistake for mistake in exercise.mistakes if mistake.id == id)
    return next(known, Mistake(id, slips[0]["says"], line["after"]))
