"""One palette for the whole book: ``palette.json`` feeds CSS, JavaScript and matplotlib.

The colours are those of Okabe and Ito (2008), told apart by colour-blind readers, and lighter
ones of the same hues for dark pages; each comes with a dash pattern, so that no meaning hangs
on colour alone.
"""

import json
import re
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
    """Return the palette as custom properties: the colours, light and dark, and the roles."""

    def colours(selector: str, key: str) -> str:
        lines = [f"--actgrad-series-{i}: {s[key]};" for i, s in enumerate(palette()["series"])]
        return f"{selector} {{ {' '.join(lines)} }}\n"

    roles = []
    for role in ROLES:
        number = palette()[role]["series"]
        dash = " ".join(map(str, palette()["series"][number]["dash"])) or "none"
        roles.append(f"--actgrad-{role}: var(--actgrad-series-{number});")
        roles.append(f"--actgrad-{role}-dash: {dash};")
    dark = 'html[data-theme="dark"], body[data-jp-theme-light="false"]'
    lines = "\n".join(roles)
    return colours(":root", "color") + colours(dark, "dark") + f".actgrad {{\n{lines}\n}}\n"


def follow_theme(svg: str) -> str:
    """Let a picture's colours be those of the page, dark or light, and its own elsewhere."""
    for number, style in enumerate(palette()["series"]):
        colour = style["color"]
        themed = f": var(--actgrad-series-{number}, {colour})"
        svg = re.sub(f': {colour}(?=[;"])', themed, svg, flags=re.I)
    return svg


def line(name: str | int) -> dict[str, Any]:
    """Return matplotlib's keyword arguments for the line of a role or of a series' number."""
    number = name if isinstance(name, int) else palette()[name]["series"]
    style = palette()["series"][number]
    dash = (0, tuple(style["dash"])) if style["dash"] else "solid"
    return {"color": style["color"], "linestyle": dash, "linewidth": 2}
