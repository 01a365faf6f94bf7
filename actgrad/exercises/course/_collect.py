"""Unpack what Canvas and Moodle let an instructor download: one folder a student.

The names are those that Canvas (``lib/content_zipper.rb``) and Moodle
(``mod/assign/classes/downloader.php``) give to the entries of their archives.
"""

import pathlib
import re
import stat
import zipfile
from dataclasses import dataclass

from actgrad.exercises.course._faults import InputError
from actgrad.exercises.course._roster import Roster

MAX_FILES = 200_000
MAX_FILE_BYTES = 100_000_000
MAX_BYTES = 4_000_000_000
NAMES = {
    # Name_12345_assignsubmission_file/hw1.ipynb, or flat, or with a `_` before the `/`
    "moodle": re.compile(
        r"(?P<name>[^/]+?)_(?P<id>\d+)_assignsubmission_file(?:_?/|_)(?P<file>.+)"
    ),
    # lovelaceada_12345_67890_hw1.ipynb, lovelaceada_LATE_12345_67890_hw1.ipynb
    "canvas": re.compile(
        r"(?P<name>[^/]+?)(?P<late>_LATE)?_(?P<id>\d+)_\d+_(?P<file>[^/]+)", re.IGNORECASE
    ),
}


@dataclass(frozen=True)
class Collected:
    """What an archive holds for the graders: files, who was late, and what was left out."""

    files: dict[str, zipfile.ZipInfo]
    late: dict[str, bool]
    odd: tuple[str, ...]


def collect(archive: zipfile.ZipFile, roster: Roster | None = None) -> Collected:
    """Sort an archive's entries into students' folders; nothing is written.

    Parameters
    ----------
    archive : ZipFile
        As Canvas or Moodle made it.
    roster : Roster, optional
        Says what the folders are called; else they have the system's number of the student.

    Returns
    -------
    Collected
        Paths such as ``12345/hw1.ipynb`` with the entry that belongs there.

    Raises
    ------
    InputError
        Where an entry climbs out of its folder, is a link, is encrypted or too large, or
        where no entry has a name that Canvas or Moodle gives.
    """
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    refuse_dangerous(entries)
    files: dict[str, zipfile.ZipInfo] = {}
    late: dict[str, bool] = {}
    odd = []
    for entry in entries:
        matches = (pattern.fullmatch(entry.filename) for pattern in NAMES.values())
        found = next(filter(None, matches), None)
        if found is None:
            odd.append(f"{entry.filename}: neither Canvas nor Moodle names a file so: left out")
            continue
        person = roster.find(found["id"]) if roster else None
        if roster and person is None:
            odd.append(f"{entry.filename}: {found['id']} is not in {roster.path}")
        student = folder_name(person.student if person else found["id"])
        files[free(f"{student}/{found['file']}", files)] = entry
        late[student] = late.get(student, False) or bool(found.groupdict().get("late"))
    if not files:
        raise InputError("it holds no file with a name that Canvas or Moodle gives")
    return Collected(files, late, tuple(odd))


def refuse_dangerous(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive that would write elsewhere, or fill the disk.

    Raises
    ------
    InputError
        The message names the entry.
    """
    if len(entries) > MAX_FILES:
        raise InputError(f"it holds {len(entries):,} files, more than {MAX_FILES:,}")
    for entry in entries:
        parts = re.split(r"[/\\]", entry.filename)
        if ".." in parts or not parts[0] or ":" in parts[0] or "\0" in entry.filename:
            raise InputError(f"{entry.filename!r} would be written outside of the folder")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise InputError(f"{entry.filename!r} is a link")
        if entry.flag_bits & 1:
            raise InputError(f"{entry.filename!r} is encrypted")
        if entry.file_size > MAX_FILE_BYTES:
            raise InputError(f"{entry.filename!r} has {entry.file_size:,} bytes")
    total = sum(entry.file_size for entry in entries)
    if total > MAX_BYTES:
        raise InputError(f"it holds {total:,} bytes, more than {MAX_BYTES:,}")


def folder_name(student: str) -> str:
    """Return a student's name as that of one folder.

    Raises
    ------
    InputError
        Where it cannot be one.
    """
    if student in ("", ".", "..") or re.search(r"[/\\\0]", student) or student.startswith("."):
        raise InputError(f"{student!r} cannot be the name of a folder: change it in the roster")
    return student


def free(path: str, taken: dict[str, zipfile.ZipInfo]) -> str:
    """Return a path that is not taken yet: a second ``hw1.py`` becomes ``hw1-2.py``."""
    whole = pathlib.PurePosixPath(path)
    number = 1
    while path in taken:
        number += 1
        path = str(whole.with_name(f"{whole.stem}-{number}{whole.suffix}"))
    return path
