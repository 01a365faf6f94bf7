"""The prover: what it accepts, what it refuses, and that it never hangs."""

import sys
import threading
import time

import pytest
import sympy

from actgrad.derivations import Kind, Unproved, _limit, parse, prove_equal
from actgrad.derivations import _prove as prover
from actgrad.derivations._carried_out import unknown_function
from actgrad.derivations._counterexample import counterexample

INDICES = {
    **{name: sympy.Symbol(name, integer=True, positive=True) for name in "ijkn"},
    **{name: sympy.IndexedBase(name, real=True) for name in "zS"},
    "t": sympy.Symbol("t", real=True),
    "p": sympy.Symbol("p", positive=True),
    **{name: unknown_function(name) for name in ("sigma", "f", "f'", "u", "v")},
}
SIGMA = ("sigma(x)", "1/(1 + e^(-x))")
SOFTMAX = ("S[i]", "e^z[i]/sum(e^z[j], j, 1, n)")


def read(text):
    return parse(text, INDICES)


def prove(left, right, *definitions, conditions=(), **options):
    pairs = tuple((read(name), read(value)) for name, value in definitions)
    return prove_equal(read(left), read(right), pairs, conditions, **options)


@pytest.mark.parametrize(
    ("left", "right", "definitions"),
    [
        ("D(1/(1 + e^(-x)), x)", "e^(-x)/(1 + e^(-x))^2", ()),
        ("D(sigma(x), x)", "sigma(x)*(1 - sigma(x))", (SIGMA,)),
        ("tanh(x)", "2*sigma(2*x) - 1", (SIGMA,)),
        ("D(1/t, t)*D(t, x)", "-1/t^2*(-e^(-x))", (("t", "1 + e^(-x)"),)),
        ("D(f(u(x)), x)", "f'(u(x))*D(u(x), x)", ()),
        ("D(max(0, x), x)", "Piecewise((1, x > 0), (0, x < 0))", ()),
        ("D(x*abs(x), x)", "2*abs(x)", ()),
        ("log(1 + e^x)", "max(x, 0) + log(1 + e^(-abs(x)))", ()),
        ("D(x^p, x)", "p*x^(p - 1)", ()),
        ("sqrt(x^2 + 1)*sqrt(x^2 + 1) + sqrt(8)", "x^2 + 1 + 2*sqrt(2)", ()),
        ("sin(2*x)", "2*sin(x)*cos(x)", ()),
        ("D(S[i], z[k])", "S[i]*(delta(i, k) - S[k])", (SOFTMAX,)),
        ("tanh(log(1 + e^x))", "((1 + e^x)^2 - 1)/((1 + e^x)^2 + 1)", ()),
        ("abs(abs(x) - 1)", "max(abs(x) - 1, 1 - abs(x))", ()),
    ],
)
def test_exact_proofs(left, right, definitions):
    assert prove(left, right, *definitions).kind is Kind.EXACT


@pytest.mark.parametrize(
    ("left", "right", "definitions"),
    [
        ("D(sigma(x), x)", "sigma(x)*(1 + sigma(x))", (SIGMA,)),
        ("D(S[i], z[k])", "-S[i]*S[k]", (SOFTMAX,)),
        ("D(1/t, t)*D(t, x)", "1/t^2*(-e^(-x))", (("t", "1 + e^(-x)"),)),
        ("sum(z[j], j, 1, n)", "sum(z[i], j, 1, n)", ()),
        ("x/x", "x - x", ()),
        ("sqrt(x^2)", "x", ()),
        ("log(x^2)", "2*log(x)", ()),
        ("x + 1/10^30*x", "x", ()),
    ],
)
def test_refusals(left, right, definitions):
    with pytest.raises(Unproved, match=r"the line before is|domain"):
        prove(left, right, *definitions)


def test_a_counterexample_is_named():
    with pytest.raises(Unproved, match=r"at x = .* the line before is .* and this line is"):
        prove("x^2", "x^3")


def test_conditions_are_used_and_needed():
    distinct = (sympy.Ne(INDICES["i"], INDICES["k"]),)
    proof = prove("D(S[i], z[k])", "-S[i]*S[k]", SOFTMAX, conditions=distinct)
    assert proof.kind is Kind.EXACT
    with pytest.raises(Unproved):
        prove("D(S[i], z[k])", "-S[i]*S[k]", SOFTMAX)


@pytest.mark.parametrize(
    "claim",
    ["Piecewise((1, x >= 0), (0, otherwise))", "Piecewise((1, x > 0), (0, otherwise))"],
)
def test_no_slope_is_claimed_at_a_kink(claim):
    with pytest.raises(Unproved, match="at x = 0 the line before has no value"):
        prove("D(max(0, x), x)", claim)
    assert prove("D(max(0, x), x)", claim, at_kinks=False).kind is Kind.EXACT


def test_a_slope_is_claimed_where_both_sides_agree():
    smooth = "D(Piecewise((x, x > 0), (e^x - 1, otherwise)), x)"
    assert prove(smooth, "Piecewise((1, x >= 0), (e^x, otherwise))").kind is Kind.EXACT


def test_a_jump_is_not_a_smooth_join():
    jump = "D(Piecewise((x + 1, x > 0), (x, otherwise)), x)"
    with pytest.raises(Unproved, match="at x = 0"):
        prove(jump, "1")


def test_what_stands_for_the_variable_is_not_used_inside_its_derivative():
    with pytest.raises(Unproved):
        prove("D(1/t, t)", "D(1/(1 + e^(-x)), t)", ("t", "1 + e^(-x)"))


def slow_zero(expression):
    while True:
        time.sleep(0.001)


def test_a_hang_becomes_a_numeric_proof(monkeypatch):
    monkeypatch.setattr(prover, "is_zero", slow_zero)
    proof = prove("(x + 3)^2 - x^2", "6*x + 9", seconds=0.2)
    assert proof.kind is Kind.NUMERIC
    assert "takes longer" in proof.reason
    with pytest.raises(Unproved):
        prove("(x + 3)^2 - x^2", "6*x + 8", seconds=0.2)


def test_a_failure_of_sympy_becomes_a_numeric_proof(monkeypatch):
    def broken(expression):
        raise RecursionError("too deep")

    monkeypatch.setattr(prover, "is_zero", broken)
    proof = prove("(x + 5)^2 - x^2", "10*x + 25")
    assert proof.kind is Kind.NUMERIC
    assert "RecursionError" in proof.reason


def test_the_time_limit_holds_off_the_main_thread(monkeypatch):
    monkeypatch.setattr(prover, "is_zero", slow_zero)
    kinds = []

    def work():
        kinds.append(prove("(x + 7)^2 - x^2", "14*x + 49", seconds=0.2).kind)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(30)
    assert kinds == [Kind.NUMERIC]


def test_without_threads_it_warns_and_goes_on(monkeypatch):
    def refuse(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with pytest.warns(RuntimeWarning, match="without a time limit"):
        assert prove("(x + 9)^2 - x^2", "18*x + 81").kind is Kind.EXACT


def test_a_host_without_threads_brings_its_own_limit(monkeypatch):
    """As in a browser: no thread is started and ctypes is not there."""
    asked = []

    def limiter(seconds, work):
        asked.append(seconds)
        if len(asked) > 1:
            raise _limit.TimeLimit
        return work()

    def refuse(self):
        raise AssertionError("a thread was started")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    monkeypatch.setitem(sys.modules, "ctypes", None)
    _limit.limit_by(limiter)
    try:
        assert prove("(x + 11)^2 - x^2", "22*x + 121", seconds=0.5).kind is Kind.EXACT
        assert prove("(x + 12)^2 - x^2", "24*x + 144", seconds=0.5).kind is Kind.NUMERIC
    finally:
        _limit.limit_by(None)
    assert asked == [0.5, 0.5]


def test_sympy_does_not_swallow_the_time_limit():
    assert not issubclass(_limit.TimeLimit, Exception)


def test_proofs_are_cached_by_content(monkeypatch):
    prove("(x + 4)^2", "x^2 + 8*x + 16")

    def never(*arguments):
        raise AssertionError("proved again")

    monkeypatch.setattr(prover, "_prove", never)
    assert prove("(x + 4)^2", "x^2 + 8*x + 16").kind is Kind.EXACT


def test_huge_numbers_do_not_hang():
    with pytest.raises(Unproved, match="domain"):
        prove("e^(e^(e^(e^(100 + x^2))))", "e^(e^(e^(e^(101 + x^2))))")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x*e^(-200)", "2*x*e^(-200)"),
        ("e^(-x^2 - 300)", "7*e^(-x^2 - 300)"),
        ("10^(-61)", "0"),
        ("sin(x) + 10^(-42)", "sin(x)"),
        ("10^(-200)*10^(-100)", "0"),
        ("sin(x)^2 + cos(x)^2 - 1 + 10^(-90)", "0"),
    ],
)
def test_a_small_difference_is_a_difference(before, after):
    with pytest.raises(Unproved):
        prove_equal(parse(before), parse(after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("sin(x)^2 + cos(x)^2 - 1", "0"),
        ("e^(-200)*(x + 1) - e^(-200)", "x*e^(-200)"),
        ("(1 + 10^(-30)) - 1", "10^(-30)"),
    ],
)
def test_rounding_is_no_difference(before, after):
    assert counterexample(parse(before), parse(after)) is None
