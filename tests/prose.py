"""The text of a chapter, computed paragraphs included."""

import re

# A cell that ends with Text(r"""...""", name=value).
COMPUTED = re.compile(
    r'^```\{code-cell\}(?:(?!^```).)*?^Text\(\s*r?"""\n(.*?)\n"""(?:(?!^```).)*^```$',
    flags=re.S | re.M,
)


def with_computed_paragraphs(text: str) -> str:
    """Return a chapter's text with each computed paragraph in the place of its cell."""
    return COMPUTED.sub(lambda match: match[1], text)
