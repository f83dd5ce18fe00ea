"""One number on the screen: its name, a slider or a box, and what it is in the case."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as w

from sib.show import formats
from sib.show.knobs import Knob


class Control:
    """The widgets of one knob: a slider where it has a range, else a box. `changed` is called on each move."""

    def __init__(self, knob: Knob, note: str, changed: Callable[[], object]) -> None:
        self.knob, self.field = knob, _box(knob) if knob.low is None else _slider(knob)
        self._at_first = self.field.value
        self.field.disabled = bool(note)
        self.field.observe(lambda _: changed(), "value")
        below = [w.HTML(_told(note, "note"))] if note else []
        self.widget = w.VBox([w.HTML(_heading(knob)), self._line(), *below])
        self.widget.add_class("sib-knob")

    def _line(self) -> Any:
        """The field; behind a box, what its number is in."""
        return self.field if self.knob.low is not None else w.HBox([self.field, w.HTML(_told(self.knob.unit, "unit"))])

    @property
    def moved(self) -> bool:
        """Whether it stands elsewhere than at first."""
        return bool(self.field.value != self._at_first)

    @property
    def value(self) -> float:
        """The number as the case means it; untouched, exactly the case's."""
        if not self.moved:
            return self.knob.value
        number = float(self.field.value)
        return self.knob.meant(number) if self.knob.low is None else number

    def reset(self) -> None:
        """Put it back to where it was at first."""
        self.field.value = self._at_first


def _slider(knob: Knob) -> Any:
    """Stands on chosen positions only: a slider of plain numbers would move a value that lies between its steps."""
    percent = knob.unit.startswith("%")
    words = {number: formats.exact(knob.shown(number)) + (" %" if percent else "") for number in knob.positions}
    return w.SelectionSlider(options=[(word, number) for number, word in words.items()], value=knob.value)


def _box(knob: Knob) -> Any:
    """A box shows the figure that a person reads, so a percentage is typed as one."""
    return w.FloatText(knob.shown(knob.value), step=knob.shown(knob.step))


def _heading(knob: Knob) -> str:
    base = f"As written: {knob.written(knob.value)}"
    if knob.low is not None and knob.high is not None:
        base += f"; {formats.exact(knob.shown(knob.low))} to {formats.exact(knob.shown(knob.high))}"
    return _told(knob.label, "label") + _told(formats.unbroken(base), "base")


def _told(text: str, kind: str) -> str:
    return f'<div class="sib-{kind}">{escape(text)}</div>'
