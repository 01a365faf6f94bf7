"""The command line, ``actgrad COMMAND``: each package brings its own commands."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from actgrad import __version__

# command -> the module whose `configure(parser)` declares its options and sets `run`.
COMMANDS = {
    "verify": ("actgrad.derivations.cli.verify", "prove every step of every derivation"),
    "derive": ("actgrad.derivations.cli.derive", "differentiate an expression step by step"),
    "check-line": (
        "actgrad.derivations.cli.check_line",
        "judge one line of a proof: equal or not, by which rule or slip",
    ),
    "exercises": ("actgrad.exercises.cli.exercises", "list the exercises"),
    "assignment": (
        "actgrad.exercises.cli.assignment",
        "write the student's notebook of an assignment file",
    ),
    "grade": ("actgrad.exercises.cli.grade", "grade submissions in a sandbox, by values alone"),
    "collect": (
        "actgrad.exercises.cli.collect",
        "unpack a download of Canvas or Moodle into a folder a student",
    ),
    "marking": (
        "actgrad.exercises.cli.marking",
        "a table to mark answers in words by their rubric",
    ),
    "gradebook": (
        "actgrad.exercises.cli.gradebook",
        "totals with weights and lateness, for Canvas, Moodle or a spreadsheet",
    ),
    "report": (
        "actgrad.exercises.cli.report",
        "what a class got right, its mistakes by name, identical answers",
    ),
    "validate": (
        "actgrad.exercises.cli.validate",
        "try exercises of your own: starter, solution, every mistake",
    ),
    "export": (
        "actgrad.exercises.cli.export",
        "export exercises to nbgrader, otter, Gradescope, PrairieLearn",
    ),
}
# What a shell reports for a program that was ended by the signal SIGPIPE.
BROKEN_PIPE = 128 + 13


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    try:
        try:
            return _run(sys.argv[1:] if arguments is None else list(arguments))
        finally:
            # Here, where it can be met, and not while Python shuts down.
            print(end="", flush=True)
    except BrokenPipeError:
        # The reader has seen enough (`| head`): what is still buffered goes nowhere.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(nowhere, stream)
        return BROKEN_PIPE


def _run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="actgrad", description=__doc__)
    parser.add_argument("--version", action="version", version=f"actgrad {__version__}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (module, summary) in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=summary, description=summary)
        # Only the command that is asked for is imported: `derive` must run without NumPy.
        if name in arguments[:1]:
            importlib.import_module(module).configure(subparser)
    options = parser.parse_args(arguments)
    status: int = options.run(options)
    return status


if __name__ == "__main__":
    sys.exit(main())
