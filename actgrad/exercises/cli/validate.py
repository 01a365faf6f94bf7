"""``python -m actgrad validate``: whether exercises of one's own can be assigned."""

import argparse
import pathlib
import sys

from actgrad.exercises._validate import faults
from actgrad.exercises.catalog import Catalogue, CatalogueError, own


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``validate``."""
    parser.add_argument("catalogue", type=pathlib.Path, help="a Python file with EXERCISES")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Try every exercise of the file, tell every fault and return the exit status."""
    try:
        exercises = own(options.catalogue)
        Catalogue.with_own(options.catalogue)
    except CatalogueError as error:
        print(f"validate: {error}", file=sys.stderr)
        return 2
    total = 0
    for exercise in exercises:
        found = faults(exercise)
        total += len(found)
        varies = ", constants vary" if exercise.variant else ""
        print(
            f"{exercise.id}: {f'{len(found)} faults' if found else 'good'} ({exercise.kind}, "
            f"{exercise.points} points, {len(exercise.mistakes)} mistakes{varies})"
        )
        for fault in found:
            print(f"  {fault}")
    return int(total > 0)
