"""``python -m actgrad exercises``: list the exercises."""

import argparse

from actgrad.exercises.catalog import CHAPTERS


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``exercises``."""
    parser.add_argument("--chapter", choices=sorted(CHAPTERS), help="one chapter only")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print one line an exercise: id, kind, level, minutes, points, title."""
    for chapter, exercises in CHAPTERS.items():
        if options.chapter in (None, chapter):
            print(chapter)
            for item in exercises:
                print(
                    f"  {item.id:<32} {item.kind:<13} {item.level:<8} {item.minutes:>3} min "
                    f"{item.points:>2} points  {item.title}"
                )
    return 0
