"""Hypothesis profiles: `ci` gives the same examples each time, `thorough` looks further.

`pytest --hypothesis-profile=thorough` chooses the other one.
"""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci",
    deadline=None,  # shared machines stall now and then
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("thorough", deadline=None, max_examples=2_000)
settings.load_profile("ci")
