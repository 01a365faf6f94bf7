"""Read what a student handed in: bytes only, bounded, and through no link."""

import hashlib
import os
import pathlib
import stat
from dataclasses import dataclass, field

MAX_ENTRIES = 2000
MAX_DEPTH = 4
SUFFIXES = (".py", ".ipynb", ".md")
FORMS = ".py, .ipynb or MyST .md"
# What makes a Markdown file a notebook; one without it is a text, such as a read-me.
CODE_CELL = b"{code-cell}"
# A notebook's outputs count for nothing, but its file has to be read: so much larger may it be.
ROOM_FOR_OUTPUTS = 10
SKIPPED_FOLDERS = {"__pycache__", ".ipynb_checkpoints", "__MACOSX", "node_modules"}


@dataclass(frozen=True)
class Submission:
    """The ``.py``, ``.ipynb`` and ``.md`` files of one student, and what could not be read."""

    student: str
    files: tuple[tuple[str, bytes], ...] = ()
    problems: tuple[str, ...] = field(default=())

    @property
    def digest(self) -> str:
        """A hash of everything that the grade depends on here."""
        state = hashlib.sha256()
        for name, data in self.files:
            state.update(len(name).to_bytes(8, "big") + name.encode("utf-8", "replace"))
            state.update(len(data).to_bytes(8, "big") + data)
        for problem in self.problems:
            state.update(problem.encode("utf-8", "replace"))
        return state.hexdigest()


def read(folder: pathlib.Path, limit: int) -> Submission:
    """Read a student's folder.

    Parameters
    ----------
    folder : Path
        Its name is the student's.
    limit : int
        Bytes of code in all files together; a file beyond it is named as a problem and left
        out. What is code in a notebook is seen when it is loaded: its outputs do not count.

    Returns
    -------
    Submission
        Links, pipes and devices are never opened; they are named as problems.
    """
    if folder.is_symlink():
        return Submission(folder.name, (), ("the folder is a link; links are not followed",))
    files: list[tuple[str, bytes]] = []
    problems: list[str] = []
    other: list[str] = []
    entries = 0
    left = {".py": limit, ".ipynb": ROOM_FOR_OUTPUTS * limit, ".md": limit}
    for where, folders, names in os.walk(folder, followlinks=False):
        relative = pathlib.Path(where).relative_to(folder)
        deep = len(relative.parts) >= MAX_DEPTH
        folders[:] = [] if deep else sorted(set(folders) - SKIPPED_FOLDERS)
        for name in sorted(names):
            entries += 1
            if entries > MAX_ENTRIES:
                problems.append(f"more than {MAX_ENTRIES} files; the rest was not read")
                return Submission(folder.name, tuple(files), tuple(problems))
            if name.startswith("."):
                continue
            shown = str(relative / name)
            kind = os.path.splitext(name)[1]
            if kind not in SUFFIXES:
                other.append(shown)
                continue
            try:
                data = _read(os.path.join(where, name), left[kind])
            except (OSError, ValueError) as error:
                reason = error.strerror if isinstance(error, OSError) else str(error)
                problems.append(f"{shown}: {reason}")
                continue
            if kind == ".md" and CODE_CELL not in data:
                other.append(f"{shown} (no code cell)")
                continue
            left[kind] -= len(data)
            files.append((shown, data))
    if not files:
        there = f"; not read: {', '.join(other[:5])}" if other else ""
        problems.append(f"no {FORMS} file was found{there}")
    return Submission(folder.name, tuple(files), tuple(problems))


def _read(path: str, limit: int) -> bytes:
    # O_NONBLOCK: opening a named pipe must not wait for a writer that never comes.
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if os.path.islink(path):
            raise ValueError("it is a link; links are not followed") from None
        raise error
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise ValueError("it is not a regular file")
        if status.st_size > limit:
            raise ValueError(
                f"{status.st_size:,} bytes are more than the {limit:,} that are left: "
                "clear the outputs of a notebook, leave out what is no answer"
            )
        data = file.read(limit + 1)
    if len(data) > limit:
        raise ValueError("it grew beyond the limit while it was read")
    return data
