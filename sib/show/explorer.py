"""The explorer: sliders and boxes for the numbers of a case, and beside them what they do to every party."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

try:
    import ipywidgets as w
except ImportError as missing:
    raise ImportError("sib.explore needs ipywidgets; install sib[notebooks].") from missing

from sib.appraisal import Result
from sib.case import Case
from sib.files import load
from sib.problems import CaseError, Problem
from sib.show.charts import cash_flow
from sib.show.choices import Choice, advice, choices_of
from sib.show.debounce import Debounced
from sib.show.explorer_style import STYLE
from sib.show.headline import side_by_side
from sib.show.knob_widgets import Control
from sib.show.knobs import EXPECTED, GROUPS, OTHER_EXPECTED, Knob, knobs_of, turned
from sib.show.quick_look import quick_look
from sib.show.svg import to_svg

NOT_TAKEN = "Nothing was recalculated: the figures are those from before this change."
# What is shown of numbers that have been turned since.
STALE = "sib-stale"
# Seconds without a change after which a simulation is worth its time.
AT_REST = 0.4
OUR_MISTAKE = "The toolkit could not work this out; the figures are those from before this change."


def explore(case: Case | str | Path) -> Explorer:
    """Sliders for a case in a notebook: a loaded one, a bundled one's name, or the path of a file.

    Raises CaseError, every mistake at once, for a case that cannot be read.
    """
    try:
        return Explorer(case if isinstance(case, Case) else load(case))
    except CaseError as error:
        # What IPython asks an exception for: the user's own mistake is told in sentences, without a traceback.
        error._render_traceback_ = str(error).splitlines  # type: ignore[attr-defined]
        raise


class Explorer:
    """What `explore` shows. `result` is the last one that could be worked out, `values` what was turned."""

    def __init__(self, case: Case) -> None:
        self.base = turned(case, {})
        self.choices = choices_of(case)
        self.selector = w.Dropdown(options=[(choice.title, choice.id) for choice in self.choices])
        self.reset_button = w.Button(description="Reset", icon="undo", tooltip="Put every number back")
        self.message, self.headline, self.chart, self.sure = w.HTML(), w.HTML(), w.HTML(), w.HTML()
        self.folds = w.VBox()
        self.controls: dict[str, Control] = {}
        self.widget = self._laid_out(case)
        self._soon = Debounced(self.recalculate)
        self._at_rest = Debounced(self.foresee, AT_REST, math.inf)
        self._start_from(self.choices[0])
        self.selector.observe(self._chosen, "value")
        self.reset_button.on_click(lambda _: self.reset())

    def _laid_out(self, case: Case) -> Any:
        top = w.HBox(
            [
                w.HTML(f'<div class="sib-title">{escape(case.title)}</div>'),
                w.Label("Start from"),
                self.selector,
                self.reset_button,
            ]
        )
        right = w.VBox([self.message, self.headline, self.chart, self.sure])
        body = w.HBox([self.folds, right])
        names = {
            top: "top", self.folds: "knobs", right: "right", body: "body",
            self.message: "message", self.headline: "figures", self.chart: "chart", self.sure: "sure",
        }  # fmt: skip
        for part, name in names.items():
            part.add_class(f"sib-{name}")
        whole = w.VBox([w.HTML(STYLE), top, body])
        whole.add_class("sib-explorer")
        return whole

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """A notebook shows the widgets."""
        return self.widget._repr_mimebundle_(**options)

    @property
    def values(self) -> dict[str, float]:
        """The numbers that were turned away from the case, or from the scenario that was chosen, by path."""
        return {path: control.value for path, control in self.controls.items() if control.moved}

    def reset(self) -> None:
        """Put every number back to where the chosen scenario has it."""
        for control in self.controls.values():
            control.reset()

    def _chosen(self, _: Any) -> None:
        self._start_from(next(choice for choice in self.choices if choice.id == self.selector.value))

    def _start_from(self, choice: Choice) -> None:
        """Take a case or one of its scenarios as the point from which numbers are turned."""
        self.choice, self.before = choice, turned(choice.case, {}, choice.scenario)
        knobs = knobs_of(choice.case, self.base.case)
        expected = [knob for knob in knobs if knob.group in (EXPECTED, OTHER_EXPECTED)]
        notes = advice(self.choices, choice, expected)
        self.controls = {knob.path: Control(knob, notes.get(knob.path, ""), self._soon) for knob in knobs}
        self.folds.children = _folds(knobs, self.controls)
        self.recalculate()

    def recalculate(self) -> None:
        """Run the case as it is turned now, and show it; where that cannot be, say why and keep what is there."""
        try:
            result = turned(self.choice.case, self.values, self.choice.scenario)
            self._show(result)
        except CaseError as error:
            self.message.value = _told(*(self._named(problem) for problem in error.problems), NOT_TAKEN)
        except Exception:
            self.message.value = _told(OUR_MISTAKE)
            raise

    def _named(self, problem: Problem) -> str:
        """A problem with the name that its number has on the screen."""
        names = [control.knob.label for path, control in self.controls.items() if problem.path.startswith(path)]
        return f"{names[0]}: {problem.message}" if names else str(problem)

    def _show(self, result: Result) -> None:
        """The figures first: they are ready long before the picture."""
        columns = {"Base case": self.base}
        if self.choice is not self.choices[0]:
            columns[self.choice.id] = self.before
        self.headline.value = side_by_side(columns | {"Now": result})
        self.message.value = ""
        self.result = result
        self.chart.value = picture_of(result)
        self.sure.add_class(STALE)
        self._at_rest()

    def foresee(self) -> None:
        """Simulate the case as it is turned now, and show how sure the figures are."""
        self.sure.value = quick_look(self.result)
        self.sure.remove_class(STALE)


def picture_of(result: Result) -> str:
    """The cash-flow chart as HTML, in the width of its column; the page's own type sets its title."""
    figure = cash_flow(result)
    title = " ".join(figure.get_suptitle().split())
    figure.suptitle("")
    figure.set_size_inches(6.4, 2.9)
    return f'<div class="sib-title">{escape(title)}</div>{to_svg(figure)}'


def _folds(knobs: tuple[Knob, ...], controls: Mapping[str, Control]) -> list[Any]:
    """A fold for each group that has any numbers; the first one is open."""
    found = [(group, [controls[knob.path].widget for knob in knobs if knob.group == group]) for group in GROUPS]
    filled = [(group, widgets) for group, widgets in found if widgets]
    return [
        w.Accordion([w.VBox(widgets)], titles=(group,), selected_index=None if i else 0)
        for i, (group, widgets) in enumerate(filled)
    ]


def _told(*sentences: str) -> str:
    """A message for the reader, a sentence to a line."""
    return f'<p class="sib-problem">{"<br>".join(map(escape, sentences))}</p>'
