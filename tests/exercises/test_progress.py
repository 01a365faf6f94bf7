"""Progress: what is right, what is next, and a file that any notebook of the folder reads."""

import json
import types

import IPython
import pytest

from actgrad.exercises import CHAPTERS, EXERCISES, _progress, answer_box, check, progress
from actgrad.exercises._progress import FILE

RELU = [item.id for item in CHAPTERS["relu"]]


@pytest.fixture(autouse=True)
def fresh(tmp_path, monkeypatch):
    """An empty folder and a session that remembers nothing."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(_progress, "_session", [])
    return tmp_path


@pytest.fixture
def notebook(monkeypatch):
    """A session inside a Jupyter kernel, as far as IPython tells."""
    shell = types.SimpleNamespace(kernel=object())
    monkeypatch.setattr(IPython, "get_ipython", lambda: shell)


def right(id):
    space = {}
    exec(EXERCISES[id].submission(EXERCISES[id].solution), space)
    return space[EXERCISES[id].name]


def new_session(monkeypatch):
    monkeypatch.setattr(_progress, "_session", [])


def test_at_first_the_first_exercise_of_the_book_is_next():
    found = progress()
    assert found.next is next(iter(EXERCISES.values()))
    assert found.exercises == tuple(EXERCISES.values())
    assert (found.right, found.tried) == (frozenset(), frozenset())


def test_a_verdict_is_kept_beside_the_notebook_and_found_by_a_later_one(
    fresh, notebook, monkeypatch
):
    assert check("relu-gradient", right("relu-gradient"))
    assert not check("sigmoid-slopes-multiply", 8.0)
    kept = [json.loads(line) for line in (fresh / FILE).read_text().splitlines()]
    assert [(line["exercise"], line["status"]) for line in kept] == [
        ("relu-gradient", "right"),
        ("sigmoid-slopes-multiply", "wrong"),
    ]
    new_session(monkeypatch)
    found = progress()
    assert found.right == {"relu-gradient"}
    assert found.next.id == "sigmoid-slopes-multiply"  # tried, and not right yet
    assert check("sigmoid-slopes-multiply", right("sigmoid-slopes-multiply"))
    new_session(monkeypatch)
    assert progress("relu", "sigmoid").right >= {"relu-gradient", "sigmoid-slopes-multiply"}


def test_what_was_right_once_stays_right(notebook):
    check("relu-gradient", right("relu-gradient"))
    check("relu-gradient", lambda x: x)
    assert progress("relu").right == {"relu-gradient"}


def test_the_next_one_follows_the_last_right_one_then_what_was_passed_over():
    _progress.keep(RELU[1], "right")
    assert progress("relu").next.id == RELU[2]
    for id in RELU[2:]:
        _progress.keep(id, "right")
    assert progress("relu").next.id == RELU[0]


def test_a_starter_is_no_try_and_an_unknown_exercise_none_either(fresh, notebook):
    check("relu-gradient", None)
    check("no-such-exercise", 1)
    assert progress().tried == frozenset()
    assert list(fresh.iterdir()) == []


def test_a_script_leaves_no_file_unless_there_is_one(fresh):
    check("relu-gradient", right("relu-gradient"))
    assert list(fresh.iterdir()) == []
    assert progress("relu").right == {"relu-gradient"}
    (fresh / FILE).touch()
    check("relu-gradient", right("relu-gradient"))
    assert (fresh / FILE).read_text().count("\n") == 1


def test_an_answer_box_tells_too(fresh, notebook):
    box = answer_box("sigmoid-slopes-multiply")
    box.status = "wrong"
    box.status = "unreadable"
    box.status = "right"
    assert progress("sigmoid").right == {"sigmoid-slopes-multiply"}
    assert (fresh / FILE).read_text().count("\n") == 2


def test_lines_that_are_not_ours_say_nothing(fresh, notebook):
    (fresh / FILE).write_text(
        '{"exercise": "relu-gradient", "status": "right"}\n'
        '{"exercise": "relu-ki\n[]\n"right"\n{"exercise": 3, "status": "right"}\n'
        '{"exercise": "relu-kink", "status": "perfect"}\n'
    )
    assert progress().right == {"relu-gradient"}
    check("sigmoid-slopes-multiply", 8.0)
    assert progress().tried == {"relu-gradient", "sigmoid-slopes-multiply"}


def test_a_folder_that_cannot_be_written_costs_no_verdict(fresh, notebook):
    (fresh / FILE).mkdir()
    assert check("relu-gradient", right("relu-gradient"))
    assert progress("relu").right == {"relu-gradient"}


def test_all_right_leaves_nothing():
    for id in RELU:
        _progress.keep(id, "right")
    found = progress("relu")
    assert found.next is None
    assert found.open == ()
    assert repr(found).endswith(f"{len(RELU)} of {len(RELU)} right.")


def test_it_shows_as_text_and_as_a_table():
    _progress.keep("relu-gradient", "right")
    found = progress("relu", "sigmoid-slopes-multiply")
    many = len(RELU)
    assert f"relu      1 of  {many}" in repr(found)
    left = sum(EXERCISES[id].minutes for id in RELU if id != "relu-gradient")
    table = found._repr_markdown_()
    assert f"| relu | 1 of {many} | {left} min |" in table
    assert f"1 of {many + 1} right; next: " in table


def test_a_name_that_is_none_is_told_with_the_nearest():
    with pytest.raises(KeyError, match=r"'sigmod'.*`sigmoid`"):
        progress("sigmod")
