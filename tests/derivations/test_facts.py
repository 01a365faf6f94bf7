"""Facts of a typed function and the code of its derivative, judged by other means."""

import doctest
import math
import re

import mpmath
import numpy as np
import pytest
import sympy
from scipy import special

from actgrad.derivations import _facts, derive, parse

X = sympy.Symbol("x", real=True)
TYPED = [
    *("x tanh(ln(1 + e^x))", "1/(1 + e^(-x))", "x Phi(x)", "|x|/(1 + x^2)", "x softplus(x)"),
    *("Piecewise((x, x > 0), (e^x - 1, otherwise))", "sin(x)^2*ln(1 + e^x)", "max(x/2, x)"),
    *("x^3 erf(x)", "sqrt(1 + x^2)*atan(x)", "tanh(x)", "2^x - e^(x/3)"),
]


def said(text, **at):
    derivation = derive(text, "x")
    return dict(_facts.facts(derivation.subject, derivation.symbol, at))


def test_the_facts_of_known_functions():
    sigmoid = said("1/(1 + e^(-x))")
    assert sigmoid["Range"] == "$(0, 1)$"
    assert sigmoid["Monotonicity"] == "increasing"
    assert sigmoid["Where $f'(x) = 0$"] == "nowhere"
    assert said("x^3 - x")["Symmetry"].startswith("odd")
    assert said("x^2")["Symmetry"].startswith("even")
    leaky = said("max(alpha x, x)", alpha=0.25)
    assert leaky["Kinks"] == (r"at $x = 0$: slope $\frac{1}{4}$ on the left, $1$ on the right")


def test_a_wave_has_an_endless_series_of_roots():
    wave = said("sin(3x)")
    assert wave["Where $f'(x) = 0$"] == (
        r"$\frac{2 \pi n}{3} + \frac{\pi}{6}$ for every integer $n$ and "
        r"$\frac{2 \pi n}{3} + \frac{\pi}{2}$ for every integer $n$"
    )
    assert all(abs(math.cos(3 * math.pi * p)) < 1e-14 for p in (1 / 6, 1 / 2, 5 / 6, -3 / 2))
    assert (wave["Range"], wave["Monotonicity"]) == ("$[-1, 1]$", "not monotone")
    assert "Limits" not in wave
    assert said("x + sin(x)^2")["Monotonicity"] == "increasing"


@pytest.mark.parametrize("text", ["1/x", "1/(x - 1/3)", "x^x", "sqrt(x)", "ln(|x|)", "tan(x)"])
def test_no_claim_is_made_of_numbers_where_there_is_no_value(text):
    assert said(text).keys() & {"Range", "Monotonicity", "Limits"} == set()


def test_what_grows_slowly_has_no_limit():
    limits = said("ln(1 + x^2)")["Limits"]
    assert limits.count(r"\to \infty") == 3
    assert said("ln(1 + x^2)")["Range"] == r"$[0, \infty)$"


@pytest.mark.parametrize("text", TYPED)
def test_the_numpy_code_is_the_derivative(text):
    derivation = derive(text, "x")
    scope = {}
    exec(_facts.numpy_code(derivation.result, derivation.symbol), scope)
    x = np.array([-3.7, -1.25, -0.3, 0.4, 1.1, 2.9])
    with mpmath.workdps(30):
        f = sympy.lambdify(X, sympy.sympify(parse(text)).doit(), "mpmath")
        truth = [float(mpmath.diff(f, float(at))) for at in x]
    np.testing.assert_allclose(scope["derivative"](x), truth, rtol=1e-9)


def run(code, test):
    scope = {}
    exec(f"{code}\n\n\n{test}\n", scope)
    scope["test_derivative"]()


TESTED = [
    *TYPED,
    *("tanh(beta x - lambda)", "max(lambda x, x)", "ln(x - 2)", "t1 x - in e^x", "|x| - x"),
]


@pytest.mark.parametrize("text", TESTED)
def test_the_test_passes_and_sees_each_wrong_sign(text):
    derivation = derive(text, "x")
    code = _facts.numpy_code(derivation.result, derivation.symbol)
    test = _facts.numpy_test(derivation.subject, derivation.result, derivation.symbol)
    run(code, test)
    signs = [sign.span(1) for sign in re.finditer(r" ([+-]) ", code)]
    slips = [code[:i] + "-+"[code[i] == "-"] + code[j:] for i, j in signs]
    for slip in (*slips, code.replace("return ", "return -1 * ")):
        with pytest.raises(AssertionError, match="Not equal to tolerance"):
            run(slip, test)


def test_the_test_is_of_the_function_and_not_of_its_derivation():
    derivation = derive("x^3 + x", "x")
    wrong = parse("2*x^2 + 1")
    code = _facts.numpy_code(wrong, derivation.symbol)
    test = _facts.numpy_test(derivation.subject, wrong, derivation.symbol)
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        run(code, test)


def slopes(text, **at):
    derivation = derive(text, "x")
    test = _facts.numpy_test(derivation.subject, derivation.result, derivation.symbol, at)
    scope = {}
    exec(test, scope)
    return scope.get("SLOPES", {})


def test_the_test_leaves_out_kinks_but_stands_on_both_sides_of_them():
    bent = slopes("max(x, a)", a=6.2)
    assert 6.2 not in bent
    assert (bent[6.075], bent[6.325]) == (0, 1)
    assert -0.2 not in slopes("|x + 0.2|")
    assert slopes("||x| - 1/8|").keys() >= {-0.25, 0.25}
    assert not slopes("||x| - 1/8|").keys() & {-0.125, 0, 0.125}
    assert min(slopes("ln(x)")) > 0


def test_the_test_leaves_out_what_rounding_alone_spoils():
    assert max(slopes("tanh(x)")) < 31.8  # 1 - tanh^2 is 0 there
    tail = slopes("1 - e^(-e^x)")[6.2]
    assert tail == pytest.approx(math.exp(6.2 - math.exp(6.2)), rel=1e-12, abs=0)
    assert slopes("cos(10^12 x)") == {}


def test_examples_run_as_they_stand():
    names = {"_facts": _facts, **vars(_facts)}
    for name in ("numpy_code", "numpy_test", "javascript_code", "series"):
        for example in doctest.DocTestFinder().find(names[name], name, globs=names):
            assert example.examples
            assert doctest.DocTestRunner().run(example).failed == 0


def test_the_code_keeps_small_numbers():
    derivation = derive("e^x - x", "x")
    scope = {}
    exec(_facts.numpy_code(derivation.result, derivation.symbol), scope)
    assert scope["derivative"](np.array([1e-20]))[0] == pytest.approx(1e-20, rel=1e-12)
    assert "Math.expm1" in _facts.javascript_code(derivation.result, derivation.symbol)


def test_a_lost_tail_is_told():
    tanh = derive("tanh(x)", "x")
    lost = _facts.lost_tail(tanh.result, tanh.symbol, {})
    assert lost.startswith("at $x = 20$ this formula gives 0.0")
    assert 1 - math.tanh(20.0) ** 2 == 0.0
    phi = derive("x^2 + atan(x)", "x")
    assert _facts.lost_tail(phi.result, phi.symbol, {}) == ""


def test_the_javascript_is_read_by_node(tmp_path):
    import json
    import subprocess

    from actgrad_book.assets import NODE

    codes, truths = [], []
    for text in TYPED:
        derivation = derive(text, "x")
        code = _facts.javascript_code(derivation.result, derivation.symbol)
        if not code:
            assert "erf" in str(derivation.result) or "Phi" in str(derivation.result)
            continue
        scope = {"special": special}
        exec(_facts.numpy_code(derivation.result, derivation.symbol), scope)
        codes.append(f"(() => {{ {code} return derivative(0.75); }})()")
        truths.append(float(scope["derivative"](np.array(0.75))))
    script = tmp_path / "codes.mjs"
    script.write_text(f"console.log(JSON.stringify([{','.join(codes)}]))")
    done = subprocess.run([NODE, script], capture_output=True, text=True, check=True)
    assert len(codes) >= 9
    np.testing.assert_allclose(json.loads(done.stdout), truths, rtol=1e-12)
