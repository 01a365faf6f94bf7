"""From grades to totals: weights, lateness, corrections by hand, who is missing."""

import json
import pathlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from actgrad.exercises._exercise import Exercise
from actgrad.exercises.course._assignment import Assignment
from actgrad.exercises.course._faults import InputError, nearest
from actgrad.exercises.course._marking import read_marks
from actgrad.exercises.course._roster import SUBMITTED, Person, Roster
from actgrad.exercises.course._tables import Table, one_each, points_in, read_table, read_time
from actgrad.exercises.grading._run import COLUMNS, unsafe

JOURNAL = ".journal"
Taken = TypeVar("Taken")


@dataclass(frozen=True)
class Grade:
    """The points of one student in one exercise, None where the grader failed."""

    points: Decimal | None
    status: str


UNMARKED = Grade(None, "not marked")


@dataclass(frozen=True)
class Correction:
    """What an instructor decided by hand; what is None or empty stays as it was."""

    points: Decimal | None = None
    days_late: int | None = None
    comment: str = ""


@dataclass(frozen=True)
class Entry:
    """One student's line of the gradebook.

    ``share`` is what lateness left, ``total`` the weighted points after it; None where a
    grade is not known.
    """

    student: str
    person: Person | None
    grades: Mapping[str, Grade]
    total: Decimal | None
    days_late: int = 0
    share: Decimal = Decimal(1)
    notes: tuple[str, ...] = ()
    comment: str = ""


@dataclass(frozen=True)
class Gradebook:
    """An assignment's totals, and what an instructor should know of them."""

    assignment: Assignment
    entries: tuple[Entry, ...]
    remarks: tuple[str, ...] = ()


@dataclass
class Times:
    """How many days late each student was, and who was late by nobody knows how much."""

    days: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def read_grades(
    paths: Sequence[pathlib.Path], assignment: Assignment
) -> dict[str, dict[str, Grade]]:
    """Read the grades of an assignment: tables that ``grade`` wrote, or its journals.

    Parameters
    ----------
    paths : sequence of Path
        One, or one a shard.
    assignment : Assignment

    Returns
    -------
    dict
        By student, then by exercise.

    Raises
    ------
    InputError
        Where a file holds something else, grades of another assignment, or a student who
        stands in another file as well.
    """
    found: dict[str, dict[str, Grade]] = {}
    places: dict[str, pathlib.Path] = {}
    for path in paths:
        new = _from_journal(path) if path.suffix == JOURNAL else _from_table(path)
        _refuse_another(path, new, assignment)
        for student in new:
            if student in found:
                raise InputError(
                    f"{path}: {student} has grades in {places[student]} too; give each file "
                    "once, and each student to one shard"
                )
            places[student] = path
        found |= new
    return found


def _from_table(path: pathlib.Path) -> dict[str, dict[str, Grade]]:
    table = read_table(path)
    if table.columns != COLUMNS:
        raise InputError(
            f"{path}, line 1: these are no grades; their columns are {','.join(COLUMNS)}"
        )
    found: dict[str, dict[str, Grade]] = {}
    for line in table.lines:
        student, exercise, points, _, status = (line.cells[name] for name in COLUMNS)
        grades = found.setdefault(unsafe(student), {})
        if exercise in grades:
            raise InputError(f"{table.at(line)}: {exercise} of {student} stands there twice")
        grades[exercise] = Grade(points_in(table, line, points), status)
    return found


def newest(path: pathlib.Path, take: Callable[[dict[str, Any]], Taken]) -> dict[str, Taken]:
    """Return what is taken of the newest record of each student in a journal.

    Raises
    ------
    InputError
        Where it cannot be read, or is no journal of this version.
    """
    found: dict[str, Taken] = {}
    number = 0
    try:
        with path.open("rb") as file:
            for line in file:
                number += 1
                # Half a line is left where a run was killed: it is not a grade.
                if line.endswith(b"\n"):
                    graded = json.loads(line)["graded"]
                    found[graded["student"]] = take(graded)
    except OSError as error:
        raise InputError(f"the journal cannot be read: {path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise InputError(f"{path}, line {number}: this is no journal of this version") from None
    return found


def _from_journal(path: pathlib.Path) -> dict[str, dict[str, Grade]]:
    def grades(graded: dict[str, Any]) -> dict[str, Grade]:
        return {row["exercise"]: _grade(row) for row in graded["rows"]}

    return newest(path, grades)


def _grade(row: Mapping[str, Any]) -> Grade:
    failed = row["status"] == "grader error"
    return Grade(None if failed else Decimal(row["points"]), row["status"])


def _refuse_another(
    path: pathlib.Path, found: Mapping[str, Mapping[str, Grade]], assignment: Assignment
) -> None:
    wanted = {exercise.id for exercise in assignment.exercises}
    for student, grades in found.items():
        if set(grades) != wanted:
            other = sorted(set(grades) ^ wanted)
            raise InputError(
                f"{path}: the grades of {student} are not those of {assignment.path}: they "
                f"differ in {', '.join(other[:5])}; grade again with --assignment"
            )


def read_times(
    assignment: Assignment, roster: Roster | None, path: pathlib.Path | None
) -> Times:
    """Return how late each student was, by a table of times, else by the roster.

    A file's own time says nothing: whoever sends it sets it, and archives lose it.

    Raises
    ------
    InputError
        Where a time cannot be read.
    """
    times = Times()
    if assignment.late is None:
        return times
    if path is not None:
        _times_of_table(assignment, roster, read_table(path), times)
    elif roster is not None and roster.knows_times:
        moodle = roster.form == "moodle"
        zone, column = (assignment.due.tzinfo, SUBMITTED) if moodle else (None, "submitted")
        for person in roster.people:
            when = read_time(person.submitted, f"{person.where}: {column}", zone)
            if when is not None:
                times.days[person.student] = assignment.days_late(when)
    else:
        times.remarks.append(
            "nobody is counted as late: neither --submitted nor the roster says when answers "
            "were handed in"
        )
    return times


def _times_of_table(
    assignment: Assignment, roster: Roster | None, table: Table, times: Times
) -> None:
    seen = []
    zone = assignment.due.tzinfo
    for line in table.lines:
        name = line.get("student", "identifier")
        person = roster.find(name.removeprefix("Participant ")) if roster else None
        student = person.student if person else name
        seen.append((student, line))
        days = line.get("days late")
        when = read_time(line.get("submitted", SUBMITTED), f"{table.at(line)}: submitted", zone)
        if days:
            if not days.isdecimal():
                raise InputError(f"{table.at(line)}: days_late: {days!r} is no whole number")
            times.days[student] = int(days)
        elif when is not None:
            times.days[student] = assignment.days_late(when)
        elif line.get("late"):
            times.unknown[student] = f"{student} (line {line.number})"
    one_each(table, seen)


def read_corrections(
    path: pathlib.Path | None, assignment: Assignment, known: Mapping[str, str]
) -> dict[tuple[str, str], Correction]:
    """Read what was decided by hand; grading never writes into this file.

    Parameters
    ----------
    path : Path, optional
        A table with the columns ``student``, ``exercise``, ``points``, ``days_late`` and
        ``comment``. Where ``exercise`` is empty, the points are the whole assignment's.
    assignment : Assignment
    known : mapping of str to str
        The student for each name that may stand in the table.

    Raises
    ------
    InputError
        Where it names nobody, no exercise, or nothing to do.
    """
    if path is None:
        return {}
    table = read_table(path)
    ids = [exercise.id for exercise in assignment.items]
    found: dict[tuple[str, str], Correction] = {}
    seen = []
    for line in table.lines:
        name, exercise = line.get("student"), line.get("exercise")
        if name not in known:
            raise InputError(f"{table.at(line)}: student: there is no {name!r}")
        if exercise and exercise not in ids:
            raise InputError(
                f"{table.at(line)}: exercise: there is no {exercise!r}; "
                f"{nearest(exercise, ids)}"
            )
        days = line.get("days late")
        if days and (exercise or not days.isdecimal()):
            raise InputError(
                f"{table.at(line)}: days_late: a whole number, in a row without an exercise"
            )
        points = points_in(table, line, line.get("points"))
        comment = line.get("comment")
        if points is None and not days and not comment:
            raise InputError(
                f"{table.at(line)}: it changes nothing: fill points, days_late or comment"
            )
        place = (known[name], exercise)
        seen.append((" ".join(filter(None, place)), line))
        found[place] = Correction(points, int(days) if days else None, comment)
    one_each(table, seen)
    return found


def make_gradebook(
    assignment: Assignment,
    grades: Mapping[str, Mapping[str, Grade]],
    roster: Roster | None,
    submitted: pathlib.Path | None = None,
    overrides: pathlib.Path | None = None,
    marks: pathlib.Path | None = None,
) -> Gradebook:
    """Return everybody's totals: those in the roster first, then those who are not in it.

    Raises
    ------
    InputError
        Where a table cannot be used, two folders belong to one student, or somebody was
        late and nobody says how much.
    """
    times = read_times(assignment, roster, submitted)
    by_student: dict[str, tuple[str, Mapping[str, Grade]]] = {}
    strangers = []
    for name, rows in grades.items():
        person = roster.find(name) if roster else None
        student = person.student if person else name
        if student in by_student:
            raise InputError(
                f"{roster and roster.path}: {name} and {by_student[student][0]} are folders of "
                "one student"
            )
        by_student[student] = (name, rows)
        strangers += [name] if roster and person is None else []
    people = {person.student: person for person in roster.people} if roster else {}
    known = {name: person.student for person in people.values() for name in person.names}
    known |= {name: name for name in by_student}
    known |= {name: student for student, (name, _) in by_student.items()}
    corrections = read_corrections(overrides, assignment, known)
    marked = {
        (known.get(student, student), id): Grade(points, "marked")
        for (student, id), points in read_marks(marks, assignment).items()
    }
    decided = {who for (who, _), item in corrections.items() if item.days_late is not None}
    unknown = [where for who, where in times.unknown.items() if who not in decided]
    if unknown:
        raise InputError(
            f"{submitted}: late, and nobody says how much: {', '.join(unknown[:10])}"
            f"{f' and {len(unknown) - 10} more' if len(unknown) > 10 else ''}; write the time "
            "into the column submitted, or the days into days_late"
        )
    remarks = list(times.remarks)
    remarks += [
        f"{name} handed in and is not in {roster and roster.path}" for name in strangers
    ]
    entries = []
    for student in [*people, *sorted(by_student.keys() - people.keys())]:
        handed_in = None
        if student in by_student:
            words = {
                item.id: marked.get((student, item.id), UNMARKED) for item in assignment.explain
            }
            handed_in = {**by_student[student][1], **words}
        entry = _entry(assignment, student, people.get(student), handed_in, times, corrections)
        name = f" ({entry.person.name})" if entry.person and entry.person.name else ""
        remarks += [f"{student}{name}: {note}" for note in entry.notes]
        entries.append(entry)
    return Gradebook(assignment, tuple(entries), tuple(remarks))


def _entry(
    assignment: Assignment,
    student: str,
    person: Person | None,
    rows: Mapping[str, Grade] | None,
    times: Times,
    corrections: Mapping[tuple[str, str], Correction],
) -> Entry:
    notes = ["handed in nothing"] if rows is None else []
    grades = dict(rows or {})
    comments = []
    for exercise in assignment.items:
        grades.setdefault(exercise.id, Grade(Decimal(0), "missing"))
        decided = corrections.get((student, exercise.id))
        if decided and decided.points is not None:
            grades[exercise.id] = Grade(decided.points, "by hand")
            notes += _above(decided.points, Decimal(exercise.points), exercise.id)
        if decided and decided.comment:
            title = exercise.title if isinstance(exercise, Exercise) else exercise.question
            comments.append(f"{title}: {decided.comment}")
    whole = corrections.get((student, ""), Correction())
    days = times.days.get(student, 0) if whole.days_late is None else whole.days_late
    share = assignment.late.share(days) if assignment.late else Decimal(1)
    total: Decimal | None = Decimal(0)
    for exercise in assignment.items:
        points = grades[exercise.id].points
        if points is None:
            is_exercise = isinstance(exercise, Exercise)
            why = "has no grade: the grader failed" if is_exercise else "is not marked yet"
            notes.append(f"{exercise.id} {why}")
            total = None
        elif total is not None:
            total += points * assignment.weight(exercise.id)
    total = total * share if total is not None else None
    if whole.points is not None:
        total = whole.points
        notes += _above(total, assignment.max_points, "the assignment")
    comments = [*([whole.comment] if whole.comment else []), *comments]
    return Entry(student, person, grades, total, days, share, tuple(notes), "; ".join(comments))


def _above(points: Decimal, most: Decimal, what: str) -> list[str]:
    """Return a note on points by hand that are more than there are: wanted, or a slip."""
    return [f"by hand {points} of {most} points of {what}"] if points > most else []
