"""What the contract measures."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from sib.assumption import Frozen, Quantity
from sib.deal.dates import Day, Length
from sib.naming import Cohort, Id


class OutcomeMeasured(Frozen):
    """One measure of the contract.

    `count` and `quantity` are summed over people (an event, or days, levels, points a person). `rate` is the part
    of a cohort that reaches something. `change` compares a cohort with its counterfactual. `level` is measured on
    dates and belongs to nobody in particular: a rate over time, a number of villages.
    """

    id: Id
    title: str = ""
    kind: Literal["count", "quantity", "rate", "change", "level"]
    unit: str = "outcomes"
    """What one of it is: learners, days, levels."""
    good: Literal["more", "less"] = "more"
    """Whether more of it or less of it is the good thing; net outcomes and changes are positive when good."""
    change: Literal["relative", "absolute"] = "relative"
    """For kind `change`: a fraction of the counterfactual, or the difference itself."""
    against: Literal["control group", "contract baseline", "historical rate"] = "control group"
    """For kind `change`: what the cohort is compared with."""
    baseline: Quantity | None = None
    """The contract's baseline or the historical rate, per start; with a control group the forecast holds it.

    For kind `level`, what it was before the service.
    """
    controls: Quantity | None = None
    """People in the control group for each participant; as many as participants unless written."""
    measured: Day | dict[Cohort, Day] | None = None
    """The day on which it is measured once for all (or for each cohort); without it, as it happens."""
    measured_after: Length | None = None
    """For kinds `rate` and `change`: this long after a cohort's last start, in place of a day."""
    round_to: Quantity | None = Field(default=None)
    """The contract rounds the measure to the nearest multiple of this: 0.01 is a whole percentage point."""
    most_per_person: Quantity | None = None
    """For counts: how often one person may be claimed for; no limit unless written."""
    target: Quantity | None = None
    """What the contract hoped for, in the unit; shown beside the result, never paid on by itself."""

    @model_validator(mode="after")
    def _baseline_where_needed(self) -> Self:
        if self.kind not in ("change", "level") and self.baseline is not None:
            raise ValueError("a baseline belongs to kinds change and level; remove it or change the kind")
        if self.controls is not None and (self.kind != "change" or self.against != "control group"):
            raise ValueError("controls belong to a change against a control group; remove them")
        if self.controls is not None and self.controls.value <= 0:
            raise ValueError("a control group needs people; controls: 10 is ten for each participant")
        if self.most_per_person is not None and self.of_cohort:
            raise ValueError(f"most_per_person belongs to counts and quantities; remove it from a {self.kind}")
        if self.round_to is not None and self.round_to.value <= 0:
            raise ValueError("round_to must be more than nothing; 0.01 rounds to whole percentage points")
        if self.measured is not None and self.measured_after is not None:
            raise ValueError("measured and measured_after both say when; keep one")
        return self

    @property
    def of_cohort(self) -> bool:
        """Whether it is measured as a whole and not summed over people."""
        return self.kind in ("rate", "change", "level")
