"""``python -m actgrad verify``: a line each, a total, and a status that can fail."""

import dataclasses
import json

import pytest
import sympy

from actgrad.__main__ import main
from actgrad.derivations import DERIVATIONS
from actgrad.derivations.cli.verify import verify


def planted():
    derivation = DERIVATIONS["sigmoid_by_chain_rule"]()
    *kept, last = derivation.steps
    wrong = dataclasses.replace(last, expression=sympy.Mul(-1, last.expression, evaluate=False))
    return dataclasses.replace(derivation, steps=(*kept, wrong))


def test_everything_is_proved(capsys):
    assert main(["verify"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(any(line.startswith(name) for line in lines) for name in DERIVATIONS)
    assert lines[-2].startswith("total")
    assert lines[-1].endswith("0 not proved")


def test_some_can_be_named_and_the_report_can_be_data(capsys):
    assert main(["verify", "relu_by_cases", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [entry["name"] for entry in data["derivations"]] == ["relu_by_cases"]
    assert data["steps"] == 4
    assert data["failures"] == {}


@pytest.mark.parametrize("as_json", [False, True])
def test_a_planted_error_makes_the_status_non_zero(as_json, capsys):
    made = {"right": DERIVATIONS["relu_by_cases"], "wrong": planted}
    assert verify(made, as_json=as_json, with_functions=False) == 1
    out, err = capsys.readouterr()
    assert "step 16 (substitute back)" in err
    assert "the line before is" in err
    assert "NOT PROVED" in out or json.loads(out)["failures"]


def test_nothing_to_prove_is_no_success():
    assert verify({}, with_functions=False) == 1


def test_an_unknown_name_is_an_error(capsys):
    assert main(["verify", "sigmoid_by_magic"]) == 2
    assert "sigmoid_by_magic" in capsys.readouterr().err
