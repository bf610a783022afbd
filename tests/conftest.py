"""What holds for all tests."""

from hypothesis import HealthCheck, settings

# A busy machine is no fault of the code: no test fails because it was slow.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
