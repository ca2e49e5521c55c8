import importlib.util
import math
import sys

import numpy as np
import pytest

from coregulation.errors import UsageError
from coregulation.signals import Window
from coregulation.simulate.nervous_system import ScenarioMember, states
from coregulation.simulate.outcomes import half_life
from coregulation.simulate.parameters import Profile
from coregulation.simulate.plan import Plan, PlanSpan
from coregulation.simulate.profiles import PROFILES
from tests.paths import ROOT


def load(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


sobol_indices = load("sobol")
FREE, around, sobol = sobol_indices.FREE, sobol_indices.around, sobol_indices.sobol


def test_the_indices_of_ishigamis_function_are_known():
    def ishigami(x):
        return math.sin(x[0]) + 7 * math.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * math.sin(x[0])

    span = (-math.pi, math.pi)
    shares = sobol(ishigami, {"a": span, "b": span, "c": span}, np.random.default_rng(1), 4000, draws=199)
    known = {"a": (0.3139, 0.5576), "b": (0.4424, 0.4424), "c": (0.0, 0.2437)}
    for name, (first, total) in known.items():
        assert shares[name].first == pytest.approx(first, abs=0.05)
        assert shares[name].total == pytest.approx(total, abs=0.04)
        low, high = shares[name].total_interval
        assert low < shares[name].total < high
        assert shares[name].first_interval[0] < shares[name].first < shares[name].first_interval[1]


def test_a_sum_has_no_interactions():
    shares = sobol(
        lambda x: float(x @ [1.0, 2.0]), {"a": (0, 1), "b": (0, 1)}, np.random.default_rng(2), 2000, draws=99
    )
    assert [shares[k].first for k in "ab"] == pytest.approx([0.2, 0.8], abs=0.06)
    assert [shares[k].total for k in "ab"] == pytest.approx([0.2, 0.8], abs=0.04)


def test_what_does_not_vary_is_refused():
    with pytest.raises(UsageError, match="must vary"):
        sobol(lambda x: 1.0, {"a": (0, 1)}, np.random.default_rng(1), 8)
    with pytest.raises(UsageError, match="lowest value below"):
        sobol(lambda x: x[0], {"a": (1, 1)}, np.random.default_rng(1), 8)


def ln_half_life(together):
    plan = Plan(
        ("a", "b"),
        (
            PlanSpan("rest", 120, {}, together),
            PlanSpan("p", 40, {"a": 1.0}, together),
            PlanSpan("r", 400, {}, together),
        ),
    )

    def outcome(numbers):
        who = PROFILES["secure"].changed(dict(zip(FREE, map(float, numbers), strict=True)))
        run = states({"a": ScenarioMember(who), "b": ScenarioMember(PROFILES["grounded"])}, plan, 1)
        return math.log(min(half_life(run, 0, Window(60, 120), Window(160, 560)), 400.0))

    return outcome


def test_ranges_are_half_either_way():
    assert around(Profile(), ("borrowed",)) == {"borrowed": (1.5, 4.5)}


@pytest.mark.parametrize(("together", "decisive"), [(False, "window"), (True, "receptivity")])
def test_what_decides_a_recovery_alone_is_not_what_decides_it_with_somebody(together, decisive):
    shares = sobol(ln_half_life(together), around(PROFILES["secure"]), np.random.default_rng(3), 24, draws=49)
    assert max(shares, key=lambda name: shares[name].total) == decisive


@pytest.mark.nightly
@pytest.mark.parametrize("together", [False, True])
def test_in_full_the_indices_are_shares(together):
    shares = sobol(ln_half_life(together), around(PROFILES["secure"]), np.random.default_rng(3), 512)
    assert shares["contagion"].total < 0.05  # nobody is in danger long enough here for it to matter
    assert sum(share.first for share in shares.values()) < 1.15
    assert all(share.total >= share.first - 0.1 for share in shares.values())
