"""``python -m actgrad collect``: a folder a student from a download of Canvas or Moodle."""

import argparse
import csv
import io
import pathlib
import shutil
import sys
import tempfile
import zipfile

from actgrad.exercises.course._collect import collect
from actgrad.exercises.course._faults import InputError
from actgrad.exercises.course._roster import read_roster

MOST_REMARKS = 20


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options of ``collect``."""
    parser.add_argument("archive", type=pathlib.Path, help="the .zip file")
    parser.add_argument(
        "--out", type=pathlib.Path, required=True, help="a folder that is not there yet"
    )
    parser.add_argument(
        "--roster", type=pathlib.Path, help="a table that says what the folders are called"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check the archive, unpack it and return the exit status."""
    marks = options.out.with_name(f"{options.out.name}-submitted.csv")
    try:
        for path in (options.out, marks):
            if path.exists():
                raise InputError(f"{path} is there already; give another --out")
        roster = read_roster(options.roster) if options.roster else None
        with zipfile.ZipFile(options.archive) as archive:
            found = collect(archive, roster)
            unpack(archive, found.files, options.out)
        marks.write_text(times(found.late), encoding="utf-8")
    except zipfile.BadZipFile as error:
        return _fail(f"{options.archive}: {error}")
    except InputError as error:
        return _fail(f"{options.archive}: {error}")
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}")
    for remark in found.odd[:MOST_REMARKS]:
        print(f"collect: {remark}", file=sys.stderr)
    if len(found.odd) > MOST_REMARKS:
        print(f"collect: {len(found.odd) - MOST_REMARKS} more of this kind", file=sys.stderr)
    late = sum(found.late.values())
    print(
        f"{len(found.files)} files of {len(found.late)} students: {options.out}; "
        f"{late} marked late: {marks}",
        file=sys.stderr,
    )
    return 0


def unpack(
    archive: zipfile.ZipFile, files: dict[str, zipfile.ZipInfo], out: pathlib.Path
) -> None:
    """Write the files into a new folder: all of them, or nothing."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as folder:
        whole = pathlib.Path(folder) / out.name
        for name, entry in files.items():
            path = whole / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as source, path.open("xb") as target:
                shutil.copyfileobj(source, target)
        whole.rename(out)


def times(late: dict[str, bool]) -> str:
    """Return the table into which the times of what is late are written."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("student", "submitted", "late", "days_late"))
    for student in sorted(late):
        writer.writerow((student, "", "yes" if late[student] else "", ""))
    return text.getvalue()


def _fail(text: str) -> int:
    print(f"collect: {text}", file=sys.stderr)
    return 2
