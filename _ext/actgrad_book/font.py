"""The font of the formulas: of STIX Two Math, what the pages set, with brackets that fit.

A browser draws a formula in the font's own measures, and only a font with a table ``MATH`` has
them. Chromium makes every bracket and root as wide as the widest of its sizes, so that small
ones stand in empty space: here all sizes of one have one width. Rules are one pixel at the size
of the text, so that they are even.
"""

import html
import re
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from sphinx.errors import ExtensionError

from .assets import fetch

STIX = Path("@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff")
MATH = re.compile(r"<math\b.*?</math>", re.S)
TOKEN = re.compile(r"<(m[inos]|mtext)\b([^>]*)>([^<]*)<")
# What readers' own formulas need besides, in the lab and in answers.
ALWAYS = "abcdefghijklmnopqrstuvwxyzABDEFGLNRTX0123456789.,+-−=<>≤≥≠()[]{}|/·⋅×√∞∑∂′″‴…→∈ℝ"
ALWAYS_ITALIC = "abcdefghijklmnopqrstuvwxyzABDFGLNRTWXYZαβγδεθλμπρσστφωΔ"
# Sizes of a bracket beyond these are put together from pieces.
SIZES = 5
# The width of rules, in thousandths: a pixel where a formula's letters are 17.6 pixels high.
RULE = 57


def italic(character: str) -> int:
    """Return the code point of a letter as a formula sets it where it stands alone."""
    letters = (
        ("a", "z", 0x1D44E),
        ("A", "Z", 0x1D434),
        ("α", "ω", 0x1D6FC),
        ("Α", "Ω", 0x1D6E2),
    )
    special = {"h": 0x210E, "∂": 0x1D715, "ϵ": 0x1D716, "ϕ": 0x1D719, "φ": 0x1D711}
    if character in special:
        return special[character]
    for first, last, place in letters:
        if first <= character <= last:
            return place + ord(character) - ord(first)
    return ord(character)


def needed(pages: Iterable[str]) -> set[int]:
    """Return the code points that the pages' formulas draw, and those of readers' own."""
    found = {ord(character) for character in ALWAYS} | {italic(c) for c in ALWAYS_ITALIC}
    for page in pages:
        for formula in MATH.findall(page):
            for tag, attributes, written in TOKEN.findall(formula):
                text = html.unescape(written)
                alone = tag == "mi" and len(text) == 1 and "mathvariant" not in attributes
                found.update({italic(text)} if alone else map(ord, text))
    return {point for point in found if chr(point) not in "\n\u2061"}


def _even_widths(font: Any, points: set[int]) -> None:
    """Give all sizes of a bracket the width of the first; drop those that pieces replace."""
    used = {name for point, name in font.getBestCmap().items() if point in points}
    variants = font["MATH"].table.MathVariants
    for name, made in zip(
        variants.VertGlyphCoverage.glyphs, variants.VertGlyphConstruction, strict=True
    ):
        # A sum is drawn small or large, never between; pieces belong to several brackets.
        if not made.GlyphAssembly or name not in used:
            continue
        pieces = made.GlyphAssembly.PartRecords
        del made.MathGlyphVariantRecord[SIZES:]
        made.VariantCount = len(made.MathGlyphVariantRecord)
        grown = [record.VariantGlyph for record in made.MathGlyphVariantRecord[1:]]
        # A root that need not grow is as wide as one that must, and is set like it.
        usual = name if name == "uni221A" or not grown else grown[:3][-1]
        width = font["hmtx"][usual][0]
        for glyph in sorted({*grown, *(piece.glyph for piece in pieces)} - {name}):
            wide, bearing = font["hmtx"][glyph]
            # A root's rule begins where its sign ends; a bracket stays in the middle.
            shift = width - wide if name == "uni221A" else (width - wide) // 2
            if not shift:
                continue
            outline = font["glyf"][glyph]
            outline.expand(font["glyf"])
            outline.coordinates.translate((shift, 0))
            outline.recalcBounds(font["glyf"])
            font["hmtx"][glyph] = (width, bearing + shift)


def subset(points: set[int]) -> bytes:
    """Return the font with these code points, as TrueType.

    Raises
    ------
    ExtensionError
        If the font lacks one of them: browsers would take it from whatever font they find.
    """
    font = TTFont(fetch() / STIX, recalcTimestamp=False)
    font.flavor = None  # the file is a WOFF; what is written will be made a WOFF2
    missing = sorted(points - set(font.getBestCmap()))
    if missing:
        signs = ", ".join(f"{chr(point)} (U+{point:04X})" for point in missing)
        raise ExtensionError(f"the formulas' font has no sign for {signs}: write it otherwise")
    _even_widths(font, points)
    constants = font["MATH"].table.MathConstants
    for name in ("FractionRuleThickness", "RadicalRuleThickness", "OverbarRuleThickness"):
        getattr(constants, name).Value = RULE
    options = Options(
        hinting=False, desubroutinize=True, notdef_outline=True, layout_features=[]
    )
    options.name_IDs = [0, 13, 14]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    written = BytesIO()
    font.save(written)
    return written.getvalue()
