"""The accuracy table that the book reads, and the entry of the benchmarks."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from actgrad.atlas import DEFINITIONS, Elsewhere
from actgrad.notebook import recorded
from benchmarks import __main__ as entry
from benchmarks import accuracy, conventions, frameworks, scoreboard
from benchmarks.accuracy import ulp_errors

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
    runnable = {name for name, text in texts.items() if "\ndef run(" in text}
    assert runnable == set(entry.TOPICS)
    assert runnable == {name for name, text in texts.items() if "\nTITLE = " in text}


FEW = np.array([-8.0, -0.5, 0.25, 3.0, 30.0])


@pytest.fixture
def few_points(monkeypatch):
    """Let the scoreboard measure at few points."""

    def truths(definition):
        exact = [[scoreboard.exact(definition, order, x) for x in FEW] for order in range(3)]
        return FEW, exact

    monkeypatch.setattr(scoreboard, "truths", truths)


def test_a_library_is_asked_by_the_names_of_the_records(few_points):
    record = DEFINITIONS["sigmoid"]
    library = frameworks.scipy()
    (name,) = [name for name in record.elsewhere if name.framework == "SciPy"]
    row = scoreboard.ask(library, record, name)
    assert row["by_default"] is True
    assert row["ends"] == {"f(-inf)": 0.0, "f(inf)": 1.0, "f(nan)": "nan"}
    for dtype in ("float64", "float32"):
        assert set(row[dtype]) == {"value"}  # SciPy does not differentiate
        assert 0 < row[dtype]["value"][0] < 3
    ours = scoreboard.ours(record)
    assert set(ours["float64"]) == {"value", "gradient"}
    assert ours["float64"]["gradient"][0] <= 5


def test_nothing_is_counted_where_there_is_no_derivative():
    for name, order in (("softsign", 2), ("celu", 2), ("sym_log", 1)):
        truth = scoreboard.exact(DEFINITIONS[name], order, 0.0)
        assert np.isnan(ulp_errors(np.array([1.0]), [truth], np.float64)).all()
    assert scoreboard.exact(DEFINITIONS["celu"], 1, 0.0) == 1
    for record in scoreboard.MEASURED:
        assert scoreboard.CORNERS.issuperset(scoreboard.kinks(record))


def test_a_lost_tail_is_seen(few_points):
    def tails_lost(x):
        y = 1 / (1 + np.exp(-x))
        return y * (1 - y)

    record = dataclasses.replace(
        DEFINITIONS["sigmoid"], name="bell", formula="sigma(x)*sigma(-x)", from_output=""
    )
    library = frameworks.Library("ours", "1", lambda f, x: f(x))
    found = scoreboard.errors(library, tails_lost, record)
    ulp, at = found["float64"]["value"]
    assert at == 30
    assert ulp > 1e10


def test_a_name_of_another_function_is_refused(few_points):
    wrong = Elsewhere("scipy.special.expit")
    with pytest.raises(ValueError, match=r"'softplus', field 'elsewhere': .* is another"):
        scoreboard.ask(frameworks.scipy(), DEFINITIONS["softplus"], wrong)


def test_a_default_that_differs_is_seen(few_points):
    library = frameworks.Library("ours", "1", lambda f, x: f(x))
    leaky = Elsewhere("actgrad.LeakyReLU", "negative_slope=0.5", "negative_slope=0.01")
    assert scoreboard.other_than(
        library, frameworks.function(leaky, negative_slope=0.3), DEFINITIONS["leaky_relu"]
    ).startswith("at x = -6 it gives -1.8, not -0.06")
    row = scoreboard.ask(library, DEFINITIONS["leaky_relu"], leaky)
    assert row["by_default"] is True


def test_answers_are_of_records_and_names_that_exist():
    for row in recorded("frameworks")["rows"]:
        record = DEFINITIONS[row["function"]]
        names = {name.name for name in record.elsewhere} | {record.class_name}
        assert row["call"] in names, row


@pytest.mark.peers
@pytest.mark.parametrize("name", ["softplus", "gelu", "leaky_relu"])
def test_recorded_rows_are_what_the_installed_frameworks_say(name, few_points):
    rows = {
        (r["framework"], r["call"]): r
        for r in recorded("frameworks")["rows"]
        if r["function"] == name
    }
    asked = 0
    for library in frameworks.installed():
        for found in DEFINITIONS[name].elsewhere:
            row = rows.get((library.framework, found.name))
            if row and row["version"] == library.version:
                answer = scoreboard.ask(library, DEFINITIONS[name], found)
                keys = ("by_default", "kinks", "ends")
                assert [answer[key] for key in keys] == [row[key] for key in keys]
                asked += 1
    if not asked:
        pytest.skip("no framework is installed in the version that was recorded")
