"""What the README shows is what happens."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from sib.cli import parser
from sib.files import bundled, load
from sib.replication import replicate
from sib.show.markdown import replication_table

README = Path(__file__).parent.parent / "README.md"
TEXT = README.read_text(encoding="utf-8")


def test_the_ten_lines_print_what_is_shown():
    code, shown = re.search(r"```python\n(.*?)```\n```\n(.*?)```", TEXT, re.DOTALL).groups()
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "README.md", "exec"), {})  # noqa: S102 - the README's own example
    assert out.getvalue() == shown


def test_the_replication_table_is_what_the_model_says_now():
    rows = [row for name in bundled() for row in replicate(load(name))]
    shown = re.search(r"<!-- replication -->\n(.*?)<!-- /replication -->", TEXT, re.DOTALL)[1]
    assert shown == replication_table(rows), "copy it from `python -m sib.show.markdown`"


def test_every_command_is_named():
    commands = next(action for action in parser()._actions if action.dest == "command" or action.choices).choices
    assert all(f"sib {name}" in TEXT for name in commands)


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#:]+)\)", TEXT))
def test_every_link_leads_somewhere(target):
    assert (README.parent / target).exists()
