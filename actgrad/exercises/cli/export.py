"""``python -m actgrad export``: exercises for the graders that schools use."""

import argparse
import pathlib
import re
import sys

from actgrad.exercises.cli import _which
from actgrad.exercises.course._faults import InputError
from actgrad.exercises.exports import (
    EXPORTS,
    NOTEBOOKS,
    archive,
    differing,
    gradescope,
    prairielearn,
    write,
)
from actgrad.exercises.exports._files import Files
from actgrad.exercises.grading._inputs import SecretError, read_secret

# What comes next, and who may see what was written.
NEXT = {
    "nbgrader": "it holds solutions and hidden tests: in the course folder run "
    "`nbgrader generate_assignment {name}`, and hand out release/{name} alone",
    "otter": "it holds solutions and hidden tests: run "
    "`otter assign {out}/{name}.ipynb dist`, and hand out dist/student alone",
    "prairielearn": "it holds the secret and solutions: in a private repository move "
    "{out}/questions/{name} to the course's questions, and build the grader: "
    "`docker build -t {image} {out}/grader/{name}`",
    "gradescope": "it holds the secret and solutions: give it to nobody, and upload it to the "
    "assignment's autograder",
}


DEFAULT_NAME = "activation-functions"


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``export``."""
    parser.add_argument("format", choices=sorted(EXPORTS))
    parser.add_argument(
        "--out",
        type=pathlib.Path,
        required=True,
        help="a folder (for nbgrader the course's), for gradescope a .zip file",
    )
    parser.add_argument(
        "--name", help="the assignment's name (default: its file's, or activation-functions)"
    )
    parser.add_argument(
        "--image", help="prairielearn: where the grader's container is published"
    )
    _which.configure(parser)
    parser.add_argument(
        "--secret-file",
        type=pathlib.Path,
        required=True,
        help="at least 16 bytes that only instructors know: hidden inputs are drawn from them",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the export and return the exit status."""
    try:
        which = _which.chosen(options)
        name = options.name or (which.assignment.name if which.assignment else DEFAULT_NAME)
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
            return _fail(f"--name {name!r}: use letters, digits, '-' and '_'")
        seed = read_secret(options.secret_file).hex()
        exercises = which.exercises
        files, folder = _files(options, which, name, seed), options.out
        if options.format == "gradescope":
            files, folder = {options.out.name: archive(files)}, options.out.parent
        kept = differing(files, folder)
        if kept:
            return _fail(
                f"{', '.join(map(str, kept))}: there already, and not the same; move it away, "
                "or give another --name or --out"
            )
        write(files, folder)
    except (InputError, SecretError) as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}")
    then = NEXT[options.format].format(name=name, out=options.out, image=_image(options, name))
    print(
        f"{len(exercises)} exercises for {options.format}: {options.out}; {then}",
        file=sys.stderr,
    )
    return 0


def _files(options: argparse.Namespace, which: _which.Chosen, name: str, seed: str) -> Files:
    if options.format in NOTEBOOKS:
        visible = which.assignment.visible_checks if which.assignment else None
        return NOTEBOOKS[options.format](which.exercises, name, seed, visible)
    rules = (which.allow, which.catalogue)
    if options.format == "gradescope":
        return gradescope(which.exercises, name, seed, *rules)
    return prairielearn(which.exercises, name, seed, *rules, _image(options, name))


def _image(options: argparse.Namespace, name: str) -> str:
    return options.image or f"actgrad-{name}:latest"


def _fail(text: str) -> int:
    for line in text.splitlines():
        print(f"export: {line}", file=sys.stderr)
    return 2
