"""``python -m actgrad report``: what a class got right, and which mistakes it made."""

import argparse
import pathlib
import sys

from actgrad.exercises.course._assignment import read_assignment
from actgrad.exercises.course._faults import InputError
from actgrad.exercises.course._report import FORMS, report, summaries


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``report``."""
    parser.add_argument(
        "grades", type=pathlib.Path, nargs="+", help="what `grade` wrote: one file a shard"
    )
    parser.add_argument("--assignment", type=pathlib.Path, required=True, help="hw1.toml")
    parser.add_argument(
        "--out", type=pathlib.Path, required=True, help="an .html or an .md file"
    )
    parser.add_argument(
        "--catalogue", type=pathlib.Path, help="a Python file with exercises of your own"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the report and return the exit status."""
    try:
        if options.out.suffix not in FORMS:
            raise InputError(f"--out {options.out}: the name must end in {' or '.join(FORMS)}")
        assignment = read_assignment(options.assignment, options.catalogue)
        blocks = report(assignment, summaries(assignment, options.grades))
        text = FORMS[options.out.suffix](blocks)
        options.out.write_text(text, encoding="utf-8", errors="backslashreplace")
    except InputError as error:
        for line in str(error).splitlines():
            print(f"report: {line}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"report: {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    print(f"report: {options.out}", file=sys.stderr)
    return 0
