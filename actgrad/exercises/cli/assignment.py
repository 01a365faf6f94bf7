"""``python -m actgrad assignment``: the student's notebook from an assignment file."""

import argparse
import pathlib
import sys

from actgrad.exercises.course._assignment import Assignment, read_assignment
from actgrad.exercises.course._collect import folder_name
from actgrad.exercises.course._faults import InputError
from actgrad.exercises.course._handout import handout, plural, solutions
from actgrad.exercises.course._roster import read_roster
from actgrad.exercises.exports import differing, write
from actgrad.exercises.exports._files import Files


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``assignment``."""
    parser.add_argument("assignment", type=pathlib.Path, help="the file, such as hw1.toml")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="a folder")
    parser.add_argument(
        "--catalogue", type=pathlib.Path, help="a Python file with exercises of your own"
    )
    parser.add_argument(
        "--roster",
        type=pathlib.Path,
        help="who is in the class: a folder a student, with their own constants",
    )
    parser.add_argument(
        "--solutions",
        action="store_true",
        help="write the instructor's notebook with the solutions instead",
    )
    parser.add_argument("--force", action="store_true", help="replace files that are there")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check the file, write the handout and return the exit status."""
    try:
        assignment = read_assignment(options.assignment, options.catalogue)
        if options.solutions:
            files = solutions(assignment)
        else:
            files = _files(assignment, options.roster)
        kept = [] if options.force else differing(files, options.out)
        if kept:
            return _fail(
                f"{', '.join(map(str, kept))}: there already, and not the same; --force "
                "replaces it, another --out keeps it"
            )
        write(files, options.out)
    except InputError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}")
    then = "give it to nobody" if options.solutions else "hand out either"
    if not (options.solutions or assignment.install):
        then += "; students need actgrad: the key `install` lets the notebook install it"
    print(
        f"{len(assignment.exercises)} exercises, {plural(assignment.max_points, 'point')}: "
        f"{', '.join(str(options.out / name) for name in [*files][:2])}"
        f"{' ...' * (len(files) > 2)}; {then}",
        file=sys.stderr,
    )
    return 0


def _files(assignment: Assignment, path: pathlib.Path | None) -> Files:
    """Return one handout, or one for each student of a roster."""
    vary = [exercise.id for exercise in assignment.exercises if exercise.variant]
    if path is None and vary:
        raise InputError(
            f"{', '.join(vary)}: the constants differ from student to student; name the class "
            "with --roster"
        )
    if path is None:
        return handout(assignment)
    return {
        f"{folder_name(person.student)}/{name}": text
        for person in read_roster(path).people
        for name, text in handout(assignment, person.student).items()
    }


def _fail(text: str) -> int:
    for line in text.splitlines():
        print(f"assignment: {line}", file=sys.stderr)
    return 2
