"""Mistakes in the YAML itself, in plain words."""

from __future__ import annotations

from ruamel.yaml.error import MarkedYAMLError

from sib.problems import Problem

_UNEVEN = "the indentation does not fit the lines above; line up the keys or the dashes of one level."
_COLON = (
    "a second ': ' on one line, or a line indented further than the lines it belongs with; "
    "line up the keys of a map, and put text that holds ': ' in quotes."
)
_GOES_ON = (
    "text goes on where a value has ended; line up the lines of one text, and put text that holds "
    "quotation marks in quotes of the other kind."
)
_AFTER_BAR = "after '|' or '>' only the line's end may follow; begin the text on the next line, indented."
_ENDED = "a document had ended here; take away the lines '---', '...' and '%' within the file."

# What the parser's complaint holds, and what can be done about it: the first that fits counts.
_WORDS: tuple[tuple[str, str], ...] = (
    (r"character '\t'", "a tab stands here; indent with spaces, two for each level."),
    ("cannot start any token", "a value cannot begin with {found}; put it in quotes."),
    ("mapping values are not allowed", _COLON),
    ("could not find expected ':'", "a colon and a space were expected after the key; write 'key: value'."),
    ("but found '<scalar>'", _GOES_ON),
    ("expected <block end>", _UNEVEN),
    (
        "sequence entries are not allowed",
        "a list cannot begin here; put its first '- ' on a line of its own.",
    ),
    ("expected ',' or ']'", "the [list] begun on line {begun} needs a comma or a closing ] here."),
    ("expected ',' or '}'", "the {{map}} begun on line {begun} needs a comma or a closing }} here."),
    ("unexpected end of stream", "the quotation mark opened on line {begun} is not closed."),
    (
        "unexpected document separator",
        "the quotation mark opened on line {begun} is not closed before '---'.",
    ),
    (
        "escape",
        "a backslash in double quotes begins a special character; use single quotes, or two backslashes.",
    ),
    ("scanning a directive", "a line cannot begin with '%' here; put the text in quotes or take it away."),
    (
        "expected alphabetic or numeric",
        "'&' and '*' begin the name of a value; put text that begins so in quotes.",
    ),
    ("mapping keys are not allowed", "a key beginning with '? ' is not read here; write 'key: value'."),
    (
        "expected the node content",
        "a value was expected here; is one missing, or a bracket or comma too many?",
    ),
    ("indentation indicator", _AFTER_BAR),
    ("expected a comment or a line break", _AFTER_BAR),
    ("follow up line", "the lines of the text are indented unevenly; begin it with the least indented line."),
    ("document start", _ENDED),
    ("document end", _ENDED),
    ("a tag", "a value beginning with '!' is a tag, which is not read; put it in quotes."),
)
_OTHERWISE = "the YAML cannot be read here ({complaint}); put text with special characters in quotes."


def problem_of(error: MarkedYAMLError, file: str) -> Problem:
    """The parser's complaint as a problem with its line, its column and what to write instead."""
    complaint = f"{error.problem or ''} {error.context or ''}".strip()
    # A colon is missing where the key stands, not where the parser came to notice it.
    late = complaint.startswith("could not find expected ':'")
    mark = (error.context_mark if late else None) or error.problem_mark or error.context_mark
    words = next((words for sign, words in _WORDS if sign in complaint), _OTHERWISE)
    message = words.format(
        begun=error.context_mark.line + 1 if error.context_mark else "above",
        found=complaint.partition("found character ")[2].partition(" that")[0],
        complaint=complaint,
    )
    if mark is None:
        return Problem(file, None, "", message)
    return Problem(file, mark.line + 1, "", f"column {mark.column + 1}: {message}")
