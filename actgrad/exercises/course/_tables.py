"""Tables that instructors and learning management systems write: read with their lines."""

import csv
import datetime
import io
import pathlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from actgrad.exercises.course._faults import InputError


@dataclass(frozen=True)
class Line:
    """One row of a table: its line in the file, and its cells by the column's name."""

    number: int
    cells: Mapping[str, str]

    def get(self, *names: str) -> str:
        """Return the first filled cell of these columns, whatever the letters' case."""
        for name in names:
            for column, value in self.cells.items():
                if plain_name(column) == name and value.strip():
                    return value.strip()
        return ""


@dataclass(frozen=True)
class Table:
    """A CSV file: its columns as they are written, and its rows."""

    path: pathlib.Path
    columns: tuple[str, ...]
    lines: tuple[Line, ...]

    def at(self, line: Line) -> str:
        """Return where a row stands, for a message."""
        return f"{self.path}, line {line.number}"


def plain_name(column: str) -> str:
    """Return a column's name without what people vary.

    Examples
    --------
    >>> [plain_name(text) for text in ("Student_ID", " e-mail address ", "ID number")]
    ['student id', 'email address', 'id number']
    """
    words = column.strip().lower().replace("e-mail", "email").replace("_", " ")
    return " ".join(words.replace("-", " ").split())


def read_table(path: pathlib.Path) -> Table:
    """Read a CSV file with a header; commas, semicolons and tabs all do.

    Raises
    ------
    InputError
        Where it cannot be read, has no header, or has a row that does not fit it.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"the table cannot be read: {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path} is not a UTF-8 text: save it as CSV UTF-8") from None
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    # Strict: a quote that is never closed would swallow the rest of the class.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: tuple[str, ...] = ()
    lines = []
    last = 0
    try:
        for cells in reader:
            first, last = last + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = tuple(cell.strip() for cell in cells)
                continue
            if len(cells) > len(columns):
                raise InputError(
                    f"{path}, line {first}: {len(cells)} cells, and there are "
                    f"{len(columns)} columns"
                )
            padded = [*cells, *[""] * (len(columns) - len(cells))]
            lines.append(Line(first, dict(zip(columns, padded, strict=True))))
    except csv.Error as error:
        raise InputError(
            f"{path}, line {last + 1}: this is no row of a table, from here on: {error}; are "
            "all quotes closed?"
        ) from None
    if not columns:
        raise InputError(f"{path} is empty: its first line must name its columns")
    double = {name for name in columns if name and columns.count(name) > 1}
    if double:
        raise InputError(f"{path}, line 1: two columns are called {sorted(double)[0]!r}")
    return Table(path, columns, tuple(lines))


# As Moodle's English pages write a time, in the zone of whoever downloads the table.
_MOODLE_TIMES = ("%A, %d %B %Y, %I:%M %p", "%A, %d %B %Y, %H:%M")


def read_time(
    text: str, where: str, zone: datetime.tzinfo | None = None
) -> datetime.datetime | None:
    """Read a time with its zone, or Moodle's form in a given zone; None for none.

    Raises
    ------
    InputError
        Where it is no time, or has no zone.
    """
    if text in ("", "-"):
        return None
    for form in _MOODLE_TIMES if zone else ():
        try:
            return datetime.datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
    example = "write it as 2026-12-02T08:15:00+01:00"
    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"{where}: {text!r} is no time; {example}") from None
    if found.tzinfo is None:
        raise InputError(f"{where}: {text!r} has no zone; {example}")
    return found


def one_each(table: Table, keys: Sequence[tuple[str, Line]]) -> None:
    """Refuse a table in which two rows have one key.

    Raises
    ------
    InputError
        The message names both lines.
    """
    seen: dict[str, Line] = {}
    for key, line in keys:
        if seen.setdefault(key, line) is not line:
            cells = line.cells.items()
            column = next((name for name, cell in cells if cell.strip() == key), "")
            where = f"{table.at(line)}: {column}{': ' * bool(column)}"
            raise InputError(f"{where}{key!r} stands in line {seen[key].number} too")


def points_in(table: Table, line: Line, text: str) -> Decimal | None:
    """Read points, or nothing where the cell is empty.

    Raises
    ------
    InputError
        Where they are no number, 0 or more.
    """
    if not text.strip():
        return None
    try:
        points = Decimal(text.strip())
    except InvalidOperation:
        points = Decimal("nan")
    if not points.is_finite() or points < 0:
        raise InputError(f"{table.at(line)}: points: {text!r} is no number, 0 or more")
    return points
