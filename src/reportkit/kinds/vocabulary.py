"""How reports of a kind write what its forms have: other spellings, for the readers of other people's files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from msgspec import field

from reportkit.files.yaml_files import load
from reportkit.shapes import Regex, Shape, note, otherwise
from reportkit.translation import N_

_NOTHING = Regex(r"(?!)")
"""The regular expression of what nothing is."""

_PATTERN = N_("is a regular expression in quotes")
Pattern = Annotated[Regex, note(wanted=_PATTERN)]
Patterns = Annotated[dict[str, Pattern], note("By section.", wanted=N_("is a mapping of sections and patterns"))]


class Vocabulary(Shape, frozen=True, eq=False):
    """The words of a kind's readers.yaml, which says what each entry is for; blank for a kind without that file.

    `headings` and `numbered_headings` are patterns by section, the texts from `matter` to `no_name` are regular
    expressions without groups that count, to be put into larger ones, and the last three what a title or a sentence
    holds.
    """

    headings: Patterns = field(default_factory=dict)
    numbered_headings: Patterns = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    spanners: tuple[str, ...] = ()
    matter: Pattern = otherwise(_NOTHING)
    report: Pattern = otherwise(_NOTHING)
    short_report: Pattern = otherwise(_NOTHING)
    full_report: Pattern = otherwise(_NOTHING)
    end_of_title: Pattern = otherwise(_NOTHING)
    no_name: Pattern = otherwise(_NOTHING)
    title_sign: str = ""
    opening: str = ""
    basis: str = ""

    @property
    def names_reports(self) -> bool:
        """Whether it says what the reports are called: else only the form's own title does."""
        return self.report != _NOTHING


def load_vocabulary(path: Path) -> Vocabulary:
    """Return the words of a file, none if there is no such file.

    Raises FormError, which names the file, the line and the entry, for an entry that there is not, or that is no
    pattern.
    """
    return load(path, Vocabulary, lambda words: words) if path.is_file() else Vocabulary()
