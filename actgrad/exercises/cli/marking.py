"""``python -m actgrad marking``: a table in which a person marks answers in words."""

import argparse
import csv
import io
import pathlib
import sys
import time

from actgrad.exercises.course._assignment import Assignment, read_assignment
from actgrad.exercises.course._faults import InputError
from actgrad.exercises.course._formats import spreadsheet
from actgrad.exercises.course._marking import read_rows, rows
from actgrad.exercises.grading import _run, _submission
from actgrad.exercises.grading._sandbox import (
    Child,
    ChildFault,
    Limits,
    SandboxError,
    Walls,
    choose,
)
from actgrad.exercises.grading._worker import TEXT_BYTES


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``marking``."""
    parser.add_argument(
        "submissions", type=pathlib.Path, help="a folder with one folder a student"
    )
    parser.add_argument("--assignment", type=pathlib.Path, required=True, help="hw1.toml")
    parser.add_argument(
        "--out", type=pathlib.Path, required=True, help="a .csv file; its marks are kept"
    )
    parser.add_argument(
        "--catalogue", type=pathlib.Path, help="a Python file with exercises of your own"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the table, with the marks that are there already, and return the exit status."""
    try:
        assignment = read_assignment(options.assignment, options.catalogue)
        if not assignment.explain:
            raise InputError(f"{options.assignment} has no [[explain]], so nothing is to mark")
        before = read_rows(options.out) if options.out.exists() else {}
        answers = _answers(assignment, options.submissions)
        made, remarks = rows(assignment, answers, before)
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(spreadsheet(made))
        options.out.write_text(text.getvalue(), encoding="utf-8", errors="backslashreplace")
    except (InputError, SandboxError, _run.RunError) as error:
        for line in str(error).splitlines():
            print(f"marking: {line}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"marking: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    for remark in remarks:
        print(f"marking: {remark}", file=sys.stderr)
    print(f"{len(made) - 1} rows to fill in, column points: {options.out}", file=sys.stderr)
    return 0


def _answers(assignment: Assignment, submissions: pathlib.Path) -> dict[tuple[str, str], str]:
    """Return each student's texts, read behind the same walls as when graded."""
    limits = Limits()
    found: dict[tuple[str, str], str] = {}
    folders = _run.students(submissions)
    hidden = [str(submissions.resolve())]
    with choose("auto", limits, hidden, assignment.allow) as walls:
        for folder in folders:
            texts = _texts(assignment, folder, walls, limits)
            found |= {(folder.name, id): text for id, text in texts.items()}
    return found


def _texts(
    assignment: Assignment, folder: pathlib.Path, walls: Walls, limits: Limits
) -> dict[str, str]:
    texts = {item.id: "" for item in assignment.explain}
    files = _submission.read(folder, limits.upload).files
    try:
        with Child(walls, limits) as child:
            end = time.monotonic() + limits.load
            child.load(files, end)
            for item in assignment.explain:
                reply = child.read(item.name, end)
                whole = len(reply.text.encode()) < TEXT_BYTES - 4
                cut = "" if whole else f" [cut: longer than {TEXT_BYTES} bytes]"
                texts[item.id] = reply.text.strip() + cut if reply.kind == "text" else ""
    except ChildFault as trouble:
        texts = {id: text or f"[not read: {trouble}]" for id, text in texts.items()}
    return texts
