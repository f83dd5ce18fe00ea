import asyncio
from collections.abc import Awaitable, Callable

from sib.show.debounce import Debounced


def times_called(use: Callable[[Debounced], Awaitable[None]], quiet: float, latest: float) -> list[int]:
    """After how many requests each call of the function came."""
    asked, called = [], []
    debounced = Debounced(lambda: called.append(len(asked)), quiet, latest)

    class Counting:
        def __call__(self) -> None:
            asked.append(1)
            debounced()

    asyncio.run(use(Counting()))
    return called


def test_without_an_event_loop_each_call_is_passed_on_at_once():
    called = []
    debounced = Debounced(lambda: called.append(1))
    debounced()
    debounced()
    assert called == [1, 1]


def test_a_burst_becomes_one_call_after_the_last_of_it():
    async def burst(debounced):
        for _ in range(20):
            debounced()
        await asyncio.sleep(0.1)

    assert times_called(burst, quiet=0.01, latest=1.0) == [20]


def test_the_call_waits_until_it_is_quiet():
    async def two_close_together(debounced):
        debounced()
        await asyncio.sleep(0.05)
        debounced()
        await asyncio.sleep(0.5)

    assert times_called(two_close_together, quiet=0.2, latest=5.0) == [2]


def test_calls_far_apart_are_each_answered():
    async def apart(debounced):
        debounced()
        await asyncio.sleep(0.1)
        debounced()
        await asyncio.sleep(0.1)

    assert times_called(apart, quiet=0.01, latest=1.0) == [1, 2]


def test_a_slider_that_never_rests_is_still_answered():
    async def restless(debounced):
        for _ in range(30):
            debounced()
            await asyncio.sleep(0.01)

    called = times_called(restless, quiet=10.0, latest=0.05)
    assert len(called) >= 2


def test_a_function_that_fails_does_not_stop_the_next_call():
    called = []

    def fails_at_first() -> None:
        called.append(1)
        if len(called) == 1:
            raise RuntimeError("once")

    async def twice() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
        debounced = Debounced(fails_at_first, quiet=0.01)
        debounced()
        await asyncio.sleep(0.05)
        debounced()
        await asyncio.sleep(0.05)

    asyncio.run(twice())
    assert called == [1, 1]
