"""Grade one submission: ask the child for numbers, judge them here."""

import dataclasses
import difflib
import re
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from actgrad.exercises import _judge
from actgrad.exercises._compare import Outputs
from actgrad.exercises._exercise import (
    Arguments,
    Exercise,
    ExpressionExercise,
    FunctionExercise,
    Prove,
)
from actgrad.exercises._judge import (
    NoValues,
    ProofJudgement,
    judge_expression,
    judge_function,
    judge_proof,
)
from actgrad.exercises.catalog import EXERCISES
from actgrad.exercises.grading._inputs import generator
from actgrad.exercises.grading._prover import prover
from actgrad.exercises.grading._sandbox import Child, ChildFault, Limits, SandboxError, Walls
from actgrad.exercises.grading._submission import Submission
from actgrad.exercises.grading._worker import NO_NOTEBOOK

Status = _judge.Status | Literal["not loaded", "unreadable", "misnamed", "grader error"]
SPARE_ROOM = 4096
# What is kept of a wrong formula.
MOST_SHOWN = 80
# How alike two names are, from 0 to 1, that may be one name misspelt.
NEAR = 0.85
_NO_IMPORT = re.compile("(ModuleNotFound|Import)Error: ")


@dataclass(frozen=True)
class PartResult:
    """What became of one part: its points and, where it failed, why."""

    name: str
    points: int
    max_points: int
    reason: str = ""


@dataclass(frozen=True)
class Row:
    """The grade of one student in one exercise.

    ``mistake`` is the id of the known mistake that came back, ``seconds`` what the grader
    took, ``fingerprint`` the same for answers that have the same code, ``answer`` a formula or
    number that is wrong in no known way; all for the report.
    """

    exercise: str
    points: int
    max_points: int
    status: Status
    parts: tuple[PartResult, ...] = ()
    advice: str = ""
    title: str = ""
    mistake: str = ""
    seconds: float = 0.0
    fingerprint: str = ""
    answer: str = ""

    @property
    def is_graded(self) -> bool:
        """Whether the points are a grade, and no fault of the grader."""
        return self.status != "grader error"

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why parts of it are not right."""
        return tuple(part.reason for part in self.parts if part.reason)


@dataclass(frozen=True)
class Graded:
    """A student's rows, and what happened while the submission was loaded.

    ``problems`` are for the instructor too, ``notes`` (statements that failed) are not;
    ``faults`` are the grader's own, and for the instructor alone.
    """

    student: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = field(default=())
    problems: tuple[str, ...] = field(default=())
    faults: tuple[str, ...] = field(default=())
    allow: tuple[str, ...] = field(default=())

    @property
    def points(self) -> int:
        """The sum of the points."""
        return sum(row.points for row in self.rows)

    @property
    def max_points(self) -> int:
        """The sum of the points that could be had."""
        return sum(row.max_points for row in self.rows)


def faults_in(
    exercises: Sequence[Exercise], secret: bytes, walls: Walls, limits: Limits
) -> dict[str, str]:
    """Hand in every reference solution, then the alternatives, which are right as well.

    Returns
    -------
    dict of str to str
        Why each exercise that fails cannot be graded.
    """
    faults: dict[str, str] = {}
    answers = {item.id: (item.solution, *item.alternatives) for item in exercises}
    for number in range(max(map(len, answers.values()), default=0)):
        what = f"its alternative {number}" if number else "its own solution"
        texts = [
            (item, answers[item.id][number])
            for item in exercises
            if item.id not in faults and number < len(answers[item.id])
        ]
        faults |= _faults_in(texts, what, secret, walls, limits)
    return faults


def _faults_in(
    answers: Sequence[tuple[Exercise, str]],
    what: str,
    secret: bytes,
    walls: Walls,
    limits: Limits,
) -> dict[str, str]:
    """Hand in one right answer to each exercise; return why each that fails does so."""
    faults: dict[str, str] = {}
    files = []
    for exercise, answer in answers:
        try:
            files.append((f"{exercise.name}.py", exercise.submission(answer).encode()))
        except Exception as error:
            faults[exercise.id] = _told(error)
    whole = [exercise for exercise, _ in answers if exercise.id not in faults]
    graded = grade_submission(Submission("", tuple(files)), whole, secret, walls, limits)
    told = dict(fault.split(": ", 1) for fault in graded.faults)
    for row in graded.rows:
        if row.status != "right":
            why = "; ".join([row.status, *row.reasons, *([row.advice] if row.advice else [])])
            faults[row.exercise] = told.get(row.exercise, f"{what} is graded: {why}")
    return faults


def grade_submission(
    submission: Submission,
    exercises: Sequence[Exercise],
    secret: bytes,
    walls: Walls,
    limits: Limits,
    faulty: Collection[str] = (),
) -> Graded:
    """Grade one submission; there is a row for every exercise, whatever it does.

    A child that dies or hangs in one exercise is replaced for the next one, so a bad answer
    costs its own points alone, and its author no more than ``limits.submission`` seconds.
    Exercises in ``faulty`` are not graded: their rows say that the grader failed.
    """
    names = frozenset(exercise.name for exercise in exercises)
    exercises = [exercise.of(submission.student) for exercise in exercises]
    grading = _Grading(submission, secret, walls, limits, names)
    if submission.files:
        grading.grade([exercise for exercise in exercises if exercise.id not in faulty])
    status: Status = "time limit" if submission.files else "not loaded"
    rows = {exercise.id: unrun(exercise, status) for exercise in exercises}
    rows |= {
        exercise.id: unrun(exercise, "grader error")
        for exercise in exercises
        if exercise.id in faulty
    }
    rows |= grading.rows
    grading.problems += missing_packages(grading.rows.values(), grading.notes)
    return Graded(
        submission.student,
        tuple(rows.values()),
        tuple(grading.notes),
        tuple(dict.fromkeys(grading.problems)),
        tuple(grading.faults),
        walls.allow,
    )


def missing_packages(rows: Collection[Row], notes: Sequence[str]) -> list[str]:
    """Return what an instructor should know of answers that need more than is there."""
    reasons = [(row.exercise, text) for row in rows for text in (row.advice, *row.reasons)]
    found = [f"{name}: {text}" for name, text in reasons if _NO_IMPORT.search(text)]
    if any(row.status in ("error", "partly right") for row in rows):
        found += [note for note in notes if _NO_IMPORT.search(note)]
    return found


def unrun(exercise: Exercise, status: Status, advice: str = "") -> Row:
    """Return the row of an exercise that brought no values."""
    return Row(exercise.id, 0, exercise.points, status, advice=advice, title=exercise.title)


def ungraded(student: str, exercises: Sequence[Exercise], error: Exception) -> Graded:
    """Return the rows of a student whom a fault of the grader left without any grade."""
    rows = tuple(unrun(exercise, "grader error") for exercise in exercises)
    return Graded(student, rows, faults=(f"every exercise: {_told(error)}",))


class _Grading:
    """One submission while it is graded."""

    def __init__(
        self,
        submission: Submission,
        secret: bytes,
        walls: Walls,
        limits: Limits,
        names: Collection[str],
    ) -> None:
        self.others = {exercise.name for exercise in EXERCISES.values()} | {*names}
        self.submission = submission
        self.secret = secret
        self.walls = walls
        self.limits = limits
        self.rows: dict[str, Row] = {}
        self.problems = list(submission.problems)
        self.notes: list[str] = []
        self.faults: list[str] = []

    def grade(self, exercises: Sequence[Exercise]) -> None:
        todo = list(exercises)
        end = time.monotonic() + self.limits.submission
        while todo and time.monotonic() < end:
            with Child(self.walls, self.limits) as child:
                try:
                    deadline = min(end, time.monotonic() + self.limits.load)
                    said = child.load(self.submission.files, deadline).text
                except ChildFault as trouble:
                    self.notes.append(f"while it was loaded: {trouble}")
                    self.rows |= {item.id: unrun(item, _status(trouble)) for item in todo}
                    return
                self.notes = self.notes or [line for line in said.splitlines() if line]
                self.problems += [note for note in self.notes if NO_NOTEBOOK in note]
                alive = True
                while todo and alive:
                    exercise = todo.pop(0)
                    begun = time.monotonic()
                    deadline = min(end, begun + self.limits.exercise)
                    row, alive = self.row(child, exercise, deadline)
                    seconds = round(time.monotonic() - begun, 4)
                    self.rows[exercise.id] = dataclasses.replace(row, seconds=seconds)

    def row(self, child: Child, exercise: Exercise, deadline: float) -> tuple[Row, bool]:
        """Return an exercise's row, and whether the child can be asked for the next one."""
        try:
            absent = self.absent(child, exercise, deadline)
            if absent:
                return absent, True
            if isinstance(exercise, FunctionExercise):
                return self.function(child, exercise, deadline)
            if isinstance(exercise, Prove):
                return self.proof(child, exercise, deadline), True
            assert isinstance(exercise, ExpressionExercise)
            return self.expression(child, exercise, deadline), True
        except ChildFault as trouble:
            return unrun(exercise, _status(trouble), f"{trouble}."), False
        except (OSError, SandboxError):
            raise
        except Exception as error:
            # A fault of ours must cost nobody the other exercises.
            self.faults.append(f"{exercise.id}: {_told(error)}")
            return unrun(exercise, "grader error"), True

    def absent(self, child: Child, exercise: Exercise, deadline: float) -> Row | None:
        """Return the row of an answer that is not there, or None where it is."""
        found = child.where(exercise.name, deadline)
        if found.kind == "text":
            places = found.text.splitlines()
            if len(places) > 1:
                self.problems.append(
                    f"{exercise.name} is defined in more than one file, and the last one "
                    f"counts: {'; '.join(places)}"
                )
            return None
        if found.kind == "unreadable":
            self.problems.append(found.text)
            return unrun(exercise, "unreadable", quoted(found.text))
        if found.kind == "error":
            return unrun(exercise, "error", quoted(found.text))
        near = nearest(exercise.name, child.names(deadline), self.others)
        if near is None:
            return unrun(exercise, "not attempted")
        self.problems.append(f"there is no {exercise.name}, but there is {near}")
        return unrun(
            exercise, "misnamed", f"There is {quoted(near)}: call it `{exercise.name}`."
        )

    def expression(self, child: Child, exercise: ExpressionExercise, deadline: float) -> Row:
        reply = child.read(exercise.name, deadline)
        if reply.kind == "error":
            return unrun(exercise, "error", quoted(reply.text))
        answer = {"text": reply.text, "values": reply.values}.get(reply.kind)
        rng = generator(self.secret, self.submission.student, exercise.id, "points")
        found = judge_expression(exercise, answer, rng)
        points = exercise.points if found.status == "right" else 0
        new = found.status == "wrong" and not found.mistake
        said = str(answer) if exercise.letters else f"{found.got:.6g}"
        return Row(
            exercise.id,
            points,
            exercise.points,
            found.status,
            advice=found.mistake.says if found.mistake else quoted(found.reason),
            title=exercise.title,
            mistake=found.mistake.id if found.mistake else "",
            answer=plain(said)[:MOST_SHOWN] if new else "",
        )

    def proof(self, child: Child, exercise: Prove, deadline: float) -> Row:
        """Grade the lines of a text: it is read here, in a process that only reads."""
        reply = child.read(exercise.name, deadline)
        if reply.kind == "error":
            return unrun(exercise, "error", quoted(reply.text))
        answer = {"text": reply.text, "values": reply.values}.get(reply.kind)
        found = judge_proof(exercise, answer, prover(self.limits))
        if not found.lines:
            return unrun(exercise, found.status, quoted(found.reason))
        parts = (
            PartResult("rules, line by line", found.step_points, exercise.most, _fault(found)),
            PartResult("the last line", found.goal_points, exercise.points - exercise.most),
        )
        return Row(
            exercise.id,
            found.points,
            exercise.points,
            found.status,
            parts,
            advice=found.mistake.says if found.mistake else "",
            title=exercise.title,
            mistake=found.mistake.id if found.mistake else "",
        )

    def function(
        self, child: Child, exercise: FunctionExercise, deadline: float
    ) -> tuple[Row, bool]:
        def call(arguments: Arguments, expected: Arguments) -> Outputs:
            room = SPARE_ROOM + 32 * sum(int(np.size(item)) for item in expected)
            try:
                reply = child.call(exercise.name, arguments, room, deadline)
            except ChildFault as trouble:
                raise NoValues(_status(trouble), f"{trouble}") from None
            if reply.kind in ("values", "nothing"):
                return reply.values or None
            raise NoValues("error", quoted(reply.text or "there is no such function"))

        student = self.submission.student
        found = judge_function(
            exercise,
            lambda part: part.draw(generator(self.secret, student, exercise.id, part.name)),
            call,
        )
        parts = tuple(
            PartResult(
                item.part.name,
                item.points,
                item.part.points,
                item.fault.reason if item.fault else "",
            )
            for item in found.parts
        )
        if found.status == "not attempted":
            return unrun(exercise, found.status), True
        points = sum(part.points for part in parts)
        row = Row(
            exercise.id,
            points,
            exercise.points,
            found.status,
            parts,
            advice=found.mistake.says if found.mistake else "",
            title=exercise.title,
            mistake=found.mistake.id if found.mistake else "",
        )
        if found.is_final:
            return row, False
        try:
            # In time of its own: an answer may have used up the exercise's.
            mark = child.fingerprint(exercise.name, time.monotonic() + self.limits.exercise)
        except ChildFault:
            return row, False
        return dataclasses.replace(row, fingerprint=mark), True


def _fault(found: ProofJudgement) -> str:
    """Return which line is at fault and why, without a value; nothing for a right answer."""
    number, last = len(found.lines), found.lines[-1]
    told = {
        "wrong": "is not equal to the line above",
        "undecided": "is neither proved nor refuted",
        "unreadable": "cannot be read",
    }.get(last["status"])
    if told:
        said = " or: ".join(slip["says"].rstrip(".") for slip in last["slips"])
        return f"line {number}, {quoted(last['after'])}, {told}{': ' * bool(said)}{said}"
    if found.open:
        return f"every line is equal; still open: {quoted('; '.join(found.open))}"
    return ""


def nearest(name: str, defined: Iterable[str], others: Collection[str]) -> str | None:
    """Return a defined name that was perhaps meant to be ``name``; no other exercise's."""
    squeezed: Mapping[str, str] = {
        word.lower().replace("_", ""): word for word in defined if word not in others
    }
    near = difflib.get_close_matches(name.replace("_", ""), squeezed, n=1, cutoff=NEAR)
    return squeezed[near[0]] if near else None


def _status(trouble: ChildFault) -> Literal["time limit", "crashed"]:
    return "time limit" if trouble.kind == "time limit" else "crashed"


def _told(error: BaseException) -> str:
    return plain(f"{type(error).__name__}: {error}")


def plain(text: str) -> str:
    """Return what a submission said as one line, so that it cannot pose as several."""
    kept = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(kept.split())[:300]


def quoted(text: str) -> str:
    """Quote what a submission said as code, so that it cannot pose as feedback."""
    return f"`{plain(text.replace('`', chr(39)))}`" if text else ""
