"""Downloads of Canvas and Moodle: sorted into folders, or refused before a byte is written."""

import stat
import zipfile

import pytest

from actgrad.__main__ import main
from actgrad.exercises.course import _collect
from actgrad.exercises.grading._submission import read

CANVAS = {
    "lovelaceada_12345_67890_hw1.ipynb": "1",
    "lovelaceada_12345_67891_hw1.ipynb": "2",
    "o_brien_LATE_222_333_my_12_answers_3.py": "3",
    "hopper_777_text.html": "odd",
}
# With and without a folder, and the older form with a `_` before the slash.
MOODLE = {
    "Ada Lovelace_12345_assignsubmission_file/hw1.ipynb": "1",
    "Ada Lovelace_12345_assignsubmission_file/code/more.py": "2",
    "Grace Hopper_777_assignsubmission_file_/hw1.py": "3",
    "Kurt Gödel_888_assignsubmission_file_hw_1.py": "4",
    "Kurt Gödel_888_assignsubmission_onlinetext/onlinetext.html": "odd",
}


def archive(folder, files):
    path = folder / "submissions.zip"
    with zipfile.ZipFile(path, "w") as target:
        for name, text in files.items():
            target.writestr(name, text)
    return path


def collect(folder, path, *more):
    return main(["collect", str(path), "--out", str(folder / "class"), *map(str, more)])


def contents(folder):
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_canvas(tmp_path, capsys):
    assert collect(tmp_path, archive(tmp_path, CANVAS)) == 0
    assert contents(tmp_path / "class") == {
        "12345/hw1.ipynb": "1",
        "12345/hw1-2.ipynb": "2",
        "222/my_12_answers_3.py": "3",
    }
    assert (tmp_path / "class-submitted.csv").read_text().splitlines() == [
        "student,submitted,late,days_late",
        "12345,,,",
        "222,,yes,",
    ]
    assert "hopper_777_text.html: neither Canvas nor Moodle" in capsys.readouterr().err
    assert len(read(tmp_path / "class" / "12345", 10_000).files) == 2


def test_moodle(tmp_path, capsys):
    assert collect(tmp_path, archive(tmp_path, MOODLE)) == 0
    assert contents(tmp_path / "class") == {
        "12345/hw1.ipynb": "1",
        "12345/code/more.py": "2",
        "777/hw1.py": "3",
        "888/hw_1.py": "4",
    }
    assert "onlinetext.html: neither" in capsys.readouterr().err


def test_a_roster_says_what_the_folders_are_called(tmp_path, capsys):
    roster = tmp_path / "roster.csv"
    roster.write_text("student,id\nada,12345\ngrace,999\n")
    assert collect(tmp_path, archive(tmp_path, CANVAS), "--roster", roster) == 0
    assert {path.name for path in (tmp_path / "class").iterdir()} == {"ada", "222"}
    assert f"222 is not in {roster}" in capsys.readouterr().err


def link(name):
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("../a_1_2_x.py", "outside of the folder"),
        ("A B_1_assignsubmission_file/../../../x.py", "outside of the folder"),
        ("A B_1_assignsubmission_file/..\\..\\x.py", "outside of the folder"),
        ("/etc/a_1_2_x.py", "outside of the folder"),
        ("\\\\host\\a_1_2_x.py", "outside of the folder"),
        ("C:/a_1_2_x.py", "outside of the folder"),
        (link("A B_1_assignsubmission_file/x.py"), "is a link"),
    ],
    ids=str,
)
def test_what_climbs_out_is_refused_before_anything_is_written(tmp_path, capsys, name, says):
    path = archive(tmp_path, CANVAS | {name: "bad"})
    before = set(tmp_path.parent.rglob("*"))
    assert collect(tmp_path, path) == 2
    assert says in capsys.readouterr().err
    assert set(tmp_path.parent.rglob("*")) == before


@pytest.mark.parametrize(
    ("limit", "value", "says"),
    [
        ("MAX_FILES", 3, "4 files, more than 3"),
        ("MAX_FILE_BYTES", 2, "has 3 bytes"),
        ("MAX_BYTES", 5, "6 bytes, more than 5"),
    ],
)
def test_what_would_fill_the_disk_is_refused(tmp_path, capsys, monkeypatch, limit, value, says):
    monkeypatch.setattr(_collect, limit, value)
    assert collect(tmp_path, archive(tmp_path, CANVAS)) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "class").exists()


def test_other_archives_and_places_are_refused(tmp_path, capsys):
    assert collect(tmp_path, archive(tmp_path, {"hw1.py": "x"})) == 2
    assert "no file with a name that Canvas or Moodle gives" in capsys.readouterr().err
    text = tmp_path / "text.zip"
    text.write_text("no archive")
    assert collect(tmp_path, text) == 2
    assert "not a zip file" in capsys.readouterr().err
    assert collect(tmp_path, tmp_path / "nothing.zip") == 2
    assert "No such file" in capsys.readouterr().err
    (tmp_path / "class").mkdir()
    assert collect(tmp_path, archive(tmp_path, CANVAS)) == 2
    assert "is there already; give another --out" in capsys.readouterr().err
    assert not list((tmp_path / "class").iterdir())


def test_a_damaged_archive_leaves_nothing(tmp_path, capsys):
    path = archive(tmp_path, CANVAS)
    data = bytearray(path.read_bytes())
    at = data.index(b"my_12_answers_3.py") + len("my_12_answers_3.py")
    data[at] ^= 0xFF
    path.write_bytes(data)
    assert collect(tmp_path, path) == 2
    assert "Bad CRC-32" in capsys.readouterr().err
    assert {item.name for item in tmp_path.iterdir()} == {path.name}
