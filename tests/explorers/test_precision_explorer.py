"""PrecisionExplorer: the page's truth against mpmath, its float32 against NumPy."""

import mpmath
import numpy as np
import pytest
import traitlets

from actgrad.explorers import PrecisionExplorer
from actgrad.explorers._precision import FORMULAS, relative_errors

STEM = "precision_explorer"


def places(name):
    low, high = FORMULAS[name].limits
    rng = np.random.default_rng(5)
    some = np.concatenate(
        [np.linspace(low, high, 101), rng.uniform(-40, 40, 100), [0, 1 / 1024]]
    )
    return list(np.round(np.clip(some, low, high) * 1024) / 1024)


@pytest.mark.parametrize("name", FORMULAS)
def test_truth_has_28_digits(run, name):
    x = places(name)
    body = "return argument[1].map((x) => formulas[argument[0]].truth(x));"
    with mpmath.workdps(60):
        for place, (high, low) in zip(x, run(STEM, body, [name, x]), strict=True):
            want = FORMULAS[name].truth(mpmath.mpf(place))
            got = mpmath.mpf(high) + mpmath.mpf(low)
            # Where e^x comes near the smallest number, the low part keeps fewer digits.
            digits = 1e-28 if abs(want) > 1e-285 else 1e-19
            assert abs(got - want) <= digits * abs(want), (name, place)


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("form", ["textbook", "accurate"])
def test_forms_are_numpys(run, name, form):
    x = places(name)
    body = """
      const [name, form, grid] = argument;
      return Object.values(formats).map((r) => grid.map((x) => formulas[name][form](x, r)));
    """
    for dtype, values in zip(
        (np.float32, np.float64), run(STEM, body, [name, form, x]), strict=True
    ):
        with np.errstate(all="ignore"):
            want = getattr(FORMULAS[name], form)(np.array(x, dtype))
        assert want.dtype == dtype
        got = np.array(values, float)
        assert (np.isfinite(got) == np.isfinite(want)).all()
        finite = np.isfinite(want) & (np.abs(want) > np.finfo(dtype).tiny)
        # The two differ by the last bit of exp, which the textbook's cancellation magnifies.
        errors = relative_errors(FORMULAS[name], np.array(x))
        error = errors[form, np.dtype(dtype).name][finite]
        room = 4 * error + 8 * np.finfo(dtype).eps
        assert (np.abs(got[finite] - want[finite]) <= room * np.abs(want[finite])).all()
        if dtype is np.float32:
            numbers = got[np.isfinite(got)]
            assert (numbers == numbers.astype(np.float32)).all()


@pytest.mark.parametrize("name", FORMULAS)
def test_cursor_finds_where_the_textbook_form_fails(run, name):
    found = run(STEM, "return ['single', 'double'].map((f) => failure(argument, f));", name)
    for x, dtype in zip(found, (np.float32, np.float64), strict=True):
        # NumPy's tanh and exp differ from the page's by a few units in the last place.
        with np.errstate(all="ignore"):
            beyond, short = FORMULAS[name].textbook(np.array([1.15 * x, 0.9 * x], dtype))
        assert beyond == 0 or not np.isfinite(beyond)
        assert short != 0
        assert np.isfinite(short)


def test_the_cursors_places_are_known(run):
    find = "return [failure('sigmoid-gradient', 'double'), failure('softmax', 'double')];"
    sigmoid, softmax = run(STEM, find)
    assert abs(sigmoid - 53 * np.log(2)) < 1e-3  # 1 + e^-x rounds to 1
    assert abs(softmax - np.log(np.finfo(float).max)) < 0.5  # the sum overflows


def test_accurate_forms_are_accurate_where_the_textbook_is_lost():
    x = np.array([40.0, 50.0])
    errors = relative_errors(FORMULAS["sigmoid-gradient"], x)
    assert (errors["textbook", "float64"] == 1).all()
    assert (errors["accurate", "float64"] < 1e-15).all()


def test_settings():
    explorer = PrecisionExplorer("softplus", x=0.3)
    assert explorer.x == 307 / 1024
    assert explorer.x_range == (-60.0, 40.0)
    explorer.formula = "tanh-gradient"
    assert explorer.x_range == (-5.0, 30.0)
    with pytest.raises(traitlets.TraitError, match=r"x_range must lie within \[-350, 350\]"):
        explorer.x_range = (-400, 0)
    with pytest.raises(traitlets.TraitError, match="formula must be one of sigmoid-gradient"):
        PrecisionExplorer("gelu")


def test_text_alternative_says_where_it_fails():
    text = PrecisionExplorer("sigmoid-gradient").describe()
    assert (
        "in float64 the textbook form's error reaches 1, nothing is right from x = 36.9 on"
        in text
    )
    assert "no number comes from x = 88.8" in PrecisionExplorer("softmax").describe()
