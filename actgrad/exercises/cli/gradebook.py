"""``python -m actgrad gradebook``: totals, for Canvas, Moodle or a spreadsheet."""

import argparse
import csv
import io
import pathlib
import sys

from actgrad.exercises.course._assignment import read_assignment
from actgrad.exercises.course._faults import InputError
from actgrad.exercises.course._formats import FORMATS, spreadsheet
from actgrad.exercises.course._gradebook import make_gradebook, read_grades
from actgrad.exercises.course._roster import read_roster

MOST_REMARKS = 50
INCOMPLETE = 3


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``gradebook``."""
    parser.add_argument(
        "grades", type=pathlib.Path, nargs="+", help="what `grade` wrote: one file a shard"
    )
    parser.add_argument("--assignment", type=pathlib.Path, required=True, help="hw1.toml")
    parser.add_argument(
        "--roster", type=pathlib.Path, help="who is in the class; Canvas' or Moodle's will do"
    )
    parser.add_argument(
        "--submitted", type=pathlib.Path, help="when answers were handed in, a .csv file"
    )
    parser.add_argument(
        "--overrides", type=pathlib.Path, help="points and comments by hand, a .csv file"
    )
    parser.add_argument(
        "--marks", type=pathlib.Path, help="the table that `marking` wrote, filled in"
    )
    parser.add_argument("--format", choices=sorted(FORMATS), default="wide")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="a .csv file")
    parser.add_argument(
        "--catalogue", type=pathlib.Path, help="a Python file with exercises of your own"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the gradebook, name what is odd and return the exit status."""
    try:
        assignment = read_assignment(options.assignment, options.catalogue)
        roster = read_roster(options.roster) if options.roster else None
        grades = read_grades(options.grades, assignment)
        book = make_gradebook(
            assignment, grades, roster, options.submitted, options.overrides, options.marks
        )
        rows = FORMATS[options.format](book, roster)
        refuse_other(
            options.out, rows[0], [*options.grades, options.roster, options.assignment]
        )
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(spreadsheet(rows))
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(text.getvalue(), encoding="utf-8")
    except InputError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}")
    for remark in book.remarks[:MOST_REMARKS]:
        print(f"gradebook: {remark}", file=sys.stderr)
    if len(book.remarks) > MOST_REMARKS:
        print(f"gradebook: {len(book.remarks) - MOST_REMARKS} remarks more", file=sys.stderr)
    print(f"{len(book.entries)} students: {options.out}", file=sys.stderr)
    return INCOMPLETE if any(entry.total is None for entry in book.entries) else 0


def refuse_other(
    out: pathlib.Path, header: list[str], inputs: list[pathlib.Path | None]
) -> None:
    """Refuse to write over an input, or over what is no gradebook of this form.

    Raises
    ------
    InputError
        The message names the file.
    """
    if not out.exists():
        return
    mine = io.StringIO()
    csv.writer(mine, lineterminator="\n").writerow(header)
    with out.open(encoding="utf-8", errors="replace") as file:
        same = file.readline().strip() == mine.getvalue().strip()
    if not same or any(path and path.exists() and path.samefile(out) for path in inputs):
        raise InputError(f"{out} is there already and no gradebook of this form; move it away")


def _fail(text: str) -> int:
    for line in text.splitlines():
        print(f"gradebook: {line}", file=sys.stderr)
    return 2
