"""Many calls in a row become one: a slider on the move need not be answered at every step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

QUIET = 0.03
AT_THE_LATEST = 0.15


class Debounced:
    """Calls a function once no call has come for `quiet` seconds, `latest` seconds after the first at the latest.

    Where no event loop runs, as in a test or a script, each call is passed on at once.
    """

    def __init__(self, function: Callable[[], object], quiet: float = QUIET, latest: float = AT_THE_LATEST) -> None:
        self._function, self._quiet, self._latest = function, quiet, latest
        self._waiting: asyncio.TimerHandle | None = None
        self._since = 0.0

    def __call__(self) -> None:
        """Ask for the function to be called soon."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._function()
            return
        if self._waiting is None:
            self._since = loop.time()
        else:
            self._waiting.cancel()
        self._waiting = loop.call_at(min(loop.time() + self._quiet, self._since + self._latest), self._call)

    def _call(self) -> None:
        self._waiting = None
        self._function()
