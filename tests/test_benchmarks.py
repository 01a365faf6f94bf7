"""The accuracy table that the book reads, and the entry of the benchmarks."""

import json
from pathlib import Path

import numpy as np
import pytest

from actgrad.notebook import recorded
from benchmarks import __main__ as entry
from benchmarks import accuracy, conventions

BOUNDS = {("float64", "value"): 4, ("float64", "gradient"): 5}


def test_ours_keeps_its_bounds_in_the_table():
    rows, curves = accuracy.measure(accuracy._ours())
    assert len(rows) == 2 * len(accuracy.EXACT)
    for row in rows:
        assert row["max_ulp"] <= BOUNDS.get((row["dtype"], row["quantity"]), 6), row
    assert {(c["function"], c["quantity"]) for c in curves} == {
        key for key in accuracy.EXACT if key[0] != "relu"
    }


@pytest.mark.parametrize("library", accuracy.RECORDERS)
def test_records_are_complete_and_show_the_lost_tail(library):
    record = accuracy.recorded(library)
    assert record["library"] == library
    assert record["version"][0].isdigit()
    rows = {(r["function"], r["quantity"], r["dtype"]): r for r in record["rows"]}
    assert len(rows) == 2 * len(accuracy.EXACT)
    sigmoid = rows["sigmoid", "gradient", "float64"]
    assert sigmoid["max_ulp"] > 2**52  # 100 % off
    assert 36 < abs(sigmoid["at"]) < 38
    for curve in record["curves"]:
        assert len(curve["x"]) == len(curve["ulp"])


@pytest.mark.parametrize("library", accuracy.RECORDERS)
@pytest.mark.peers
def test_records_are_what_the_installed_library_does(library):
    pytest.importorskip(library)
    version, implementations = accuracy.RECORDERS[library]()
    record = accuracy.recorded(library)
    if version != record["version"]:
        pytest.skip(f"{library} {version} is installed, {record['version']} is recorded")
    for actual, expected in zip(
        accuracy.measure(implementations)[0], record["rows"], strict=True
    ):
        assert actual["function"] == expected["function"]
        assert actual["max_ulp"] == pytest.approx(expected["max_ulp"], rel=0.5)


@pytest.mark.parametrize("path", sorted(accuracy.RECORDED.glob("*.json")), ids=lambda p: p.stem)
def test_every_record_says_its_versions_and_dates(path):
    assert recorded(path.stem) == json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("framework", conventions.ASKED)
@pytest.mark.peers
def test_recorded_answers_are_what_the_installed_framework_says(framework):
    pytest.importorskip({"PyTorch": "torch"}.get(framework, framework.lower()))
    version, answers = conventions.ASKED[framework]()
    rows = json.loads(conventions.RECORD.read_text("utf-8"))["rows"]
    rows = [row for row in rows if row["framework"] == framework]
    if {row["version"] for row in rows} != {version}:
        pytest.skip(f"{framework} {version} is installed, another version is recorded")
    assert [(row["question"], row["call"]) for row in rows] == [a[:2] for a in answers]
    for row, (_, _, answer) in zip(rows, answers, strict=True):
        assert row["answer"] == (str(answer) if answer != answer else answer)


def test_what_a_backward_function_takes_is_found_by_its_values():
    def slope(x):
        return 1 - np.tanh(x) ** 2

    assert conventions._takes(np.tanh, slope, slope) == "input"
    assert conventions._takes(np.tanh, slope, lambda y: 1 - y**2) == "output"
    with pytest.raises(ValueError, match="unpack"):
        conventions._takes(np.tanh, slope, lambda y: 1 - y)


def test_errors_are_counted_in_ulp():
    truths = accuracy.truths_of("tanh", "value", np.array([0.5, 30.0, 0.0]))
    results = np.array([float(truths[0]), 1 - 2**-53, np.nan])
    errors = accuracy.ulp_errors(results, truths, np.float64)
    assert errors[0] <= 0.5
    assert errors[1] == pytest.approx(1, abs=1e-6)
    assert errors[2] == accuracy.ULP_BEYOND_COUNTING


def test_the_entry_prints_a_table_and_writes_json(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(accuracy, "run", lambda: [{"name": "a", "us": 1.2345, "peer": None}])
    assert entry.main(["accuracy", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "1.23" in printed
    written = json.loads((tmp_path / "accuracy.json").read_text())
    assert written["rows"] == [{"name": "a", "us": 1.2345, "peer": None}]
    assert written["versions"]["numpy"] == np.__version__


def test_an_unknown_topic_is_refused(capsys):
    with pytest.raises(SystemExit):
        entry.main(["nonsense"])
    assert "no topic 'nonsense'; choose of" in capsys.readouterr().err


def test_every_module_that_can_be_run_is_a_topic():
    folder = Path(entry.__file__).parent
    texts = {path.stem: path.read_text("utf-8") for path in folder.glob("[!_]*.py")}
    runnable = {name for name, text in texts.items() if "\ndef run():\n" in text}
    assert runnable == set(entry.TOPICS)
    assert runnable == {name for name, text in texts.items() if "\nTITLE = " in text}
