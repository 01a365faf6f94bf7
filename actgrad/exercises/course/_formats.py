"""The gradebook as Canvas, Moodle and a spreadsheet read it.

Canvas: its importer (``lib/gradebook_importer.rb``) wants a first column with "Student", a
second with "ID", the last of the student's columns called "Section", then assignments; a row
"Points Possible" gives the points of a new one, and numbers have two digits after the point.
Moodle: the grading worksheet goes back with its column "Grade" filled (its importer,
``assignfeedback_offline``, wants "Identifier", "Grade" and "Last modified (grade)"); the
import of a CSV file into the gradebook takes any columns and asks what they mean
(https://docs.moodle.org/405/en/Grade_import).
"""

import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from actgrad.exercises.course._faults import InputError
from actgrad.exercises.course._gradebook import Entry, Gradebook
from actgrad.exercises.course._handout import number
from actgrad.exercises.course._roster import Roster
from actgrad.exercises.course._tables import plain_name
from actgrad.exercises.grading._run import safe

Rows = list[list[str]]
CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
CANVAS_STUDENT = (*CANVAS_COLUMNS[:4], "Integration ID", "Root Account", "Section")
MOODLE_COLUMNS = ("First name", "Last name", "ID number", "Email address")
WORKSHEET = ("Identifier", "Grade", "Last modified (grade)")


def points(value: Decimal | None) -> str:
    """Return points as both systems write them: two digits after the point, at most."""
    if value is None:
        return ""
    return number(value.quantize(Decimal("0.01"), ROUND_HALF_UP))


def wide(book: Gradebook, roster: Roster | None) -> Rows:
    """Return a row for each student, with a column for each exercise."""
    ids = [item.id for item in book.assignment.items]
    late = ["days_late"] if book.assignment.late else []
    rows = [
        ["student", "name", *ids, *late, "total", "max_points", "percent", "note", "comment"]
    ]
    most = book.assignment.max_points
    for entry in book.entries:
        notes = [*entry.notes, *(["not in the roster"] if roster and not entry.person else [])]
        share = None if entry.total is None else 100 * entry.total / most
        rows.append(
            [
                entry.student,
                entry.person.name if entry.person else "",
                *(points(entry.grades[id].points) for id in ids),
                *([str(entry.days_late)] if late else []),
                points(entry.total),
                points(most),
                points(share),
                "; ".join(notes),
                entry.comment,
            ]
        )
    return rows


def canvas(book: Gradebook, roster: Roster | None) -> Rows:
    """Return what Canvas imports into its gradebook.

    Raises
    ------
    InputError
        Without a roster.
    """
    if roster is None:
        raise InputError("Canvas needs --roster: its own export of the gradebook is one")
    title = book.assignment.title
    columns = list(CANVAS_COLUMNS)
    if roster.form == "canvas":
        columns = [name for name in roster.columns if name in CANVAS_STUDENT]
        # The column of an assignment that is there already has its number behind the title.
        there = [c for c in roster.columns if re.fullmatch(rf"{re.escape(title)} \(\d+\)", c)]
        title = there[0] if there else title
    blank = [""] * (len(columns) - 1)
    rows = [
        [*columns, title],
        ["    Points Possible", *blank, points(book.assignment.max_points)],
    ]
    for entry in _in_roster(book):
        assert entry.person is not None
        cells = entry.person.cells
        if roster.form != "canvas":
            mail = entry.person.email
            known = {"Student": entry.person.name, "SIS Login ID": entry.student or mail}
            named = {plain_name(name): value for name, value in cells.items()}
            cells = {c: known.get(c) or named.get(plain_name(c), "") for c in columns}
            cells["ID"] = ""
        rows.append([*(cells[name] for name in columns), points(entry.total)])
    return rows


def moodle(book: Gradebook, roster: Roster | None) -> Rows:
    """Return what Moodle imports: the grading worksheet, or a table for its gradebook.

    Raises
    ------
    InputError
        Without a roster, or with a worksheet that lacks a column.
    """
    if roster is None:
        raise InputError("Moodle needs --roster: the assignment's grading worksheet is one")
    if roster.form == "moodle":
        return _worksheet(book, roster)
    rows = [[*MOODLE_COLUMNS, book.assignment.title, "Feedback comments"]]
    for entry in _in_roster(book):
        assert entry.person is not None
        cells = {plain_name(name): value for name, value in entry.person.cells.items()}
        first, _, last = entry.person.name.partition(" ")
        known = [
            cells.get("first name") or first,
            cells.get("last name") or cells.get("surname") or last,
            cells.get("id number") or entry.student,
            entry.person.email,
        ]
        rows.append([*known, points(entry.total), entry.comment])
    return rows


def _worksheet(book: Gradebook, roster: Roster) -> Rows:
    missing = [name for name in WORKSHEET if name not in roster.columns]
    if missing:
        raise InputError(
            f"{roster.path}, line 1: a grading worksheet of Moodle has the columns "
            f"{', '.join(WORKSHEET)}; here {', '.join(missing)} is missing: download it "
            "again, in English"
        )
    rows = [list(roster.columns)]
    for entry in _in_roster(book):
        assert entry.person is not None
        cells = dict(entry.person.cells)
        most = cells.get("Maximum Grade", "").replace(",", ".").strip()
        scale = (
            Decimal(most) / book.assignment.max_points if re.fullmatch(r"[\d.]+", most) else 1
        )
        cells["Grade"] = points(None if entry.total is None else entry.total * scale)
        if "Feedback comments" in cells and entry.comment:
            cells["Feedback comments"] = entry.comment
        rows.append([cells[name] for name in roster.columns])
    return rows


def _in_roster(book: Gradebook) -> Sequence[Entry]:
    return [entry for entry in book.entries if entry.person is not None]


FORMATS: dict[str, Callable[[Gradebook, Roster | None], Rows]] = {
    "canvas": canvas,
    "moodle": moodle,
    "wide": wide,
}


def spreadsheet(rows: Rows) -> Rows:
    """Return rows in which no cell is taken for a formula; a mere dash is none."""
    return [[cell if cell == "-" else safe(cell) for cell in row] for row in rows]
