"""Fixtures for all tests; the servers come from tests/rig."""

pytest_plugins = ["tests.rig.fixtures"]
