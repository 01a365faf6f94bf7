"""Answers in words: a table with a row for each line of the rubric, which a person fills in."""

import pathlib
from collections.abc import Mapping
from decimal import Decimal

from actgrad.exercises.course._assignment import Assignment
from actgrad.exercises.course._faults import InputError
from actgrad.exercises.course._tables import one_each, points_in, read_table
from actgrad.exercises.grading._run import unsafe

MARKS = ("student", "exercise", "criterion", "max_points", "points", "comment", "answer")
Place = tuple[str, str, str]


def rows(
    assignment: Assignment,
    answers: Mapping[tuple[str, str], str],
    before: Mapping[Place, Mapping[str, str]],
) -> tuple[list[list[str]], list[str]]:
    """Return the table, with what was marked before, and what an instructor should look at.

    Parameters
    ----------
    assignment : Assignment
    answers : mapping
        The text of each student and question.
    before : mapping
        The rows of the table as it is, by student, question and criterion.
    """
    made, remarks = [list(MARKS)], []
    students = list(dict.fromkeys(student for student, _ in answers))
    for student in students:
        for item in assignment.explain:
            answer = answers[student, item.id]
            for number, (criterion, most) in enumerate(item.rubric):
                was = before.get((student, item.id, criterion), {})
                marked = was.get("points", ""), was.get("comment", "")
                shown = "" if number else answer
                made.append([student, item.id, criterion, f"{most:f}", *marked, shown])
                if marked[0] and not number and was.get("answer", "").strip() != answer.strip():
                    remarks.append(
                        f"{student}: {item.id} is marked, and the answer has changed"
                    )
    return made, remarks


def read_rows(path: pathlib.Path) -> dict[Place, Mapping[str, str]]:
    """Read the table that `rows` made.

    Raises
    ------
    InputError
        Where it is another, or has a row twice.
    """
    table = read_table(path)
    if table.columns != MARKS:
        raise InputError(f"{path}, line 1: this is no table of marks ({','.join(MARKS)})")
    found: dict[Place, Mapping[str, str]] = {}
    seen = []
    for line in table.lines:
        # What was kept from being taken for a formula is itself again.
        cells = {name: unsafe(cell) for name, cell in line.cells.items()}
        student, exercise, criterion = (cells[name] for name in MARKS[:3])
        found[student, exercise, criterion] = cells
        seen.append((f"{student}, {exercise}, {criterion}", line))
        most = points_in(table, line, line.cells["max_points"])
        points = points_in(table, line, line.cells["points"])
        if points is not None and most is not None and points > most:
            raise InputError(f"{table.at(line)}: {points} points of {most}")
    one_each(table, seen)
    return found


def read_marks(
    path: pathlib.Path | None, assignment: Assignment
) -> dict[tuple[str, str], Decimal | None]:
    """Return each student's points for each question; None where a line is not filled in.

    Raises
    ------
    InputError
        Where the table cannot be used, or is not this assignment's.
    """
    if path is None:
        return {}
    rubric = {(item.id, what) for item in assignment.explain for what, _ in item.rubric}
    found: dict[tuple[str, str], Decimal | None] = {}
    for (student, exercise, criterion), cells in read_rows(path).items():
        if (exercise, criterion) not in rubric:
            raise InputError(
                f"{path}: {assignment.path} has no {exercise!r} with {criterion!r}"
            )
        total = found.get((student, exercise), Decimal(0))
        text = cells["points"].strip()
        marked = total is not None and text
        found[student, exercise] = (
            total + Decimal(text) if marked and total is not None else None
        )
    return found
