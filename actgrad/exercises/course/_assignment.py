"""An assignment is one file, ``hw1.toml``; handout, grades and gradebook all read it."""

import datetime
import pathlib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from actgrad.exercises._exercise import Exercise
from actgrad.exercises._imports import ALLOWABLE, ALLOWED, refused
from actgrad.exercises.catalog import CHAPTERS, Catalogue, CatalogueError
from actgrad.exercises.course._faults import InputError, nearest

KEYS = (
    "title",
    "due",
    "exercises",
    "chapters",
    "weights",
    "late",
    "allow",
    "visible_checks",
    "install",
    "catalogue",
    "explain",
)
EXPLAIN_KEYS = ("id", "question", "rubric")
LATE_KEYS = ("per_day", "days")
DAY = datetime.timedelta(days=1)
EXAMPLE_DUE = "due = 2026-12-01T23:59:00+01:00"


@dataclass(frozen=True)
class Late:
    """What lateness costs: a share of the points earned for each day begun, and an end.

    Parameters
    ----------
    per_day : Decimal
        The share taken for each day begun, from 0 to 1.
    days : int
        What is handed in more days late than this gets no points.
    """

    per_day: Decimal
    days: int

    def share(self, days: int) -> Decimal:
        """Return the share of the points that is left after so many days begun.

        Examples
        --------
        >>> [float(Late(Decimal("0.1"), 3).share(days)) for days in (0, 1, 3, 4)]
        [1.0, 0.9, 0.7, 0.0]
        """
        if days > self.days:
            return Decimal(0)
        return max(Decimal(0), 1 - self.per_day * days)


@dataclass(frozen=True)
class Explain:
    """A question that is answered in words, and marked by a person by its rubric.

    Parameters
    ----------
    id : str
        Words joined by hyphens; ``why-tails`` is answered by ``why_tails``.
    question : str
    rubric : tuple of (str, Decimal)
        What an answer gets points for, and how many.
    """

    id: str
    question: str
    rubric: tuple[tuple[str, Decimal], ...]

    @property
    def name(self) -> str:
        """The Python name of the answer."""
        return self.id.replace("-", "_")

    @property
    def points(self) -> Decimal:
        """The points of an answer that has all that is asked for."""
        return sum((points for _, points in self.rubric), Decimal(0))


@dataclass(frozen=True)
class Assignment:
    """What ``hw1.toml`` says, checked.

    Parameters
    ----------
    path : Path
        The file.
    title : str
    due : datetime
        With its zone.
    exercises : tuple of Exercise
        In the order of the file, each once.
    weights : mapping of str to Decimal
        By the exercise's id: what its points are multiplied by.
    late : Late, optional
        Without it lateness costs nothing.
    allow : tuple of str
        What answers may import besides NumPy.
    visible_checks : frozenset of str
        The exercises whose check stands in the student's notebook.
    install : str
        What the notebook installs ``actgrad`` from; nothing where it is there already.
    catalogue : Path, optional
        A file of exercises that are not this package's.
    explain : tuple of Explain
        Questions that a person marks.
    """

    path: pathlib.Path
    title: str
    due: datetime.datetime
    exercises: tuple[Exercise, ...]
    weights: Mapping[str, Decimal] = field(default_factory=dict)
    late: Late | None = None
    allow: tuple[str, ...] = ()
    visible_checks: frozenset[str] = frozenset()
    install: str = ""
    catalogue: pathlib.Path | None = None
    explain: tuple[Explain, ...] = ()

    @property
    def name(self) -> str:
        """The file's stem: the name of what is made from it."""
        return self.path.stem

    @property
    def items(self) -> "tuple[Exercise | Explain, ...]":
        """Everything that has points."""
        return (*self.exercises, *self.explain)

    def weight(self, exercise: str) -> Decimal:
        """Return what an exercise's points are multiplied by."""
        return self.weights.get(exercise, Decimal(1))

    def worth(self, exercise: Exercise | Explain) -> Decimal:
        """Return the points of a complete answer, its weight included."""
        return exercise.points * self.weight(exercise.id)

    @property
    def max_points(self) -> Decimal:
        """The points of complete answers to everything."""
        return sum(map(self.worth, self.items), Decimal(0))

    def days_late(self, submitted: datetime.datetime) -> int:
        """Return the days begun between the due date and a submission; 0 for one in time."""
        late = submitted - self.due
        return 0 if late <= datetime.timedelta(0) else -(-late // DAY)


def read_assignment(path: pathlib.Path, catalogue: pathlib.Path | None = None) -> Assignment:
    """Read and check an assignment file.

    Parameters
    ----------
    path : Path
    catalogue : Path, optional
        A file of exercises, in place of the one that the assignment names.

    Returns
    -------
    Assignment

    Raises
    ------
    InputError
        Where it cannot be read or used; the message has a line for each fault.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        # Decimals: a tenth is a tenth, and three of them are exactly 0.3.
        data = tomllib.loads(text, parse_float=Decimal)
    except OSError as error:
        raise InputError(f"the assignment cannot be read: {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path} is not a UTF-8 text: save it as one") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(_not_toml(path, text, str(error))) from None
    return _Reader(path, text, data).assignment(catalogue)


def _not_toml(path: pathlib.Path, text: str, error: str) -> str:
    """Return what is wrong, with the line and its key, where the reader tells the line."""
    place = re.search(r" \(at line (\d+), column \d+\)$", error)
    if place is None:
        return f"{path}: this is not TOML: {error}"
    line = text.splitlines()[int(place[1]) - 1].strip()
    key = f"{line.partition('=')[0].strip()}: " * ("=" in line)
    told = error[: place.start()]
    return f"{path}, line {place[1]}: {key}this is not TOML: {told}: {line[:80]}"


class _Reader:
    """One assignment file while it is checked: faults are gathered, then told together."""

    def __init__(self, path: pathlib.Path, text: str, data: dict[str, Any]) -> None:
        self.path = path
        self.lines = text.splitlines()
        self.data = data
        self.faults: list[str] = []

    def fault(self, key: str, says: str, *, table: str = "", value: object = None) -> None:
        line = self.line(key, table, value)
        where = f"{self.path}, line {line}" if line else f"{self.path}"
        self.faults.append(f"{where}: {f'{table}.' * bool(table)}{key}: {says}")

    def line(self, key: str, table: str, value: object) -> int:
        """Return the line of a value, else of its key, else of its table; else 0."""
        here, found = "", 0
        places = {(table, key), ("", f"{table}.{key}"), ("", table)}
        quoted = re.compile(rf"[\"']{re.escape(str(value))}[\"']")
        for number, line in enumerate(self.lines, 1):
            header = re.fullmatch(r"\s*\[\s*[\"']?([\w.-]+)[\"']?\s*\]\s*(?:#.*)?", line)
            named = re.match(r"\s*[\"']?([\w.-]+)[\"']?\s*=", line)
            if header:
                here = header[1]
                found = found or number * (here in (table, key) and here != "")
            elif named and (here, named[1]) in places:
                found = number
            if found and value is not None and number >= found and quoted.search(line):
                return number
        return found

    def assignment(self, catalogue: pathlib.Path | None) -> Assignment:
        for key in self.data:
            if key not in KEYS:
                self.fault(key, f"there is no such key; {nearest(key, KEYS)}")
        own = catalogue or self.catalogue()
        known = self.known(own)
        title, due, late = self.title(), self.due(), self.late()
        exercises = self.exercises(known)
        explain = self.explain([exercise.id for exercise in exercises])
        made = Assignment(
            path=self.path,
            title=title,
            due=due,
            exercises=exercises,
            weights=self.weights(exercises, explain),
            late=late,
            allow=self.allow(),
            visible_checks=self.visible_checks(exercises),
            install=self.text("install"),
            catalogue=own,
            explain=explain,
        )
        if not self.faults and not made.max_points:
            self.fault("weights", "every weight is 0, so nothing counts")
        if self.faults:
            raise InputError("\n".join(self.faults))
        return made

    def text(self, key: str) -> str:
        value = self.data.get(key, "")
        if not isinstance(value, str) or "\n" in value:
            self.fault(key, f"it must be a text in quotes, in one line, not {value!r}")
            return ""
        return value.strip()

    def title(self) -> str:
        title = self.text("title")
        if not title and not any(": title: " in fault for fault in self.faults):
            self.fault("title", 'it is missing; write title = "Homework 1"')
        return title

    def due(self) -> datetime.datetime:
        value = self.data.get("due")
        if isinstance(value, str):
            try:
                value = datetime.datetime.fromisoformat(value.strip())
            except ValueError:
                self.fault("due", f"{value!r} is no date with a time; write {EXAMPLE_DUE}")
                return datetime.datetime.max
        if isinstance(value, datetime.datetime) and value.tzinfo is not None:
            return value
        if isinstance(value, datetime.datetime):
            says = f"{value.isoformat()} has no zone, so nobody knows when it is"
            self.fault("due", f"{says}; write {EXAMPLE_DUE} (or Z at its end for UTC)")
        elif isinstance(value, datetime.date):
            says = f"{value} is a day without a time and a zone"
            self.fault("due", f"{says}; write {EXAMPLE_DUE}")
        else:
            says = "it is missing" if value is None else f"{value!r} is no date"
            self.fault("due", f"{says}; write {EXAMPLE_DUE}")
        return datetime.datetime.max

    def catalogue(self) -> pathlib.Path | None:
        name = self.text("catalogue")
        return self.path.parent / name if name else None

    def known(self, own: pathlib.Path | None) -> Catalogue:
        try:
            return Catalogue.with_own(own)
        except CatalogueError as error:
            self.fault("catalogue", str(error))
            return Catalogue.with_own(None)

    def names(self, key: str) -> list[str]:
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fault(key, f'it must be a list of names, such as ["sigmoid"], not {value!r}')
            return []
        for item in {item for item in value if value.count(item) > 1}:
            self.fault(key, f"`{item}` stands there twice", value=item)
        return list(dict.fromkeys(value))

    def exercises(self, known: Catalogue) -> tuple[Exercise, ...]:
        found: dict[str, Exercise] = {}
        for name in self.names("chapters"):
            if name in known.chapters:
                found |= {exercise.id: exercise for exercise in known.chapters[name]}
            else:
                says = f"there is no chapter `{name}` with exercises"
                self.fault("chapters", f"{says}; {nearest(name, known.chapters)}", value=name)
        for name in self.names("exercises"):
            if name in known.exercises:
                found[name] = known.exercises[name]
            else:
                says = f"there is no exercise `{name}`; {known.near(name)}"
                self.fault("exercises", says, value=name)
        if not found and not self.faults:
            example = next(iter(CHAPTERS))
            self.fault("exercises", f'there are none; name some, or chapters = ["{example}"]')
        return tuple(found.values())

    def table(self, key: str) -> dict[str, Any]:
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            self.fault(key, f"it must be a table, [{key}], not {value!r}")
            return {}
        return value

    def number(
        self, key: str, value: Any, holds: Callable[[Decimal], bool], table: str, says: str
    ) -> Decimal | None:
        is_number = isinstance(value, Decimal | int) and not isinstance(value, bool)
        if is_number and Decimal(value).is_finite() and holds(Decimal(value)):
            return Decimal(value)
        got = "it is missing" if value is None else f"{value if is_number else repr(value)}"
        self.fault(key, f"{got}; {says}", table=table)
        return None

    def explain(self, taken: list[str]) -> tuple[Explain, ...]:
        tables = self.data.get("explain", [])
        if not isinstance(tables, list) or not all(isinstance(item, dict) for item in tables):
            self.fault("explain", "it must be a list of tables: write [[explain]]")
            return ()
        found = []
        heads = [n for n, line in enumerate(self.lines, 1) if re.match(r"\s*\[\[", line)]
        for number, table in enumerate(tables):
            at = f", line {heads[number]}" if number < len(heads) else ""
            where = f"{self.path}{at}: explain"
            before = len(self.faults)
            for key in table:
                if key not in EXPLAIN_KEYS:
                    says = f"there is no such key; {nearest(key, EXPLAIN_KEYS)}"
                    self.faults.append(f"{where}.{key}: {says}")
            id, question, rubric = (table.get(key) for key in EXPLAIN_KEYS)
            if not isinstance(id, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", id):
                self.faults.append(f'{where}.id: {id!r}; write two words or more, "why-tails"')
            elif id in taken:
                self.faults.append(f"{where}.id: `{id}` is taken")
            if not isinstance(question, str) or not question.strip():
                self.faults.append(f"{where}.question: a text in quotes is missing")
            is_rubric = (
                isinstance(rubric, dict) and rubric and all(map(_is_worth, rubric.values()))
            )
            if not is_rubric:
                example = 'rubric = { "names cancellation" = 2, "gives a number" = 1 }'
                self.faults.append(
                    f"{where}.rubric: what gets how many points; write {example}"
                )
            if len(self.faults) == before:
                rows = tuple(
                    (name, Decimal(points)) for name, points in table["rubric"].items()
                )
                found.append(Explain(table["id"], table["question"].strip(), rows))
                taken.append(table["id"])
        return tuple(found)

    def weights(
        self, exercises: tuple[Exercise, ...], explain: tuple[Explain, ...]
    ) -> dict[str, Decimal]:
        by_chapter: dict[str, Decimal] = {}
        by_id: dict[str, Decimal] = {}
        ids = [*(exercise.id for exercise in exercises), *(item.id for item in explain)]
        chapters = list(dict.fromkeys(exercise.chapter for exercise in exercises))
        for key, value in self.table("weights").items():
            says = "a weight is a number, 0 or more"
            weight = self.number(key, value, lambda number: number >= 0, "weights", says)
            if key in ids:
                by_id[key] = weight or Decimal(0)
            elif key in chapters:
                by_chapter[key] = weight or Decimal(0)
            elif ids:
                says = "this is no exercise or chapter of the assignment"
                self.fault(key, f"{says}; {nearest(key, [*ids, *chapters])}", table="weights")
        weights = {
            exercise.id: by_chapter[exercise.chapter]
            for exercise in exercises
            if exercise.chapter in by_chapter
        }
        return weights | by_id

    def late(self) -> Late | None:
        if "late" not in self.data:
            return None
        table = self.table("late")
        for key in table:
            if key not in LATE_KEYS:
                says = f"there is no such key; {nearest(key, LATE_KEYS)}"
                self.fault(key, says, table="late")
        per_day = self.number(
            "per_day",
            table.get("per_day"),
            lambda number: 0 <= number <= 1,
            "late",
            "what a day costs is a number from 0 to 1, such as 0.1 for a tenth",
        )
        days = self.number(
            "days",
            table.get("days"),
            lambda number: number >= 0 and number == int(number),
            "late",
            "the days after which nothing counts are a whole number, 0 or more",
        )
        return Late(per_day or Decimal(0), int(days or 0))

    def allow(self) -> tuple[str, ...]:
        names = self.names("allow")
        for name in refused(names):
            says = f"`{name}` cannot be allowed; {nearest(name, ALLOWABLE)}"
            self.fault("allow", says, value=name)
        return tuple(name for name in names if name not in ALLOWED)

    def visible_checks(self, exercises: tuple[Exercise, ...]) -> frozenset[str]:
        ids = [exercise.id for exercise in exercises]
        value = self.data.get("visible_checks", True)
        if isinstance(value, bool):
            return frozenset(ids if value else ())
        if not isinstance(value, list):
            self.fault(
                "visible_checks", f"it must be true, false or a list of ids, not {value!r}"
            )
            return frozenset()
        for name in self.names("visible_checks"):
            if name not in ids:
                says = f"`{name}` is no exercise of the assignment; {nearest(name, ids)}"
                self.fault("visible_checks", says, value=name)
        return frozenset(map(str, value))


def _is_worth(value: object) -> bool:
    is_number = isinstance(value, Decimal | int) and not isinstance(value, bool)
    return is_number and Decimal(str(value)).is_finite() and Decimal(str(value)) > 0
