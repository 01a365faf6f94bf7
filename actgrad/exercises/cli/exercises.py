"""``python -m actgrad exercises``: list the exercises."""

import argparse
import pathlib
import sys

from actgrad.exercises.catalog import CHAPTERS, Catalogue, CatalogueError


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``exercises``."""
    parser.add_argument("--chapter", choices=sorted(CHAPTERS), help="one chapter only")
    parser.add_argument(
        "--catalogue", type=pathlib.Path, help="a Python file with exercises of your own"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print one line an exercise: id, kind, level, minutes, points, title."""
    try:
        known = Catalogue.with_own(options.catalogue)
    except CatalogueError as error:
        print(f"exercises: {error}", file=sys.stderr)
        return 2
    for chapter, exercises in known.chapters.items():
        if options.chapter in (None, chapter):
            print(chapter)
            for item in exercises:
                print(
                    f"  {item.id:<32} {item.kind:<13} {item.level:<8} {item.minutes:>3} min "
                    f"{item.points:>2} points  {item.title}"
                )
    return 0
