"""Grade a class: in parallel, with progress, and so that an interruption costs nothing.

Every graded student is appended to a journal beside the grades and synced to the disk before
the next step. A run that finds a journal takes over what is in it, where the submission, the
secret and everything else that decides a grade are still the same. Grades and feedback are both
written from the journal, at the end of every run.
"""

import contextlib
import csv
import dataclasses
import hashlib
import json
import os
import pathlib
import sys
import tempfile
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, TextIO

import numpy as np

import actgrad
from actgrad.exercises._exercise import Exercise
from actgrad.exercises.grading import _feedback, _submission
from actgrad.exercises.grading._inputs import keyed
from actgrad.exercises.grading._judge import (
    Graded,
    PartResult,
    Row,
    faults_in,
    grade_submission,
    plain,
    ungraded,
)
from actgrad.exercises.grading._sandbox import Limits, SandboxError, Walls

PACKAGE = pathlib.Path(actgrad.__file__).parent
COLUMNS = ("student", "exercise", "points", "max_points", "status")
# The files of each student's feedback.
FEEDBACK = {"feedback.md": _feedback.markdown, "results.json": _feedback.gradescope_text}


class RunError(RuntimeError):
    """The run cannot begin or go on; the message says why, and where the grades so far are."""


@dataclass(frozen=True)
class Order:
    """What to grade, with what, and where the results go.

    ``assignment`` is its title, ``catalogue`` a file of exercises of one's own, ``shard`` the
    share of the class that this run grades; ``again`` names students who are graded anew.
    """

    submissions: pathlib.Path
    exercises: tuple[Exercise, ...]
    secret: bytes = field(repr=False)
    out: pathlib.Path
    walls: Walls
    limits: Limits = field(default_factory=Limits)
    jobs: int = 1
    assignment: str = ""
    catalogue: pathlib.Path | None = None
    shard: "Shard" = field(default_factory=lambda: Shard())
    again: frozenset[str] = frozenset()

    @property
    def feedback(self) -> pathlib.Path:
        """The folder of the feedback: of one ``out`` each, so that the two always agree."""
        return self.out.with_name(f"{self.out.stem}-feedback")


@dataclass(frozen=True)
class Shard:
    """One share of a class, by the students' names: the same on every machine.

    Parameters
    ----------
    index, count : int
        The first of four is ``Shard(1, 4)``.
    """

    index: int = 1
    count: int = 1

    @classmethod
    def parse(cls, text: str) -> "Shard":
        """Read ``1/4``.

        Raises
        ------
        ValueError
            Where it is no share.
        """
        index, slash, count = text.partition("/")
        shard = cls(int(index), int(count))
        if not slash or not 1 <= shard.index <= shard.count:
            raise ValueError(text)
        return shard

    def __contains__(self, student: str) -> bool:
        digest = hashlib.sha256(student.encode("utf-8", "surrogateescape")).digest()
        return int.from_bytes(digest[:8], "big") % self.count == self.index - 1


def students(folder: pathlib.Path) -> list[pathlib.Path]:
    """Return the folders of the students, in order.

    Raises
    ------
    RunError
        Where there are none; the message says what form is expected.
    """
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise RunError(f"the submissions cannot be read: {folder}: {error.strerror}") from None
    found = [item for item in entries if item.is_dir() and not item.name.startswith(".")]
    if not found:
        files = sum(item.is_file() for item in entries)
        raise RunError(
            f"no student in {folder}: it needs one folder a student, holding "
            f"{_submission.FORMS} files; it holds {files} file{'s' * (files != 1)} and no "
            "folder"
        )
    return found


def loose(folder: pathlib.Path) -> list[str]:
    """Return the answers that lie beside the students' folders, in nobody's."""
    return sorted(
        item.name
        for item in folder.iterdir()
        if item.is_file() and item.suffix in _submission.SUFFIXES
    )


class Journal:
    """The grades so far, one line a student, each synced before it counts."""

    def __init__(self, path: pathlib.Path) -> None:
        self.path = path
        self.assignments: dict[str, str] = {}
        self._places: dict[tuple[str, str], int] = {}
        self._latest: dict[str, tuple[str, str]] = {}

    def __enter__(self) -> "Journal":
        import fcntl  # Windows has none: there the command line says so before

        try:
            self._file = self.path.open("a+b")
        except OSError as error:
            raise unwritable(self.path, error) from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise RunError(f"another run is writing to {self.path}") from None
        self._file.seek(0)
        whole = 0
        for line in self._file:
            if not line.endswith(b"\n"):
                break
            try:
                record = json.loads(line)
                place = (_graded_from(record["graded"]).student, record["key"])
            except (ValueError, TypeError, KeyError):
                self._file.close()
                raise RunError(
                    f"{self.path} was not written by this version; `--fresh` starts over"
                ) from None
            self._keep(place, whole, record.get("assignment", ""))
            whole += len(line)
        # A run that was killed while it wrote leaves half a line: it is cut off.
        self._file.truncate(whole)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def __contains__(self, place: tuple[str, str]) -> bool:
        return place in self._places

    def add(self, key: str, graded: Graded, assignment: str = "") -> None:
        """Write one student's rows so that they survive whatever comes next."""
        record = {"key": key, "assignment": assignment, "graded": dataclasses.asdict(graded)}
        place = self._file.seek(0, os.SEEK_END)
        try:
            self._file.write(json.dumps(record).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError:
            self._discard(place)
            raise
        self._keep((graded.student, key), place, assignment)

    def _keep(self, place: tuple[str, str], at: int, assignment: str) -> None:
        self.assignments[place[0]] = assignment
        self._places[place] = at
        self._latest[place[0]] = place

    def latest(self) -> dict[str, tuple[str, str]]:
        """Return the newest place of each student."""
        return dict(self._latest)

    def _discard(self, place: int) -> None:
        """Take half a line back, past the buffer that still holds the rest of it."""
        # Closing the buffer would write the rest; so what lies under it is closed.
        self._file.raw.close()
        self._file = self.path.open("r+b")
        self._file.truncate(place)

    def graded(self, place: tuple[str, str]) -> Graded:
        """Return what is known of one student."""
        self._file.seek(self._places[place])
        return _graded_from(json.loads(self._file.readline())["graded"])


def _graded_from(record: dict[str, Any]) -> Graded:
    rows = [
        Row(**{**row, "parts": tuple(PartResult(**part) for part in row["parts"])})
        for row in record["rows"]
    ]
    texts = {name: tuple(record[name]) for name in ("notes", "problems", "faults", "allow")}
    return Graded(record["student"], tuple(rows), **texts)


def edition(
    exercises: Sequence[Exercise],
    limits: Limits,
    walls: Walls,
    catalogue: pathlib.Path | None = None,
) -> str:
    """Return a hash of all that decides a grade besides the submission and the secret."""
    words = [repr(limits), walls.name, repr(walls.allow), sys.version, np.__version__]
    words += [exercise.id for exercise in exercises]
    state = hashlib.sha256("\0".join(words).encode())
    # A tolerance, an input, a bound, the judge itself: whatever is corrected is in a source.
    for path in sorted(PACKAGE.rglob("*.py")):
        state.update(f"\0{path.relative_to(PACKAGE)}\0".encode() + path.read_bytes())
    if catalogue is not None:
        state.update(b"\0" + catalogue.read_bytes())
    return state.hexdigest()


@dataclass
class Summary:
    """How many students were graded now, and what was odd in what they handed in."""

    graded_now: int = 0
    problems: list[str] = field(default_factory=list)


def run(order: Order, report: "Report", stop: threading.Event, fresh: bool = False) -> Summary:
    """Grade every student who is not in the journal yet, then write grades and feedback.

    Parameters
    ----------
    order : Order
    report : Report
    stop : Event
        Set by a signal: the run ends between two students, never within one's bookkeeping.
    fresh : bool
        Forget the journal first.

    Returns
    -------
    Summary

    Raises
    ------
    RunError, OSError, KeyboardInterrupt
        The grades so far are in ``order.out`` and in the journal.
    """
    folders = [item for item in students(order.submissions) if item.name in order.shard]
    absent = order.again - {folder.name for folder in folders}
    if absent:
        raise RunError(f"there is no student {' and no '.join(sorted(absent))} to grade again")
    path = order.out.with_name(order.out.name + ".journal")
    _refuse_foreign(order, path)
    try:
        order.feedback.mkdir(parents=True, exist_ok=True)
        if fresh:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(order.feedback, error) from None
    summary = Summary()
    with Journal(path) as journal:
        # Where this run is interrupted, the students it did not reach keep what they had.
        places = journal.latest()
        _refuse_another(order, journal, places.values())
        _refuse_other_students(order, places.keys() - {folder.name for folder in folders})
        faulty = faults_in(order.exercises, order.secret, order.walls, order.limits)
        for id, why in faulty.items():
            report.shout(f"{id}: {why}; nobody is graded in it now")
        try:
            graded = _graded(order, folders, frozenset(faulty), journal, stop)
            for done, (place, new) in enumerate(graded, 1):
                if new is not None:
                    journal.add(place[1], new, order.assignment)
                    summary.graded_now += 1
                places[place[0]] = place
                report.step(done, len(folders), summary.graded_now)
        finally:
            # Interrupted or not: whoever opens the files finds all that is known.
            for item in write_results(
                order, journal, [places[name] for name in sorted(places)]
            ):
                name = plain(item.student)
                for fault in item.faults:
                    report.shout(f"{fault} (student {name})")
                summary.problems += [f"{name}: {plain(problem)}" for problem in item.problems]
    return summary


def unwritable(path: pathlib.Path, error: OSError) -> RunError:
    """Return the error of results that have no place; nothing is graded yet."""
    return RunError(
        f"{path} cannot be written: {error.strerror}; nothing was graded; give another --out"
    )


def _refuse_foreign(order: Order, journal: pathlib.Path) -> None:
    """Refuse to write over what is not this program's."""
    try:
        if order.out.exists():
            with order.out.open("rb") as file:
                if file.readline(1000).strip() != ",".join(COLUMNS).encode():
                    raise RunError(
                        f"{order.out} holds something else than grades and is not written "
                        "over; give another --out, or move it away"
                    )
        elif order.feedback.is_dir() and not journal.exists() and any(order.feedback.iterdir()):
            raise RunError(
                f"{order.feedback} holds files, but no grades belong to them; they are not "
                "written over; give another --out, or move them away"
            )
    except OSError as error:
        raise unwritable(order.out, error) from None


def _refuse_other_students(order: Order, gone: Collection[str]) -> None:
    if gone:
        names = [plain(name) for name in sorted(gone)]
        more = f" and {len(names) - 10} more" if len(names) > 10 else ""
        raise RunError(
            f"{order.out} holds the grades of {', '.join(names[:10])}{more}, who "
            f"{'is' if len(names) == 1 else 'are'} not in {order.submissions}; give another "
            "--out for another class, or --fresh to forget all grades in this one"
        )


def _refuse_another(order: Order, journal: Journal, places: Iterable[tuple[str, str]]) -> None:
    wanted = [exercise.id for exercise in order.exercises]
    for place in places:
        held = [row.exercise for row in journal.graded(place).rows]
        title = journal.assignments[place[0]]
        if sorted(held) != sorted(wanted) or (title and title != order.assignment):
            raise RunError(
                f"{order.out} holds the grades of another assignment "
                f"({title or ', '.join(held)}); "
                "give another --out, or --fresh to forget them"
            )


def _graded(
    order: Order,
    folders: Sequence[pathlib.Path],
    faulty: frozenset[str],
    journal: Journal,
    stop: threading.Event,
) -> Iterator[tuple[tuple[str, str], Graded | None]]:
    """Yield each student's place in the journal, with the grades where they are new."""
    state = edition(order.exercises, order.limits, order.walls, order.catalogue)

    def one(folder: pathlib.Path) -> tuple[tuple[str, str], Graded | None]:
        submission = _submission.read(folder, order.limits.upload)
        key = keyed(order.secret, submission.student, submission.digest, state).hex()
        place = (submission.student, key)
        if place in journal and submission.student not in order.again:
            return place, None
        try:
            graded = grade_submission(
                submission, order.exercises, order.secret, order.walls, order.limits, faulty
            )
        except (OSError, SandboxError):
            raise
        except Exception as error:
            # A fault of ours must not cost the class its grades.
            graded = ungraded(submission.student, order.exercises, error)
        failed = not all(row.is_graded for row in graded.rows)
        # Under another key, so that the next run tries again.
        return ((submission.student, f"{key}-failed") if failed else place), graded

    waiting = iter(folders)
    with ThreadPoolExecutor(order.jobs) as pool:
        running: set[Future[tuple[tuple[str, str], Graded | None]]] = set()
        try:
            while True:
                # A short queue: memory does not grow with the number of submissions.
                while len(running) < 2 * order.jobs and (folder := next(waiting, None)):
                    running.add(pool.submit(one, folder))
                if not running:
                    return
                finished, running = wait(running, 0.2, FIRST_COMPLETED)
                for future in finished:
                    yield future.result()
                if stop.is_set():
                    raise KeyboardInterrupt
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def write_results(
    order: Order, journal: Journal, places: Sequence[tuple[str, str]]
) -> Iterator[Graded]:
    """Write everybody's grades and feedback from the journal; yield each student's."""
    with _replaced(order.out) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for place in places:
            graded = journal.graded(place)
            for row in graded.rows:
                # No 0 that a gradebook could take for a grade.
                points = row.points if row.is_graded else ""
                cells = [row.exercise, points, row.max_points, row.status]
                writer.writerow([safe(graded.student), *cells])
            folder = order.feedback / graded.student
            folder.mkdir(exist_ok=True)
            for name, form in FEEDBACK.items():
                with _replaced(folder / name) as text:
                    text.write(form(graded))
            yield graded
        file.flush()
        os.fsync(file.fileno())
    _remove_stale(order, {student for student, _ in places})


def _remove_stale(order: Order, graded: Collection[str]) -> None:
    """Remove the feedback to those who have no grades here; other people's files stay."""
    for folder in order.feedback.iterdir():
        if folder.name in graded or folder.is_symlink() or not folder.is_dir():
            continue
        for name in FEEDBACK:
            (folder / name).unlink(missing_ok=True)
        if not any(folder.iterdir()):
            folder.rmdir()


@contextlib.contextmanager
def _replaced(path: pathlib.Path) -> Iterator[TextIO]:
    """Write a file whole or not at all."""
    with tempfile.NamedTemporaryFile(
        "w",
        dir=path.parent,
        prefix=f".{path.name}.",
        delete=False,
        encoding="utf-8",
        errors="backslashreplace",
        newline="",
    ) as file:
        try:
            yield file  # type: ignore[misc]
            file.flush()
            os.chmod(file.name, 0o644)
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def safe(name: str) -> str:
    """Keep a spreadsheet from taking a student's name for a formula."""
    return f"'{name}" if name[:1] in ("=", "+", "-", "@", "\t", "\r") else name


def unsafe(name: str) -> str:
    """Return the name that `safe` was given.

    Examples
    --------
    >>> [unsafe(safe(name)) for name in ("ada", "=1+1", "'ada")]
    ['ada', '=1+1', "'ada"]
    """
    return name[1:] if name[:1] == "'" and safe(name[1:]) == name else name


class Report:
    """The progress of a run on a stream: a bar on a terminal, a line per tenth elsewhere."""

    WIDTH = 30

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._bar = stream.isatty()
        self._tenth = -1
        self.faults = 0

    def shout(self, fault: str) -> None:
        """Tell of a fault of the grader at once, and count it."""
        self.faults += 1
        self._stream.write(f"grade: GRADER ERROR: {fault}\n")
        self._stream.flush()

    def step(self, done: int, total: int, now: int) -> None:
        """Show that ``done`` of ``total`` students have grades, ``now`` of them new."""
        if self._bar:
            full = self.WIDTH * done // total
            bar = "#" * full + "." * (self.WIDTH - full)
            end = "\n" if done == total else ""
            self._stream.write(f"\r[{bar}] {done}/{total} students, {now} graded now{end}")
        elif 10 * done // total > self._tenth:
            self._tenth = 10 * done // total
            self._stream.write(f"{done}/{total} students, {now} graded now\n")
        self._stream.flush()


__all__ = ["Order", "Report", "Row", "RunError", "Shard", "run"]
