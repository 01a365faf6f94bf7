import numpy as np
import pytest

from actgrad.activations import Linear, ReLU, Sigmoid, Softmax, Softplus, Tanh
from actgrad.gradient_check import check_gradient, check_vjp

SMOOTH = [Sigmoid(), Tanh(), Linear(), Softplus(), Softplus(3)]
X = np.concatenate([np.linspace(-6, 6, 13), [-40.0, -1e-3, 1e-9, 0.3]])

# Real bugs of the field, each as (function, wrong gradient).
PLANTED = {
    "sigma for its derivative": (Sigmoid(), Sigmoid()),
    "the output fed to an input formula": (Tanh(), lambda x: 1 - np.tanh(np.tanh(x)) ** 2),
    "a lost minus": (Tanh(), lambda x: -Tanh().gradient(x)),
    "a lost square": (Tanh(), lambda x: 1 - np.abs(np.tanh(x))),
    "beta forgotten": (Softplus(3), Softplus(1).gradient),
    "one part in 1e5": (Sigmoid(), lambda x: Sigmoid().gradient(x) * (1 + 1e-5)),
    "always one": (ReLU(), np.ones_like),
}


@pytest.mark.parametrize("f", SMOOTH, ids=repr)
def test_correct_gradients_pass(f):
    report = check_gradient(f, f.gradient, X)
    assert report.passed
    assert np.count_nonzero(report.verdict == "correct") >= len(X) - 1, str(report)
    decided = report.verdict == "correct"
    assert report.relative_error[decided].max() < 1e-9


@pytest.mark.parametrize(("f", "wrong"), PLANTED.values(), ids=PLANTED)
def test_planted_errors_fail(f, wrong):
    report = check_gradient(f, wrong, X)
    assert not report.passed
    assert np.count_nonzero(report.verdict == "wrong") >= len(X) // 3
    assert "FAILED" in str(report)
    assert "differences say" in str(report)


def test_the_numeric_derivative_is_good_to_1e_11_or_says_otherwise():
    for f, exact in [
        (np.sin, np.cos),
        (np.exp, np.exp),
        (np.cbrt, lambda x: np.cbrt(x) / 3 / x),
    ]:
        x = np.linspace(0.1, 9, 50)
        report = check_gradient(f, exact, x)
        error = np.abs(report.numeric - exact(x))
        assert (error <= 3 * report.uncertainty + 1e-15).all()
        assert (error <= 1e-11 * np.abs(exact(x))).all()


@pytest.mark.parametrize("at_zero", [0.0, 0.25, 1.0])
def test_any_subgradient_passes_at_the_kink_and_is_named_so(at_zero):
    relu = ReLU(at_zero)
    report = check_gradient(relu, relu.gradient, [-2.0, 0.0, 3.0])
    assert report.verdict.tolist() == ["correct", "subgradient", "correct"]
    assert (report.left[1], report.right[1]) == pytest.approx((0, 1))


@pytest.mark.parametrize("claim", [-0.01, 1.01, 2.0, np.nan, np.inf])
def test_what_is_no_subgradient_fails_at_the_kink(claim):
    report = check_gradient(ReLU(), [claim], [0.0])
    assert not report.passed
    assert "a kink with subgradients 0 to 1" in str(report)


def test_kinks_elsewhere_and_inputs_beside_them():
    def f(x):
        return np.maximum(2 * x - 6, -x)  # one kink, at 2

    report = check_gradient(f, lambda x: np.where(x > 2, 2.0, -1.0), [1.9999, 2.0, 2.0001])
    assert report.verdict.tolist() == ["correct", "subgradient", "correct"]
    assert not check_gradient(f, [0.5, 0.5], [1.9999, 2.0001]).passed
    beside = check_gradient(ReLU(), [1.0, 0.0, 0.5], [1e-12, -1e-12, 1e-12])
    assert beside.verdict.tolist() == ["correct", "correct", "wrong"]


def test_a_concave_kink_has_its_interval_in_order():
    def f(x):
        return -np.abs(x)

    assert check_gradient(f, [0.3], [0.0]).passed
    assert not check_gradient(f, [1.2], [0.0]).passed


def test_what_differences_cannot_see_is_undecided_not_passed():
    saturated = check_gradient(Sigmoid(), Sigmoid().gradient, [45.0])
    assert saturated.verdict.tolist() == ["undecided"]
    assert not saturated.passed
    # An absolute error that the difference would see is still wrong there.
    assert check_gradient(Sigmoid(), [1e-3], [45.0]).verdict.tolist() == ["wrong"]
    # The left tail is no problem: there the value itself is small.
    assert check_gradient(Sigmoid(), Sigmoid().gradient, [-45.0]).passed


@pytest.mark.parametrize("shape", [(), (1,), (2, 3), (0,)])
def test_shapes(shape):
    x = np.full(shape, 0.3)
    report = check_gradient(Tanh(), Tanh().gradient, x)
    assert report.passed == (x.size > 0)
    for array in (report.x, report.numeric, report.verdict, report.relative_error):
        assert array.shape == shape
    assert report.ulp_error.shape == shape
    wrong = check_gradient(Tanh(), np.zeros(shape), x)
    assert str(wrong).count("claimed 0,") == x.size


@pytest.mark.parametrize("f", [Softmax(), Softmax(2.0), Softmax(axis=0), *SMOOTH], ids=repr)
def test_vjps_pass_and_planted_errors_fail(f):
    x, g = np.random.default_rng(13).standard_normal((2, 3, 2))
    assert check_vjp(f, f.vjp, x, g).passed
    for wrong in (lambda x, g: -f.vjp(x, g), lambda x, g: f.vjp(x, g) + 1e-4):
        assert not check_vjp(f, wrong, x, g).passed
    if isinstance(f, Softmax):
        diagonal = np.einsum("...ii->...i", f.jacobian(x))
        if diagonal.shape == x.shape:
            assert not check_vjp(f, diagonal * g, x, g).passed


def test_vjp_at_a_kink():
    x, g = np.array([0.0, 1.0, -1.0]), np.array([-2.0, 2.0, 3.0])
    report = check_vjp(ReLU(0.5), ReLU(0.5).vjp, x, g)
    assert report.verdict.tolist() == ["subgradient", "correct", "correct"]
    assert check_vjp(ReLU(), [0.5, 2.0, 0.0], x, g).verdict[0] == "wrong"


def test_a_function_of_another_output_shape():
    def norm(x):
        return np.sqrt(np.sum(x**2))

    x = np.array([3.0, 4.0])
    assert check_vjp(norm, lambda x, g: g * x / norm(x), x, 2.0).passed
    with pytest.raises(ValueError, match="not element-wise; pass it to check_vjp"):
        check_gradient(norm, x, x)


def test_a_function_that_gives_nan_decides_nothing():
    report = check_gradient(lambda x: x * np.nan, [1.0], [0.5])
    assert report.verdict.tolist() == ["undecided"]
    assert not report.passed


def test_bad_arguments_are_refused():
    for x in (np.nan, [np.inf, 0.0]):
        with pytest.raises(ValueError, match="x must be finite"):
            check_gradient(Tanh(), Tanh().gradient, x)
        with pytest.raises(ValueError, match="x must be finite"):
            check_vjp(Tanh(), Tanh().vjp, x, 1.0)
    with pytest.raises(ValueError, match=r"has shape \(2,\), but x has shape \(3,\)"):
        check_gradient(Tanh(), np.ones(2), np.ones(3))
    with pytest.raises(ValueError, match="broadcast"):
        check_vjp(Tanh(), Tanh().vjp, np.ones(3), np.ones(2))


def test_a_report_is_a_table_in_a_notebook_and_short_at_the_prompt():
    x = np.arange(-7.0, 8).reshape(3, 5)
    report = check_gradient(lambda x: np.maximum(x, 0), np.ones((3, 5)), x)
    heading = "gradient check FAILED: 7 correct, 1 subgradient, 7 wrong"
    assert repr(report) == f"<{heading}>"
    first, _, *rows, _, more = report._repr_markdown_().splitlines()
    assert (first, more) == (f"**{heading}**", "And 3 more.")
    verdicts = [row.split(" | ")[-1].strip(" |") for row in rows[2:]]
    assert verdicts == ["wrong"] * 7 + ["subgradient"] + ["correct"] * 4
    assert rows[2] == "| x[0, 0] | -7 | 1 | 0 ± 0 | wrong |"
    single = check_gradient(np.tanh, 0.3, 1.0)._repr_markdown_()
    assert "| x | 1 | 0.3 | 0.419974342 ± " in single
