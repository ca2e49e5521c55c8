"""What holds for every test."""

from hypothesis import HealthCheck, settings

# how long an example takes depends on what else the machine does; no test fails for that
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
