"""The warnings of an appraisal as a reader of the first page needs them, and with their place in the case's file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sib.appraisal import Result
from sib.design.warnings import Warned, warnings
from sib.files.loading import path_of_case
from sib.files.messages import located
from sib.files.reader import read_document
from sib.problems import Problem

# More of one kind than this are told by the first of them.
MOST_OF_A_KIND = 2


def sentences(result: Result) -> list[str]:
    """One entry for each warning, the gravest first; many of one kind are told by the first of them."""
    found = warnings(result)
    kinds = dict.fromkeys(one.code for one in found)
    return [words for kind in kinds for words in _told([one for one in found if one.code == kind])]


def _told(found: list[Warned]) -> list[str]:
    words = [_first_sentence(one.message) for one in found]
    if len(words) <= MOST_OF_A_KIND:
        return words
    return [f"{words[0]} There are {len(words) - 1} more of this kind, which sib validate lists."]


def _first_sentence(message: str) -> str:
    """What it means; what the author of the file might do about it is for the terminal."""
    sentence = message.partition(". ")[0].removesuffix(".")
    return f"{sentence[:1].upper()}{sentence[1:]}."


@dataclass(frozen=True)
class WarnedAt:
    """A warning with its place in a file."""

    code: str
    at: Problem

    def __str__(self) -> str:
        """`file:line path: warning: message`."""
        return str(Problem(self.at.file, self.at.line, self.at.path, f"warning: {self.at.message}"))

    def as_dict(self) -> dict[str, str | int | None]:
        """File, line, path, code and message, for `--json`."""
        plain = self.at.as_dict()
        return {"file": plain["file"], "line": plain["line"], "path": plain["path"], "code": self.code} | plain


def placed(found: Iterable[Warned], name_or_path: str | Path) -> list[WarnedAt]:
    """Warnings with the file and line of what they are about, in the order given."""
    told = list(found)
    if not told:
        return []
    document = read_document(path_of_case(name_or_path))
    return [WarnedAt(one.code, located([Problem(None, None, one.path, one.message)], document)[0]) for one in told]
