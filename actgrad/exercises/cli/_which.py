"""The options that choose exercises, the same for every command that takes some."""

import argparse
import pathlib
from dataclasses import dataclass

from actgrad.exercises._exercise import Exercise
from actgrad.exercises.catalog import CHAPTERS, Catalogue, CatalogueError
from actgrad.exercises.course._assignment import Assignment, read_assignment
from actgrad.exercises.course._faults import InputError


@dataclass(frozen=True)
class Chosen:
    """The exercises that were chosen, and the assignment that they belong to, if any."""

    exercises: tuple[Exercise, ...]
    assignment: Assignment | None = None
    own: pathlib.Path | None = None

    @property
    def allow(self) -> tuple[str, ...]:
        """What answers may import besides NumPy."""
        return self.assignment.allow if self.assignment else ()

    @property
    def catalogue(self) -> pathlib.Path | None:
        """The file of exercises that are not this package's, if any."""
        return self.assignment.catalogue if self.assignment else self.own

    @property
    def title(self) -> str:
        """The assignment's title, or nothing."""
        return self.assignment.title if self.assignment else ""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--assignment", type=pathlib.Path, help="an assignment file, hw1.toml")
    which.add_argument("--exercises", help="ids, separated by commas (default: all)")
    which.add_argument("--chapter", choices=sorted(CHAPTERS), help="one chapter's exercises")
    parser.add_argument(
        "--catalogue", type=pathlib.Path, help="a Python file with exercises of your own"
    )


def chosen(options: argparse.Namespace) -> Chosen:
    """Return what the options choose.

    Raises
    ------
    InputError
        Where they name something that there is not.
    """
    if options.assignment is not None:
        assignment = read_assignment(options.assignment, options.catalogue)
        return Chosen(assignment.exercises, assignment)
    try:
        known = Catalogue.with_own(options.catalogue)
    except CatalogueError as error:
        raise InputError(str(error)) from None
    if options.chapter:
        return Chosen(known.chapters[options.chapter], own=options.catalogue)
    if options.exercises is None:
        return Chosen(tuple(known.exercises.values()), own=options.catalogue)
    ids = [word.strip() for word in options.exercises.split(",") if word.strip()]
    unknown = [word for word in ids if word not in known.exercises]
    if unknown or not ids:
        raise InputError(
            f"no such exercise: {', '.join(unknown) or repr(options.exercises)}; "
            f"{known.near(' '.join(unknown[:1]))}"
        )
    exercises = tuple(known.exercises[word] for word in dict.fromkeys(ids))
    return Chosen(exercises, own=options.catalogue)
