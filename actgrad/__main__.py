"""The command line: ``python -m actgrad COMMAND``; each package brings its own commands."""

import argparse
import importlib
import sys
from collections.abc import Sequence

# command -> the module whose `configure(parser)` declares its options and sets `run`.
COMMANDS = {
    "verify": ("actgrad.derivations.cli.verify", "prove every step of every derivation"),
    "derive": ("actgrad.derivations.cli.derive", "differentiate an expression step by step"),
    "exercises": ("actgrad.exercises.cli.exercises", "list the exercises"),
    "grade": ("actgrad.exercises.cli.grade", "grade submissions in a sandbox, by values alone"),
    "export": (
        "actgrad.exercises.cli.export",
        "export exercises to nbgrader, otter, Gradescope",
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    parser = argparse.ArgumentParser(prog="python -m actgrad", description=__doc__)
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
