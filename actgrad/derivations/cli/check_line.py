"""Judge one line of a proof: equal to the line above or not, and what happened."""

from __future__ import annotations

import argparse
import json
import sys

from actgrad.derivations._line import Status
from actgrad.derivations._parse import ParseError
from actgrad.derivations._task import Task

_EXIT = {Status.EQUAL: 0, Status.WRONG: 1, Status.UNDECIDED: 1, Status.UNREADABLE: 2}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``python -m actgrad check-line``."""
    parser.add_argument("before", help='the line above, for example "d/dx(e^(-x))"')
    parser.add_argument("after", help='the next line, for example "e^(-x) d/dx(-x)"')
    parser.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="NAME=TEXT",
        help='what a name stands for, for example "u = 1 + e^(-x)"; may be repeated',
    )
    parser.add_argument(
        "--positive", action="append", default=[], metavar="NAME", help="a positive letter"
    )
    parser.add_argument("--goal", default="", metavar="TEXT", help="what is to be reached")
    parser.add_argument("--hint", action="store_true", help="say what may be done next")
    parser.add_argument("--json", action="store_true", help="the verdict as data")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the verdict; 0 if the line is equal, 1 if not, 2 if it cannot be read."""
    pairs = [text.partition("=") for text in options.where]
    if bad := [name for name, sign, value in pairs if not (name.strip() and sign and value)]:
        print(
            f'error: --where takes a name and a text, "u = 1 + x", got {bad[0]!r}',
            file=sys.stderr,
        )
        return 2
    where = {name.strip(): value.strip() for name, _, value in pairs}
    task = Task(options.before, options.goal, where, tuple(options.positive))
    found = task.check(options.before, options.after)
    if found.status is Status.UNREADABLE:
        print(f"error: {found.message}", file=sys.stderr)
        return 2
    try:
        reached = task.reached(options.after) if found else None
        hint = task.hint(options.after) if found and options.hint else None
    except ParseError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if options.json:
        data = found.to_dict()
        if reached is not None:
            data |= {"reached": bool(reached), "open": list(reached.open)}
        if hint is not None:
            data["hint"] = hint.to_dict()
        print(json.dumps(data, indent=2))
    else:
        print(found)
        for more in (reached, hint and (hint.rule.name if hint.rule else hint.note)):
            if more is not None:
                print(more)
    return _EXIT[found.status]
