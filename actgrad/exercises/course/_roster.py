"""Who is in the class: a table of one's own, or what Canvas and Moodle export."""

import pathlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from actgrad.exercises.course._faults import InputError
from actgrad.exercises.course._tables import (
    Line,
    Table,
    one_each,
    plain_name,
    read_table,
)

# What a submission's folder may be called, most telling first.
IDENTITIES = (
    "student",
    "student id",
    "id",
    "identifier",
    "username",
    "login",
    "sis login id",
    "sis user id",
    "id number",
    "email",
    "email address",
)
PARTICIPANT = re.compile(r"\D*?(\d+)")
SUBMITTED = "last modified (submission)"


@dataclass(frozen=True)
class Person:
    """One row of a roster; ``student`` is the first of the names it is known by.

    ``submitted`` is a time as it is written ``where`` says.
    """

    student: str
    name: str = ""
    email: str = ""
    names: tuple[str, ...] = ()
    submitted: str = ""
    where: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Roster:
    """A class; ``form`` says whose table it was made from."""

    path: pathlib.Path
    form: Literal["plain", "canvas", "moodle"]
    columns: tuple[str, ...]
    people: tuple[Person, ...]

    def find(self, name: str) -> Person | None:
        """Return whom a folder's name means."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> dict[str, Person]:
        return {name: person for person in self.people for name in person.names}

    @property
    def knows_times(self) -> bool:
        """Whether it tells when answers were handed in."""
        return any(plain_name(name) in ("submitted", SUBMITTED) for name in self.columns)


def read_roster(path: pathlib.Path) -> Roster:
    """Read a roster.

    Parameters
    ----------
    path : Path
        A CSV file with a column ``student`` (and perhaps ``name``, ``email``,
        ``submitted``), Canvas's export of its gradebook, or Moodle's grading worksheet.

    Returns
    -------
    Roster

    Raises
    ------
    InputError
        Where it cannot be used: no column that says who is who, an id twice, an empty id.
    """
    table = read_table(path)
    form = _form(table)
    used = [name for name in IDENTITIES if not (form == "canvas" and name == "student")]
    telling = [column for column in table.columns if plain_name(column) in used]
    if not telling:
        raise InputError(
            f"{path}, line 1: no column says who is who; call one `student`, and write into it "
            "what the submissions' folders are called"
        )
    people, seen = [], []
    for line in table.lines:
        if form == "canvas" and (
            not line.get("id") or "Points Possible" in line.get("student")
        ):
            continue
        names = tuple(dict.fromkeys(_identity(line, name) for name in used if line.get(name)))
        if not names:
            raise InputError(f"{table.at(line)}: {', '.join(telling)}: there is no id")
        seen += [(name, line) for name in names]
        people.append(_person(table, line, form, names))
    one_each(table, seen)
    if not people:
        raise InputError(f"{path} names nobody")
    return Roster(path, form, table.columns, tuple(people))


def _form(table: Table) -> Literal["plain", "canvas", "moodle"]:
    columns = [plain_name(name) for name in table.columns]
    if {"student", "id", "section"} <= set(columns):
        return "canvas"
    if "identifier" in columns:
        return "moodle"
    return "plain"


def _identity(line: Line, name: str) -> str:
    value = line.get(name)
    participant = PARTICIPANT.fullmatch(value) if name == "identifier" else None
    return participant[1] if participant else value


def _person(
    table: Table,
    line: Line,
    form: str,
    names: tuple[str, ...],
) -> Person:
    both = " ".join(filter(None, [line.get("first name"), line.get("last name", "surname")]))
    return Person(
        names[0],
        line.get("student") if form == "canvas" else line.get("name", "full name") or both,
        line.get("email", "email address"),
        names,
        line.get("submitted", SUBMITTED),
        table.at(line),
        line.cells,
    )
