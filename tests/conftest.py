"""Fixtures for all tests; the servers come from tests/rig."""

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.rig.fixtures"]

# How fast an example is made or tried tells of the machine, not of the code; and a run that found
# something must find it again.
settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")
