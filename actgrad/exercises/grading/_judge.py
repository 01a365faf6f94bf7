"""Grade one submission: ask the child for numbers, compare them here."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from actgrad.exercises._compare import (
    Cases,
    Outputs,
    fault,
    is_starter,
    judge_expression,
    recognise,
)
from actgrad.exercises._exercise import (
    Arguments,
    Exercise,
    ExpressionExercise,
    FunctionExercise,
    Part,
)
from actgrad.exercises._expression import ExpressionError
from actgrad.exercises.grading._inputs import generator
from actgrad.exercises.grading._sandbox import Child, ChildFault, Limits, Reply, Walls
from actgrad.exercises.grading._submission import Submission

Status = Literal[
    "right",
    "partly right",
    "wrong",
    "not attempted",
    "error",
    "time limit",
    "crashed",
    "not loaded",
]
SPARE_ROOM = 4096


@dataclass(frozen=True)
class PartResult:
    """What became of one part: its points and, where it failed, why."""

    name: str
    points: int
    max_points: int
    reason: str = ""


@dataclass(frozen=True)
class Row:
    """The grade of one student in one exercise."""

    exercise: str
    points: int
    max_points: int
    status: Status
    parts: tuple[PartResult, ...] = ()
    advice: str = ""


@dataclass(frozen=True)
class Graded:
    """A student's rows, and what happened while the submission was loaded."""

    student: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def points(self) -> int:
        """The sum of the points."""
        return sum(row.points for row in self.rows)

    @property
    def max_points(self) -> int:
        """The sum of the points that could be had."""
        return sum(row.max_points for row in self.rows)


def grade_submission(
    submission: Submission,
    exercises: Sequence[Exercise],
    secret: bytes,
    walls: Walls,
    limits: Limits,
) -> Graded:
    """Grade one submission; there is a row for every exercise, whatever it does.

    A child that dies or hangs in one exercise is replaced for the next one, so a bad answer
    costs its own points alone, and its author no more than ``limits.submission`` seconds.
    """
    rows: list[Row] = []
    notes = list(submission.problems)
    if not submission.files:
        notes.append("no .py or .ipynb file was found")
        blank = [_unrun(exercise, "not loaded") for exercise in exercises]
        return Graded(submission.student, tuple(blank), tuple(notes))
    todo = list(exercises)
    end = time.monotonic() + limits.submission
    loaded = False
    while todo and time.monotonic() < end:
        with Child(walls, limits) as child:
            try:
                deadline = min(end, time.monotonic() + limits.load)
                said = child.load(submission.files, deadline).text
            except ChildFault as trouble:
                notes.append(f"while it was loaded: {trouble}")
                rows += [_unrun(exercise, _status(trouble)) for exercise in todo]
                todo = []
                break
            if not loaded:
                notes += [line for line in said.splitlines() if line]
                loaded = True
            while todo:
                exercise = todo.pop(0)
                deadline = min(end, time.monotonic() + limits.exercise)
                row, alive = _grade(child, exercise, submission.student, secret, deadline)
                rows.append(row)
                if not alive:
                    break
    rows += [_unrun(exercise, "time limit") for exercise in todo]
    return Graded(submission.student, tuple(rows), tuple(notes))


def _unrun(exercise: Exercise, status: Status) -> Row:
    return Row(exercise.id, 0, exercise.points, status)


def _grade(
    child: Child, exercise: Exercise, student: str, secret: bytes, deadline: float
) -> tuple[Row, bool]:
    try:
        if isinstance(exercise, FunctionExercise):
            return _grade_function(child, exercise, student, secret, deadline)
        assert isinstance(exercise, ExpressionExercise)
        return _grade_expression(child, exercise, student, secret, deadline), True
    except ChildFault as trouble:
        return Row(
            exercise.id, 0, exercise.points, _status(trouble), advice=f"{trouble}."
        ), False


def _status(trouble: ChildFault) -> Status:
    return "time limit" if trouble.kind == "time limit" else "crashed"


def _grade_expression(
    child: Child, exercise: ExpressionExercise, student: str, secret: bytes, deadline: float
) -> Row:
    reply = child.read(exercise.name, deadline)
    empty = reply.kind == "text" and not reply.text.strip()
    if reply.kind in ("missing", "nothing") or empty:
        return _unrun(exercise, "not attempted")
    if reply.kind == "error":
        return Row(exercise.id, 0, exercise.points, "error", advice=_quoted(reply.text))
    text = reply.text
    if reply.kind == "values":
        if len(reply.values) != 1 or reply.values[0].shape != ():
            return Row(
                exercise.id, 0, exercise.points, "wrong", advice="The answer is one number."
            )
        text = repr(float(reply.values[0]))
    try:
        rng = generator(secret, student, exercise.id, "points")
        found = judge_expression(exercise, text, rng)
    except ExpressionError as error:
        advice = f"The answer cannot be read: {_quoted(str(error))}"
        return Row(exercise.id, 0, exercise.points, "error", advice=advice)
    if found.right:
        return Row(exercise.id, exercise.points, exercise.points, "right")
    advice = found.mistake.says if found.mistake else ""
    return Row(exercise.id, 0, exercise.points, "wrong", advice=advice)


def _grade_function(
    child: Child, exercise: FunctionExercise, student: str, secret: bytes, deadline: float
) -> tuple[Row, bool]:
    done: list[PartResult] = []
    passed: list[tuple[Part, Cases]] = []
    failed: list[tuple[Part, Cases]] = []
    whole = True
    for part in exercise.parts:
        cases = part.draw(generator(secret, student, exercise.id, part.name))
        results: list[tuple[Arguments, Outputs]] = []
        try:
            reason, kind = _run_part(child, exercise, part, cases, results, deadline)
        except ChildFault as trouble:
            done.append(PartResult(part.name, 0, part.points, f"{trouble}"))
            done += [
                PartResult(rest.name, 0, rest.points, "not run")
                for rest in exercise.parts[len(done) :]
            ]
            return _row(exercise, done, _status(trouble), ""), False
        if kind in ("missing", "nothing"):
            return _unrun(exercise, "not attempted"), True
        done.append(PartResult(part.name, 0 if reason else part.points, part.points, reason))
        whole = whole and kind == "values"
        if kind == "values":
            (failed if reason else passed).append((part, results))
    points = sum(result.points for result in done)
    if points == exercise.points:
        return _row(exercise, done, "right", ""), True
    everything = failed + passed
    if exercise.kind == "find-the-bug" and whole and is_starter(exercise, everything):
        return _unrun(exercise, "not attempted"), True
    mistake = recognise(exercise, everything) if failed else None
    status: Status = "partly right" if points else "wrong" if whole else "error"
    return _row(exercise, done, status, mistake.says if mistake else ""), True


def _row(exercise: Exercise, done: Sequence[PartResult], status: Status, advice: str) -> Row:
    points = sum(result.points for result in done)
    return Row(exercise.id, points, exercise.points, status, tuple(done), advice)


def _run_part(
    child: Child,
    exercise: FunctionExercise,
    part: Part,
    cases: Sequence[Arguments],
    results: list[tuple[Arguments, Outputs]],
    deadline: float,
) -> tuple[str, str]:
    """Run every case; return the first reason to fail, and the kind of the last reply."""
    reason = ""
    for arguments in cases:
        low, high = exercise.expected(arguments)
        room = SPARE_ROOM + 32 * sum(int(np.size(item)) for item in low)
        reply: Reply = child.call(exercise.name, arguments, room, deadline)
        if reply.kind == "error":
            return _quoted(reply.text), "error"
        if reply.kind == "missing":
            return "there is no such function", "missing"
        got = reply.values if reply.kind == "values" else None
        results.append((arguments, got))
        found = fault(got, low, high, part.rtol, part.atol)
        if found and not reason:
            reason = found.reason
    if all(got is None for _, got in results):
        return reason, "nothing"
    return reason, "values"


def _quoted(text: str) -> str:
    """Quote what a submission said: one line of code, so that it cannot pose as feedback."""
    kept = "".join(letter if letter.isprintable() else " " for letter in text)
    return f"`{' '.join(kept.replace('`', chr(39)).split())[:300]}`"
