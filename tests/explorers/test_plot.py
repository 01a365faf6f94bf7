"""The shared drawing code: numbers and ticks as a reader wants them."""

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
