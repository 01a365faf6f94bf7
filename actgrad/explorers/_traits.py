"""Settings of the explorers: traits that say what to pass when a value is refused.

All are sent to the page and back (`sync`), and every assignment is checked, from Python or from
the page.
"""

import math
import numbers
from collections.abc import Sequence
from typing import Any, NoReturn

import traitlets


def _real(value: Any) -> float | None:
    """Return the number as a float, or None where it is not a finite real number."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return None
    number = float(value)
    return number if math.isfinite(number) else None


# Google Colab's traitlets (5.7) cannot be subscripted.
class _Setting(traitlets.TraitType):  # type: ignore[type-arg]
    def __init__(self, default: Any) -> None:
        super().__init__(default)
        self.tag(sync=True)

    def refuse(self, what: str, value: Any) -> NoReturn:
        raise traitlets.TraitError(f"{self.name} must be {what}; got {value!r}")


class Number(_Setting):
    """A finite number from `low` to `high`."""

    def __init__(self, default: float, low: float = -math.inf, high: float = math.inf) -> None:
        super().__init__(float(default))
        self.low, self.high = low, high

    def validate(self, obj: Any, value: Any) -> float:
        """Return the number as a float."""
        number = _real(value)
        if number is None or not self.low <= number <= self.high:
            bounded = math.isfinite(self.low) and math.isfinite(self.high)
            limits = f"a number from {self.low:g} to {self.high:g}"
            self.refuse(limits if bounded else "a finite number", value)
        return number


class Whole(_Setting):
    """A whole number from `low` to `high`."""

    def __init__(self, default: int, low: int, high: int) -> None:
        super().__init__(default)
        self.low, self.high = low, high

    def validate(self, obj: Any, value: Any) -> int:
        """Return the number as an int."""
        number = _real(value)
        if number is None or number % 1 or not self.low <= number <= self.high:
            self.refuse(f"a whole number from {self.low} to {self.high}", value)
        return int(number)


class Name(_Setting):
    """One of the given names."""

    def __init__(self, default: str, names: Sequence[str]) -> None:
        super().__init__(default)
        self.names = tuple(names)

    def validate(self, obj: Any, value: Any) -> str:
        """Return the name."""
        if not isinstance(value, str) or value not in self.names:
            known = ", ".join(name or '""' for name in self.names)
            self.refuse(f"one of {known}", value)
        return value


class Names(_Setting):
    """A list of `low` to `high` different names out of the given ones."""

    def __init__(self, default: Sequence[str], names: Sequence[str], low: int, high: int):
        super().__init__(list(default))
        self.names, self.low, self.high = tuple(names), low, high

    def validate(self, obj: Any, value: Any) -> list[str]:
        """Return the names as a list."""
        listed = list(value) if isinstance(value, list | tuple) else [value]
        if any(name not in self.names for name in listed):
            self.refuse(f"a list of names out of {', '.join(self.names)}", value)
        if not self.low <= len(listed) <= self.high or len({*listed}) < len(listed):
            self.refuse(f"a list of {self.low} to {self.high} different names", value)
        return listed


class Numbers(_Setting):
    """A list of `fewest` to `most` numbers from `low` to `high`."""

    def __init__(
        self, default: Sequence[float], fewest: int, most: int, low: float, high: float
    ) -> None:
        super().__init__([float(number) for number in default])
        self.fewest, self.most, self.low, self.high = fewest, most, low, high

    def validate(self, obj: Any, value: Any) -> list[float]:
        """Return the numbers as a list of float."""
        try:
            listed = [_real(item) for item in value]
        except TypeError:
            listed = []
        good = [number for number in listed if number is not None]
        fit = all(self.low <= number <= self.high for number in good)
        if len(good) < len(listed) or not fit or not self.fewest <= len(good) <= self.most:
            self.refuse(
                f"a list of {self.fewest} to {self.most} numbers from {self.low:g} "
                f"to {self.high:g}",
                value,
            )
        return good


class Interval(_Setting):
    """Two finite numbers (from, to) with from < to, at most within `low` and `high`."""

    def __init__(
        self,
        default: tuple[float, float] = (0.0, 1.0),
        low: float = -math.inf,
        high: float = math.inf,
    ) -> None:
        super().__init__(default)
        self.low, self.high = low, high

    def validate(self, obj: Any, value: Any) -> tuple[float, float]:
        """Return the interval as a tuple of float."""
        try:
            start, end = map(_real, value)
        except (TypeError, ValueError):
            start = end = None
        if start is None or end is None or not self.low <= start < end <= self.high:
            within = f" within [{self.low:g}, {self.high:g}]" if self.high < math.inf else ""
            self.refuse(f"two finite numbers (from, to) with from < to{within}", value)
        return start, end


class Pair(_Setting):
    """Row and column of an entry, counted from 1, each at most `high`."""

    def __init__(self, default: tuple[int, int], high: int) -> None:
        super().__init__(default)
        self.high = high

    def validate(self, obj: Any, value: Any) -> tuple[int, int]:
        """Return the pair as a tuple of int."""
        listed = list(value) if isinstance(value, list | tuple) else []
        whole = [int(n) for n in map(_real, listed) if n is not None and n % 1 == 0]
        if len(whole) != 2 or len(listed) != 2 or not all(1 <= n <= self.high for n in whole):
            self.refuse(f"a pair (i, j) of whole numbers from 1 to {self.high}", value)
        return whole[0], whole[1]


class Switch(_Setting):
    """True or False."""

    def validate(self, obj: Any, value: Any) -> bool:
        """Return the truth value."""
        if not isinstance(value, bool):
            self.refuse("True or False", value)
        return value
