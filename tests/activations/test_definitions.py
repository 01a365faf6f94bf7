"""The classes against their records, and what one more record brings."""

import dataclasses
import doctest
import json
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import mpmath
import numpy as np
import pytest
import sympy

import actgrad
from actgrad import activations
from actgrad.activations._from_definition import activation_of
from actgrad.atlas import (
    DEFINITIONS,
    Definition,
    Elsewhere,
    Parameter,
    RowSum,
    evaluate,
    named,
    written,
)
from actgrad.derivations.functions import ACTIVATIONS, Function
from actgrad.explorers import _javascript
from actgrad.explorers._base import module_text
from tests.records import (
    DIGITS,
    EXACT,
    PROMISED,
    check_errors,
    check_promise,
    far_out,
    instances,
    letters,
    limits,
    settings,
    value,
)

each = pytest.mark.parametrize("name", PROMISED)
# Where the promise is made for normal results only: their tails have a formula of their own.
NORMAL = {"tanh", "softplus"}


def class_of(name):
    return getattr(activations, PROMISED[name].class_name)


def normal_only(worst_ulp):
    return lambda *a, only_normal: worst_ulp(*a)


def near_roots(name, dtype):
    """Numbers next to the zeros of the derivative, where its terms cancel."""
    roots = ACTIVATIONS[name].roots
    if not isinstance(roots, sympy.FiniteSet):
        return np.array([], dtype)
    at = np.array([float(root) for root in roots]).astype(dtype)
    beside = [np.nextafter(at, dtype(side)) for side in (-np.inf, np.inf)]
    return np.concatenate([at, *beside, at - dtype(1e-4), at + dtype(1e-4)])


@each
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.filterwarnings("ignore:overflow encountered in cast")
def test_the_promise_is_kept(name, dtype, worst_ulp, finite_points):
    record = PROMISED[name]
    judge = normal_only(worst_ulp) if name in NORMAL else worst_ulp
    bounds = record.ulp if dtype is np.float64 else [bound and 6 for bound in record.ulp]
    points = np.union1d(finite_points(dtype, 24), near_roots(name, dtype))
    check_promise(record, class_of(name), points, judge, bounds)


# Inputs where long sweeps found more than was promised, before a formula was mended.
HARD = [
    ("serf", {}, np.float64, (-3.442315808069584, -0.8686611776097908)),
    ("squareplus", {"b": 0.1}, np.float64, (0.8293127292776035,)),
    ("squareplus", {"b": 0.1}, np.float32, (0.94921875, 0.9216560125350952)),
    ("squareplus", {"b": 4.9503}, np.float64, (-429.1380582557521,)),
    ("isru", {"alpha": 1.0}, np.float64, (-3.996752888344386,)),
    ("isru", {"alpha": 0.5}, np.float64, (-28.68818306031977,)),
    ("isrlu", {"alpha": 0.5}, np.float64, (-28.68818306031977,)),
    ("dyt", {"alpha": 3.0, "weight": 3.0}, np.float32, (-16.875, -16.710111618041992)),
    ("dyt", {"alpha": 3.0, "weight": 3.0}, np.float64, (-119.93050185160348,)),
    ("gelu", {"approximate": "none"}, np.float64, (-0.31692056978774086,)),
    (
        "laplace",
        {"mu": 0.8852233213747929, "sigma": 0.3605460204448525},
        np.float64,
        (-5.491198934761908, -4.155365665835397),
    ),
    ("soft_shrink", {"lambd": 0.62955}, np.float32, (0.66015625, -0.629550039768219)),
    ("sine", {"omega": 30.0}, np.float64, (106.29055144645467, 53.145275723227336, 1e300)),
    ("sine", {"omega": 0.1}, np.float64, (2073733.8947080865, 51757.73896789184)),
    ("snake", {"alpha": 59.9}, np.float64, (4901.186111515906,)),
    ("xielu", {"alpha_p": 1.0, "alpha_n": 0.5000001, "beta": 0.5}, np.float64, (-6.715,)),
    ("xielu", {"alpha_p": 3.0, "alpha_n": 3.0, "beta": 2.0}, np.float64, (-0.55455792,)),
]


@pytest.mark.parametrize(("name", "own", "dtype", "places"), HARD)
def test_the_promise_is_kept_where_it_was_not(name, own, dtype, places, worst_ulp):
    record = PROMISED[name]
    bounds = record.ulp if dtype is np.float64 else (6, 6)
    near = np.array(places, dtype)
    points = np.concatenate([near + steps * np.spacing(near) for steps in range(-8, 9)])
    check_errors(record, own, class_of(name)(**own), points, worst_ulp, bounds)


def test_a_missed_promise_names_record_field_and_place(worst_ulp, finite_points):
    wrong = dataclasses.replace(PROMISED["softsign"], ulp=(0.1, 5))
    with pytest.raises(AssertionError, match=r"'softsign', field 'ulp': the value .* at x = "):
        check_promise(
            wrong, class_of("softsign"), finite_points(float, 50), worst_ulp, wrong.ulp
        )
    plain = dataclasses.replace(PROMISED["softsign"], stable_derivative="")
    cls = activation_of(plain, module=__name__)
    with pytest.raises(AssertionError, match="'softsign', field 'ulp': the gradient"):
        check_promise(plain, cls, finite_points(float, 50), worst_ulp, plain.ulp)


@each
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_rows_and_columns_are_as_good_as_a_line(name, dtype):
    tails = np.array([-745, -730, -709, -104, -95, -38, -1e-310, 0, 38, 95, 730, 745], dtype)
    for f in instances(PROMISED[name]):
        for shape in ((1, 12), (12, 1), (3, 4)):
            x = tails.reshape(shape)
            np.testing.assert_array_equal(f(x), f(tails).reshape(shape))
            np.testing.assert_array_equal(f.gradient(x), f.gradient(tails).reshape(shape))


@each
def test_infinities_are_limits(name):
    for f in instances(PROMISED[name]):
        at_value, at_slope = limits(f)
        np.testing.assert_allclose(f([-np.inf, np.inf]), at_value, rtol=4e-16)
        np.testing.assert_allclose(f.gradient([-np.inf, np.inf]), at_slope, rtol=4e-16)


@each
def test_the_parameters_are_those_of_the_record(name):
    fields = {field.name: field.default for field in dataclasses.fields(class_of(name))}
    record = PROMISED[name]
    if name == "relu":  # what the record chooses, the class lets choose
        ((_, slope),) = record.kinks
        assert fields.pop("gradient_at_zero") == evaluate(slope, {}, EXACT)
    own = settings(record)[0]
    assert fields.keys() >= own.keys()
    if record.choice is None:
        assert fields.items() >= own.items()


@each
def test_the_slope_at_a_kink_is_the_chosen_subgradient(name):
    record, function = PROMISED[name], ACTIVATIONS[name]
    for own, f in zip(settings(record), instances(record), strict=True):
        numbers = letters(record, own)
        for (place, chosen), sides in zip(record.kinks, function.slopes.values(), strict=True):
            got = f.gradient(float(evaluate(place, numbers, EXACT)))
            assert got == float(evaluate(chosen, numbers, EXACT))
            left, right = sorted(float(function.at(side, own)) for side in sides)
            assert left <= got <= right


@each
def test_the_gradient_from_the_output_is_the_gradient_or_there_is_none(name):
    x = np.array([-3, -1, -0.4, 0, 0.2, 1, 2.5])
    function = ACTIVATIONS[name]
    for f in instances(PROMISED[name]):
        if function.definition.from_output:
            np.testing.assert_allclose(f.gradient_from_output(f(x)), f.gradient(x), rtol=1e-13)
        elif function.witness is not None:
            with pytest.raises(ValueError, match=r"has no gradient .*: y = .* comes from"):
                f.gradient_from_output(f(x))
        else:
            with pytest.raises(ValueError, match="states no gradient from the output"):
                f.gradient_from_output(f(x))


@each
def test_a_parameter_outside_its_domain_is_refused(name):
    for parameter in PROMISED[name].parameters:
        low, _ = parameter.domain
        outside = (0, -1.0) if low > 0 else (2 * low, -np.inf)
        for bad in (*outside, np.nan, np.inf, "1", None, 1j, [1.0]):
            with pytest.raises(ValueError, match=f"{parameter.name} must be"):
                class_of(name)(**{parameter.name: bad})


@each
def test_the_example_runs(name):
    cls = class_of(name)
    finder, runner = doctest.DocTestFinder(recurse=False), doctest.DocTestRunner()
    for test in finder.find(cls, name, globs={}):
        assert runner.run(test).failed == 0
    if cls.__module__ == "actgrad.activations":
        assert runner.tries > 0


def test_without_a_promise_there_is_no_class():
    record = dataclasses.replace(PROMISED["softsign"], ulp=None)
    with pytest.raises(ValueError, match="record 'softsign', field 'ulp': there is no class"):
        activation_of(record, module=__name__)
    for name in set(ACTIVATIONS) - set(PROMISED):
        assert not hasattr(activations, DEFINITIONS[name].class_name)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"formula": "x*sigmo(x)"}, "'formula': the function 'sigmo' is not known; did you"),
        ({"formula": "x*a"}, "'formula': 'a' is not known; the letters here are x"),
        ({"formula": ""}, "'formula': it is empty: write it"),
        ({"name": "Bent one"}, "'name': write small letters"),
        ({"class_name": "bent-one"}, "'class_name': write a name of a Python class"),
        ({"idea": "Bent."}, "'idea': write two sentences"),
        ({"from_output": "x"}, "'from_output': 'x' is not known; the letters here are y"),
        ({"at_kinks": (("0", "x"),)}, "'at_kinks': 'x' is not known"),
        ({"ulp": (4, float("inf"))}, "'ulp': write the bounds of value and gradient"),
        ({"parameters": (Parameter("a", 1.0),)}, "'parameters': the formula lacks a: drop it"),
        (
            {"parameters": (Parameter("x", 1.0),)},
            "'parameters': write names and letters that differ",
        ),
        (
            {"formula": "a*x", "parameters": (Parameter("a", -1.0),)},
            r"'parameters': the default of 'a' is -1: write a number of its domain, 1e-30 to",
        ),
        (
            {"formula": "a*x", "parameters": (Parameter("a", 1.0, (2, 1)),)},
            r"'parameters': the domain of 'a' is \(2, 1\): write \(smallest, largest\)",
        ),
        (
            {"formula": "a*x", "parameters": (Parameter("a", 1.0, slider=(2, 3, 0.1)),)},
            r"'parameters': the slider of 'a' is \(2, 3, 0.1\): write \(from, to, step\)",
        ),
        (
            {"formula": "is_*x", "parameters": (Parameter("lambda", 1.0),)},
            "'parameters': the name of 'lambda' is no name in Python: write one such as",
        ),
        ({"kind": "row"}, "'kind': write one of 'element-wise', 'rows', 'gated pair'"),
        ({"kind": "rows"}, "'row_sums': rows have sums over their entries, other kinds"),
        ({"row_sums": (RowSum("S", "x"),)}, "'row_sums': rows have sums"),
        (
            {"kind": "rows", "formula": "x/S", "row_sums": (RowSum("S", "e^z"),)},
            "'row_sums': 'z' is not known; the letters here are S, x",
        ),
        ({"kind": "gated pair"}, "'formula': 'x' is not known; the letters here are a, b"),
        (
            {"kind": "gated pair", "formula": "a*b", "at_kinks": (("0", "b"),)},
            r"'at_kinks': write \(place, slope\), in a gated pair with the letter",
        ),
        (
            {"kind": "gated pair", "formula": "a*b", "at_kinks": (("0", "b", "x"),)},
            "'at_kinks': 'x' is none of a, b: write one",
        ),
        ({"at_kinks": (("0", "1", "x"),)}, r"'at_kinks': write \(place, slope\)"),
        ({"view": (2.0, 2.0)}, r"'view': write \(from, to\), two finite numbers that go up"),
        ({"paper": "Nair 2010"}, "'paper': write a key of the bibliography"),
        ({"traps": ("no sentence",)}, "'traps': write sentences, got 'no sentence'"),
        ({"choice": ("no name", "a")}, r"'choice': write \(argument, value\)"),
        (
            {"elsewhere": named("Torch.bent")},
            "'elsewhere': 'Torch.bent' is nobody's: write a name of one of torch, jax, keras",
        ),
        (
            {"elsewhere": named("jax.bent one")},
            "'elsewhere': 'jax.bent one' is nobody's: write",
        ),
        (
            {"elsewhere": (Elsewhere("jax.bent", "true"),)},
            "'elsewhere': 'true' are no arguments: write name=value",
        ),
        (
            {"elsewhere": (Elsewhere("jax.bent", "a=1", "a=b"),)},
            "'elsewhere': 'a=b' are no arguments: write name=value",
        ),
        (
            {"elsewhere": named("jax.bent", "jax.bent")},
            "'elsewhere': one name stands there twice: write it once",
        ),
    ],
)
def test_a_bad_record_names_itself_and_the_field(fields, message):
    good = {
        "name": "bent",
        "class_name": "Bent",
        "title": "Bent",
        "formula": "x",
        "idea": "A line. It is straight.",
    }
    Definition(**good)
    name = fields.get("name", "bent")
    with pytest.raises(ValueError, match=f"^record '{name}', field {message}"):
        Definition(**good | fields)


def test_rows_and_pairs_have_the_derivatives_by_their_letters():
    idea = "One. Two."
    softmax = Definition(
        "r", "R", "R", "e^x/S", idea, kind="rows", row_sums=(RowSum("S", "e^x"),)
    )
    assert written(softmax.partial("x")) == "e^x/S"
    assert written(softmax.partial("S")) == "e^x*(-1/S^2)"
    pair = Definition(
        "p", "P", "P", "max(0, a)*b", idea, kind="gated pair", at_kinks=(("0", "b/2", "a"),)
    )
    for a, b, by_a, by_b in ((2, 3, 3, 2), (-2, 3, 0, 0), (0, 3, 1.5, 0)):
        values = {"a": a, "b": b}
        assert evaluate(pair.partial("a"), values, EXACT) == by_a
        assert evaluate(pair.partial("b"), values, EXACT) == by_b


def test_records_of_one_class_are_its_choices():
    soft, hard = (
        dataclasses.replace(PROMISED[name], class_name="Sign", choice=("shape", shape))
        for name, shape in (("softsign", "soft"), ("hard_tanh", "hard"))
    )
    cls = activation_of(soft, hard, module=__name__)
    assert cls() == cls("soft") != cls(shape="hard")
    x = np.array([-3.0, 0.5, 1.0])
    for own, name in ((cls(), "softsign"), (cls("hard"), "hard_tanh")):
        for kind in ("__call__", "gradient"):
            ours, theirs = getattr(own, kind), getattr(class_of(name)(), kind)
            np.testing.assert_array_equal(ours(x), theirs(x))
    with pytest.raises(ValueError, match=r"^shape must be 'soft' or 'hard', got 'round'$"):
        cls("round")
    with pytest.raises(ValueError, match="'tanh', field 'class_name': 'softsign' has it"):
        activation_of(soft, PROMISED["tanh"], module=__name__)


BENT = """
    Definition(
        "bent",
        "BentIdentity",
        "Bent identity",
        "(sqrt(x^2 + 1) - 1)/2 + x",
        "Nearly a line. Its slope goes from 1/2 to 3/2.",
        stable_formula=(
            "Piecewise((x*(x/(1 + sqrt(1 + x^2)))/2 + x, abs(x) < 1), "
            "(x*(1 + sign(x)*sqrt(1 + (1/x)^2)/2) - 1/2, otherwise))"
        ),
        stable_derivative=(
            "Piecewise((x/sqrt(1 + x^2)/2 + 1, abs(x) < 1), "
            "(sign(x)/sqrt(1 + (1/x)^2)/2 + 1, otherwise))"
        ),
        ulp=(4, 5),
    ),
"""
# What a fresh process finds of it, in the package with this one record more.
FOUND = """
import doctest, json, pickle
import numpy as np
import actgrad
from actgrad import BentIdentity, activations
from actgrad.derivations import plain
from actgrad.derivations.functions import ACTIVATIONS, prove_stable_forms
from actgrad.explorers import ActivationExplorer, ComparisonExplorer
from actgrad.explorers._javascript import functions_module
from tests.records import ELEMENTWISE

bent, f = ACTIVATIONS["bent"], BentIdentity()
proofs = [proof.kind.value for _, proof in prove_stable_forms([bent])]
explorer = ActivationExplorer(function="bent")
ComparisonExplorer(functions=("bent", "tanh"))
tests = doctest.DocTestFinder().find(BentIdentity, globs={})
runner = doctest.DocTestRunner()
for test in tests:
    runner.run(test)
try:
    f.gradient_from_output(1.0)
except ValueError as error:
    message = str(error)
print(json.dumps({
    "proofs": proofs,
    "kinks": len(bent.kinks),
    "derivative": plain(bent.derivative),
    "tested": f in ELEMENTWISE,
    "public": "BentIdentity" in actgrad.__all__ and "BentIdentity" in activations.__all__,
    "pickled": pickle.loads(pickle.dumps(f)) == f,
    "values": [*map(float, f([-np.inf, -1e300, 0.0, 0.75, 1e300]))],
    "slopes": [*map(float, f.gradient([-np.inf, -1e300, 0.0, 0.75, 1e300]))],
    "drawn": "Bent identity" in explorer.describe(),
    "module": explorer._esm if isinstance(explorer._esm, str) else functions_module(),
    "documented": BentIdentity.__doc__.startswith("Bent identity."),
    "examples": [runner.tries, runner.failures],
    "message": message,
}))
"""


def test_one_record_more_brings_everything(tmp_path):
    package = tmp_path / "actgrad"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(actgrad.__file__).parent, package, ignore=ignored)
    records = package / "atlas" / "definitions" / "sigmoids.py"
    before, start, after = records.read_text("utf-8").partition("RECORDS = (")
    records.write_text(before + start + BENT + after, "utf-8")
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", FOUND],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{root}"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert len(found.pop("proofs")) == 4
    assert '"bent": {\ntitle: "Bent identity"' in found.pop("module").replace("\n  ", "\n")
    assert found.pop("message").startswith("BentIdentity() states no gradient from the output")
    tried, failed = found.pop("examples")
    assert tried == 3
    assert failed == 0
    assert found.pop("values") == [-np.inf, -5e299, 0, 0.875, 1.5e300]
    assert found.pop("slopes") == [0.5, 0.5, 1, 1.3, 1.5]
    assert found == {
        "kinks": 0,
        "derivative": "1 + (1/2)*x/sqrt(1 + x^2)",
        **dict.fromkeys(("tested", "public", "pickled", "drawn", "documented"), True),
    }


def test_the_one_record_more_keeps_its_promise_and_moves(
    worst_ulp, finite_points, monkeypatch, javascript
):
    (record,) = eval(f"[{BENT}]", {"Definition": Definition})
    check_promise(
        record,
        activation_of(record, module=__name__),
        finite_points(float, 100),
        worst_ulp,
        record.ulp,
    )
    monkeypatch.setattr(_javascript, "ACTIVATIONS", {**ACTIVATIONS, "bent": Function(record)})
    body = (
        "return argument.map((x) => [functions.bent.value(x), functions.bent.derivative(x)]);"
    )
    text = module_text("activation_explorer")
    np.testing.assert_allclose(
        javascript(text.replace("export default", "const explorer ="), body, [-2, 0, 0.75]),
        [[(5**0.5 - 1) / 2 - 2, 1 - 5**-0.5], [0, 1], [0.875, 1.3]],
        rtol=1e-15,
    )


LEARNED = [
    (name, parameter.name)
    for name, record in PROMISED.items()
    for parameter in record.parameters
    if parameter.learned
]


@pytest.mark.parametrize(("name", "parameter"), LEARNED)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_gradient_of_a_learned_parameter_is_that_of_the_formula(name, parameter, dtype):
    record = PROMISED[name]
    x = np.array([-700, -37.3, -5.1, -0.8, -1e-9, 0, 0.3, 1.7, 9.5, 41.2, 700], dtype)
    for own in settings(record):
        for entry in x:
            ours = class_of(name)(**own).parameter_vjp([entry], np.array([1.5], dtype))
            exact = 1.5 * by_parameter(record, own, parameter, float(entry))
            assert ours[parameter] == pytest.approx(
                float(exact),
                rel=300 * float(np.finfo(dtype).eps),
                abs=float(np.finfo(dtype).tiny),
            ), (own, entry)


@pytest.mark.parametrize(("name", "parameter"), LEARNED)
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_the_gradient_of_a_learned_parameter_has_its_limits(name, parameter, dtype):
    record = PROMISED[name]
    for own in settings(record):
        for side in (-1, 1):
            ours = class_of(name)(**own).parameter_vjp(
                np.array([side * np.inf], dtype), np.array([1.5], dtype)
            )
            exact = far_out(partial(by_parameter, record, own, parameter), side, "1e50")
            assert ours[parameter] == pytest.approx(1.5 * exact, nan_ok=True), (own, side)


def test_the_gradient_of_a_learned_parameter_does_not_overflow_before_its_sum():
    x = np.array([300.0, 300.0], np.float16)
    assert activations.StarReLU().parameter_vjp(x, [1.0, -1.0])["scale"] == 0
    assert activations.StarReLU().parameter_vjp(x, [1.0, 1.0])["scale"] == 180000


def by_parameter(record, own, parameter, x):
    """The derivative by a parameter, by differences of the formula."""
    with mpmath.workdps(DIGITS):
        h = mpmath.mpf(10) ** -40
        f = [
            value(record, {**own, parameter: own[parameter] + side * h})(mpmath.mpf(x))
            for side in (1, -1)
        ]
        return (f[0] - f[1]) / (2 * h)


def test_gradients_of_learned_parameters_are_sums_over_the_entries():
    f = activations.PReLU()
    x = np.linspace(-3, 3, 12).reshape(3, 4)
    g = np.cos(x)
    assert f.parameter_vjp(x, g) == {"weight": pytest.approx(float((g * x)[x < 0].sum()))}
    assert activations.ReLU().parameter_vjp(x, g) == {}
    assert f.parameter_vjp([-np.inf], [0.0]) == {"weight": 0}
    with pytest.raises(ValueError, match="shape"):
        f.parameter_vjp(x, np.ones(5))
