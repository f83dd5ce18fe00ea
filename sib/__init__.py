"""A financial modelling toolkit for social impact bonds and other outcome contracts.

    case = sib.load("educate-girls")
    result = sib.appraise(case)
    result.investors.irr.rate

Each name is imported when it is first used, so that `import sib` is instant.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sib.appraisal import Result as Result
    from sib.appraisal import appraise as appraise
    from sib.case import Case as Case
    from sib.files import bundled as bundled
    from sib.files import load as load
    from sib.files import save as save
    from sib.problems import CaseError as CaseError
    from sib.reporting import report as report
    from sib.risk.sensitivity import sensitivity as sensitivity
    from sib.risk.simulation import simulate as simulate
    from sib.risk.solving import solve as solve
    from sib.show.explorer import explore as explore
    from sib.value.returns import irr as irr
    from sib.value.returns import multiple as multiple
    from sib.value.returns import npv as npv
    from sib.value.returns import payback as payback
    from sib.value.returns import peak_exposure as peak_exposure
    from sib.value.returns import periodic_irr as periodic_irr

__version__ = "0.1.0"

_HOME = {
    "Case": "sib.case",
    "CaseError": "sib.problems",
    "Result": "sib.appraisal",
    "appraise": "sib.appraisal",
    "bundled": "sib.files",
    "explore": "sib.show.explorer",
    "load": "sib.files",
    "report": "sib.reporting",
    "save": "sib.files",
    "sensitivity": "sib.risk.sensitivity",
    "solve": "sib.risk.solving",
    "simulate": "sib.risk.simulation",
    **dict.fromkeys(("irr", "multiple", "npv", "payback", "peak_exposure", "periodic_irr"), "sib.value.returns"),
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    """Import a public name from its room on first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'sib' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
