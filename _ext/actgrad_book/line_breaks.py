r"""A wide formula in pieces between which a line may break: an operator leads each.

KaTeX breaks no line between ``\left(`` and ``\right)``, over a bar or in a row of cases. So in
a wide formula brackets have a fixed size, a wide numerator stands after its bar, and a wide
row of cases is set in several lines.
"""

import re
from collections.abc import Iterator, Sequence

# In letters as they are seen: more break. A row of cases stands beside its condition, and a
# numerator keeps its bar as long as a desk has room: the quotient rule gives a quotient.
WIDE, WIDE_ROW, WIDE_BAR = 24, 16, 34
NAMES = "arctan|arcsin|tanh|sinh|cosh|sin|cos|tan|ln|max|min"
OPERATORS = ("+", "-", r"\cdot")
TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\s+|.", re.DOTALL)
# After these a sign belongs to what follows.
ENDS_OPEN = re.compile(r"(?:^|=|\(|\\cdot|\{\})\s*$")
AFTER_BRACKET = re.compile(r"r(?:ight)?\)(?:\^\{[^{}]*\})?\s*$")
# A part of a formula: its LaTeX, what it is, and the LaTeX inside.
Part = tuple[str, str, Sequence[str]]


def width(latex: str) -> int:
    r"""Return about how many letters wide a formula is: of a bar or of cases the widest counts.

    >>> width(r"f(x) = \frac{1}{1 + e^{-x}}")
    10
    """
    text = re.sub(
        r"\\(?:textcolor\{[^{}]*\}|(?:displaystyle|left|right|boxed)(?![a-zA-Z]))", "", latex
    )
    text = re.sub(r"\\(?:operatorname|mathrm|text)\{([^{}]*)\}", r"\1", text)
    text = re.sub(rf"\\({NAMES})(?![a-zA-Z])", r"\1", text)
    text = re.sub(r"\\(?!frac|begin|end)[a-zA-Z]+", "o", text)
    bar = re.compile(r"\\frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
    rows = re.compile(r"\\begin\{(\w+)\}((?:(?!\\begin|\\end).)*)\\end\{\1\}", re.DOTALL)
    script, group = (
        re.compile(r"([_^])\{([^{}]*)\}"),
        re.compile(r"(?<!begin|..end)\{([^{}]*)\}"),
    )
    while "{" in text:  # innermost first
        before = text
        text = script.sub(r"\1\2", text)
        text = bar.sub(lambda parts: max(parts.groups(), key=len), text)
        text = rows.sub(lambda parts: "o" + max(parts[2].split(r"\\"), key=_letters), text)
        if text == before:
            text = group.sub(r"\1", text)
        if text == before:
            break
    return _letters(text)


def _letters(text: str) -> int:
    return len(re.sub(r"[_^\s\\&]", "", text))


def pieces(latex: str, wide: int = WIDE) -> list[str]:
    r"""Return a formula in the pieces between which a line may break: an operator leads each.

    >>> pieces(r"u \cdot \left(aa + bb + cc + dd + ee + ff + gg + hh + ii + jj\right)")[:3]
    ['u', '{}\\cdot \\bigl(aa', '{}+ bb']
    """
    if width(latex) <= wide:
        return [latex]
    found = [""]
    for text, kind, inside in _parts(latex):
        if kind == "operator" and not ENDS_OPEN.search(found[-1]):
            found.append(f"{{}}{text}")
        elif kind == "textcolor":
            coloured = [rf"\textcolor{{{inside[0]}}}{{{piece}}}" for piece in pieces(inside[1])]
            if inside[1].startswith("{}") and found[-1].strip():
                found.append("")
            _add(found, coloured)
        elif kind == "bracket":
            if AFTER_BRACKET.search(found[-1]) and width(found[-1] + text) > WIDE:
                found.append(r"{}\cdot ")
            _add(found, _bracketed(inside[0]) if width(text) > WIDE else [text])
        elif kind == "frac" and width(inside[0]) > WIDE_BAR:
            above, below = inside
            found[-1] += rf"\frac{{1}}{{{below}}}"
            found.append(r"{}\cdot ")
            _add(found, _bracketed(above) if _is_sum(above) else pieces(above))
        elif kind == "cases":
            _add(found, [rf"\begin{{cases}}{_rows_in_lines(inside[0])}\end{{cases}}"])
        else:
            found[-1] += text
    return [piece.strip() for piece in found]


def _add(found: list[str], pieces: Sequence[str]) -> None:
    found[-1] += pieces[0]
    found.extend(pieces[1:])


def _bracketed(inside: str) -> list[str]:
    """Return the pieces of what stands in brackets, which are as tall as what is in them."""
    size = r"\Bigg" if r"\begin" in inside else r"\bigg" if r"\frac" in inside else r"\big"
    found = pieces(inside)
    found[0] = f"{size}l({found[0]}"
    found[-1] += f"{size}r)"
    return found


def _is_sum(latex: str) -> bool:
    return any(
        text in ("+", "-") or (kind == "textcolor" and _is_sum(inside[1]))
        for text, kind, inside in _parts(latex)
    )


def _rows_in_lines(rows: str) -> str:
    shown, value = "", ""
    for text, _, _ in _parts(rows):
        value += text
        if text == r"\\":
            shown, value = shown + value, ""
        elif text == "&":
            shown, value = f"{shown} {_in_lines(value[:-1].strip())} &", ""
    return shown + value


def _in_lines(latex: str) -> str:
    """Return the value of a row in as many lines as it needs."""
    first, *rest = pieces(latex, WIDE_ROW)
    lines = [first]
    for piece in rest:
        if width(f"{lines[-1]} {piece}") <= WIDE_ROW:
            lines[-1] += f" {piece}"
        else:
            lines.append(rf"\quad {piece}")
    text = r" \\ ".join(f"& {line}" for line in lines)
    return rf"\begin{{aligned}} {text} \end{{aligned}}" if rest else first


def _parts(latex: str) -> Iterator[Part]:
    """Yield the parts of a formula, in order: what stands in a group is inside of one part."""
    tokens = TOKEN.findall(latex)
    place = 0

    def closed(opening: str, closing: str) -> int:
        """Return the place behind the token that closes what is open here, if one does."""
        depth = 0
        for end in range(place, len(tokens)):
            depth += (tokens[end] == opening) - (tokens[end] == closing)
            if depth == 0:
                return end + 1
        return place + 1

    def group() -> str:
        nonlocal place
        start, place = place, closed("{", "}")
        return "".join(tokens[start + 1 : place - 1])

    while place < len(tokens):
        start, token = place, tokens[place]
        kind, inside = "", [""]
        if token == r"\left":
            place = closed(r"\left", r"\right") + 1
            if tokens[start + 1] == "(":
                kind, inside = "bracket", ["".join(tokens[start + 2 : place - 2])]
        elif token == r"\begin":
            place = closed(r"\begin", r"\end")
            group()
            text = "".join(tokens[start:place])
            if text.startswith(begin := r"\begin{cases}"):
                kind, inside = "cases", [text.removeprefix(begin).removesuffix(r"\end{cases}")]
        elif token == "{":
            group()
        elif token == "(":
            place = closed("(", ")")
        else:
            place += 1
            named = token.startswith("\\") or token in "^_"
            groups = []
            while named and place < len(tokens) and tokens[place] == "{":
                groups.append(group())
            if token in (r"\frac", r"\textcolor"):
                kind, inside = token[1:], groups
            elif token in OPERATORS:
                kind = "operator"
        yield "".join(tokens[start:place]), kind, inside
