"""One palette for the whole book: ``palette.json`` feeds CSS, JavaScript and matplotlib.

The colours are those of Okabe and Ito (2008), told apart by colour-blind readers; each comes
with a dash pattern, so that no meaning hangs on colour alone.
"""

import json
from functools import cache
from importlib import resources
from typing import Any

ROLES = ("function", "derivative", "overlay", "difference")


@cache
def palette() -> dict[str, Any]:
    """Return the book's palette."""
    text = (resources.files(__package__) / "palette.json").read_text()
    colours: dict[str, Any] = json.loads(text)
    return colours


def css() -> str:
    """Return the palette as custom properties of the explorers' root element."""
    lines = []
    styles = [(role, palette()[role]) for role in ROLES]
    styles += [(f"series-{i}", style) for i, style in enumerate(palette()["series"])]
    for name, style in styles:
        dash = " ".join(map(str, style["dash"])) or "none"
        lines.append(f"  --actgrad-{name}: {style['color']}; --actgrad-{name}-dash: {dash};")
    return ".actgrad {\n" + "\n".join(lines) + "\n}\n"


def line(name: str | int) -> dict[str, Any]:
    """Return matplotlib's keyword arguments for the line of a role or of a series' number."""
    style = palette()["series"][name] if isinstance(name, int) else palette()[name]
    dash = (0, tuple(style["dash"])) if style["dash"] else "solid"
    return {"color": style["color"], "linestyle": dash, "linewidth": 2}
