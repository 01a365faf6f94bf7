"""The shared drawing code: numbers and ticks as a reader wants them."""

import re
from importlib import resources

import pytest

STEM = "activation_explorer"


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (0.0, 6, "0.00000"),
        (1.0, 6, "1.00000"),
        (-0.5, 3, "−0.500"),
        (123456.7, 6, "123457"),
        (1e6, 3, "1.00 × 10⁶"),
        (3.14e-17, 3, "3.14 × 10⁻¹⁷"),
        (-2e-300, 2, "−2.0 × 10⁻³⁰⁰"),
        (9.99e-5, 2, "1.0 × 10⁻⁴"),
        (0.003005518, 4, "0.003006"),
    ],
)
def test_format(run, value, digits, shown):
    assert run(STEM, "return format(...argument);", [value, digits]) == shown


def test_format_of_what_is_no_number(run):
    body = "return [NaN, Infinity, -Infinity].map((v) => format(v));"
    assert run(STEM, body) == ["undefined", "∞", "−∞"]


@pytest.mark.parametrize(
    ("from_", "to", "count", "texts"),
    [
        (-8, 8, 8, ["−8", "−6", "−4", "−2", "0", "2", "4", "6", "8"]),
        (0, 1, 5, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (-0.1, 0.1, 4, ["−0.10", "−0.05", "0.00", "0.05", "0.10"]),
        (-0.02, 1.08, 3, ["0.0", "0.5", "1.0"]),
    ],
)
def test_ticks(run, from_, to, count, texts):
    ticks = run(STEM, "return ticks(...argument);", [from_, to, count])
    assert [tick["text"] for tick in ticks] == texts
    assert all(from_ - 1e-9 <= tick["value"] <= to + 1e-9 for tick in ticks)


def test_ticks_of_powers(run):
    ticks = run("precision_explorer", "return powerTicks(-18, 1, 5);")
    assert [tick["text"] for tick in ticks] == ["10⁻¹⁶", "10⁻¹²", "10⁻⁸", "10⁻⁴", "1"]


def test_grouped_digits(run):
    body = "return [7, 1000, 40000000000].map(grouped);"
    assert run("vjp_explorer", body) == ["7", "1\u202f000", "40\u202f000\u202f000\u202f000"]


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (0, 3, "0.000"),
        (4.54e-4, 3, "0.0005"),
        (4.54e-5, 3, "5·10⁻⁵"),
        (-3.7e-44, 2, "−4·10⁻⁴⁴"),
        (0.0096, 2, "0.01"),
        (-1.25, 2, "−1.25"),
        (-0.0, 2, "0.00"),
    ],
)
def test_brief_numbers_are_no_false_zeros(run, value, places, shown):
    assert run("softmax_explorer", "return brief(...argument);", [value, places]) == shown


@pytest.mark.parametrize(
    ("value", "scale", "shown"),
    [
        (0, 1, "0.00000"),
        (3.3e-16, 1, "0 up to rounding: 3.3 × 10⁻¹⁶"),
        (-9.7e-17, 1, "0 up to rounding: −9.7 × 10⁻¹⁷"),
        (3.3e-16, 1e-3, "3.30000 × 10⁻¹⁶"),
        (1e-14, 1, "1.00000 × 10⁻¹⁴"),
    ],
)
def test_rounding_is_told_from_numbers(run, value, scale, shown):
    body = "return upToRounding(...argument, (rest) => `: ${format(rest, 2)}`);"
    assert run("comparison_explorer", body, [value, scale]) == shown


@pytest.mark.parametrize(
    ("x", "ends", "nearest"),
    [
        (3, [-8, 8], 3),
        (9, [-8, 8], 8),
        (9, [-8.0123456, 7.98765], 7.98),
        (-9, [-8.0123456, 7.98765], -8),
    ],
)
def test_places_at_the_views_ends_are_round(run, x, ends, nearest):
    assert run(STEM, "return inside(...argument);", [x, ends]) == nearest


def test_lines_and_functions_are_short():
    """A line of JavaScript has at most 96 characters, a function at most 60 lines."""
    folder = resources.files("actgrad.explorers")
    files = [file for file in folder.iterdir() if file.name.endswith(".js")]
    assert len(files) > 10
    for file in files:
        lines = file.read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if len(line) > 96] == [], file.name
        starts = [n for n, line in enumerate(lines) if re.match(r"\S.*[{(\[]$", line)]
        for start in starts:
            end = next(n for n in range(start, len(lines)) if re.match(r"[})\]]", lines[n]))
            is_class = "class " in lines[start]
            assert is_class or end - start < 60, f"{file.name}:{start + 1}"
