"""The bibliography labels its entries as the text cites them: by author and year."""

from collections.abc import Iterable, Iterator

from pybtex.database import Entry
from pybtex.plugin import register_plugin
from pybtex.style.formatting.unsrt import Style
from pybtex.style.labels import BaseLabelStyle
from sphinx.application import Sphinx
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle
from sphinxcontrib.bibtex.style.template import join, year

STYLE = "author_year"


class Labels(BaseLabelStyle):
    """Labels such as ``Blanchard et al., 2021``, from the citations' own templates."""

    def format_labels(self, sorted_entries: Iterable[Entry]) -> Iterator[str]:
        """Yield the label of each entry; Sphinx warns of two that are equal."""
        citation = AuthorYearReferenceStyle()
        label = join(sep=citation.author_year_sep)[
            citation.person.author_or_editor_or_title(full=False), year
        ]
        for entry in sorted_entries:
            yield str(label.format_data({"entry": entry, "style": citation}))


class AuthorYear(Style):
    """Entries in the order of authors and years, under these labels."""

    default_sorting_style = "author_year_title"
    default_label_style = STYLE


def setup(app: Sphinx) -> None:
    """Register the style, which `bibtex_default_style` names."""
    register_plugin("pybtex.style.labels", STYLE, Labels)
    register_plugin("pybtex.style.formatting", STYLE, AuthorYear)
