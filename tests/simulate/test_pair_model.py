import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from coregulation.errors import UsageError
from coregulation.simulate.pair_model import PairModel
from coregulation.simulate.plan import Plan, PlanSpan, alone_and_together

PAIR = ("ada", "ben")
QUIET = PairModel(sigma=(0.0, 0.0), noise=(0.0, 0.0), g_cv=0.0)
PLAN = Plan(
    PAIR,
    (
        PlanSpan("alone-rest", 20, together=False),
        PlanSpan("perturb-alone", 30, {"ada": 1.0, "ben": 0.5}, together=False),
        PlanSpan("together-rest", 40),
        PlanSpan("perturb-together", 30, {"ada": 1.0}),
        PlanSpan("recover-together", 60),
    ),
)


def draw(model, plan=PLAN, seed=1, rate=1.0):
    return model.draw(np.random.default_rng(seed), plan, rate)


def test_without_noise_the_path_solves_the_stated_equation():
    model = replace(QUIET, d=(0.03, 0.01), p=(0.01, 0.02), s=(0.004, 0.002), zero=(0.2, -0.1), level=(0.1, -0.3))

    def slope(t, x):
        span = next(s for s, w in zip(PLAN.spans, PLAN.windows(), strict=True) if t < w.end)
        u = np.array([span.dose.get(who, 0.0) for who in PAIR])
        if not span.together:
            return -np.array(model.k) * (x - model.zero) + np.array(model.g) * u
        excess = x - np.array(model.level)
        damping = (np.array(model.k) + np.array(model.d)) * excess
        return -damping + np.array(model.p) * excess[::-1] + np.array(model.g) * u + np.array(model.s) * u[::-1]

    series = draw(model)
    start = np.array(model.zero)
    for window in PLAN.windows():
        n = int(window.length)
        inner = solve_ivp(
            slope, (window.start, window.end - 1e-9), start, t_eval=window.start + np.arange(n), rtol=1e-10, atol=1e-12
        )
        assert np.allclose(series.latent[int(window.start) : int(window.end)], inner.y.T, atol=1e-7)
        start = solve_ivp(slope, (window.start, window.end - 1e-9), start, rtol=1e-10, atol=1e-12).y[:, -1]


def test_the_discretisation_is_exact_at_any_rate():
    for k in ((0.02, 0.02), (3.0, 0.5)):
        model = replace(QUIET, k=k, d=(0.03, 0.01), p=(0.01, 0.02))
        assert np.allclose(draw(model, rate=4.0).latent[::4], draw(model, rate=1.0).latent)


def test_alone_the_noise_has_its_stationary_variance_and_memory():
    model = PairModel(k=(0.05, 0.02), sigma=(0.03, 0.01), zero=(1.0, 0.0), noise=(0.0, 0.5))
    series = draw(model, Plan(PAIR, (PlanSpan("alone-rest", 60_000, together=False),)))
    a, b = series.latent.T
    assert a.mean() == pytest.approx(1.0, abs=0.01)
    assert a.std() == pytest.approx(0.03 / math.sqrt(0.1), rel=0.05)
    assert b.std() == pytest.approx(0.01 / math.sqrt(0.04), rel=0.08)
    assert np.corrcoef(a[:-10], a[10:])[0, 1] == pytest.approx(math.exp(-0.5), abs=0.03)
    assert (series.measured[:, 1] - b).std() == pytest.approx(0.5, rel=0.02)
    assert np.array_equal(series.measured[:, 0], a)


def test_together_the_covariance_solves_the_lyapunov_equation():
    model = PairModel(k=(0.05, 0.04), d=(0.02, 0.0), p=(0.03, 0.02), sigma=(0.03, 0.02))
    x = draw(model, Plan(PAIR, (PlanSpan("together-rest", 80_000),))).latent
    drift, spread = model.drift(True), np.cov(x.T)
    assert np.allclose(drift @ spread + spread @ drift.T, -np.diag([0.0009, 0.0004]), atol=8e-5)


def test_a_shared_input_is_of_unit_variance_and_acts_together_only():
    model = replace(QUIET, h=(0.01, 0.01))
    apart = draw(model, Plan(PAIR, (PlanSpan("alone-rest", 500, together=False),)))
    assert not apart.latent.any()
    joined = draw(model, Plan(PAIR, (PlanSpan("together-rest", 20_000),)))
    assert joined.shared.std() == pytest.approx(1.0, rel=0.1)
    assert np.abs(joined.latent[:, 0] - joined.latent[:, 1]).max() < 1e-13
    assert joined.latent.std() > 0.1


@pytest.mark.parametrize(
    "model",
    [
        PairModel(d=(0.03, 0.0), p=(0.004, 0.01)),
        replace(QUIET, h=(0.01, 0.01)),
        replace(QUIET, h=(0.01, 0.02), p=(0.01, 0.01)),
        PairModel(sigma=(0.02, 0.0), p=(0.0, 0.01)),
        PairModel(sigma=(0.02, 0.02), h=(0.01, 0.01)),
        replace(QUIET, k=(20.0, 0.02), h=(0.01, 0.01)),
    ],
)
def test_a_draw_hardly_depends_on_the_last_digits(model):
    """Another processor rounds otherwise: so do rates that differ in their sixteenth digit."""
    plan = Plan(PAIR, (PlanSpan("together-rest", 3000), PlanSpan("alone-rest", 500, together=False)))
    here, rng = draw(model, plan).latent, np.random.default_rng(1)
    for _ in range(10):
        by = 1 + 1e-15 * rng.standard_normal((4, 2))
        noise = {name: tuple(by[i] * getattr(model, name)) for i, name in enumerate(("k", "p", "h", "sigma"))}
        assert np.abs(draw(replace(model, **noise), plan).latent - here).max() < 1e-11


def test_people_whose_rates_all_but_agree_hardly_differ():
    """The third direction's noise is in proportion to the difference of rates, however small that is."""
    sizes = []
    for off in (1e-4, 1e-6, 1e-8):
        model = replace(QUIET, k=(0.02, 0.02 * (1 + off)), h=(0.01, 0.01))
        a, b = draw(model, Plan(PAIR, (PlanSpan("together-rest", 2000),))).latent.T
        sizes.append(np.abs(a - b).max() / off)
    assert sizes == pytest.approx([sizes[0]] * 3, rel=1e-3)


@pytest.mark.parametrize("level", [0.1, 0.7, -0.9, 2.69])
def test_who_rests_at_the_limit_of_being_settled_is_settled(level):
    """At one's resting level the excess is zero but for rounding, and zero is at most zero."""
    always = replace(QUIET, k=(0.042, 0.063), d=(0.03, 0.01), level=(0.1, level), zero=(0.1, level))
    spans = (
        PlanSpan("together-rest", 50),
        PlanSpan("perturb-together", 40, {"ada": 1.0}),
        PlanSpan("recover-together", 200),
    )
    here, there = (draw(model, Plan(PAIR, spans)).latent for model in (always, replace(always, settled=0.0)))
    assert np.allclose(here, there, rtol=0, atol=1e-12)


def test_each_probe_has_its_own_dose_and_people_get_used_to_it():
    plan = alone_and_together(PAIR, 2)
    series = draw(PairModel(g_cv=0.3), plan)
    assert len(set(series.gains[:, 0])) == len(plan.spans)
    tired = draw(replace(QUIET, tiring=0.5), plan).gains[:, 0]
    hit = [i for i, span in enumerate(plan.spans) if "ada" in span.dose]
    assert tired[hit] == pytest.approx([0.03 * 0.5**n for n in range(4)])
    fast = draw(replace(QUIET, settling=1.0), plan)
    after = [int(plan.windows()[i + 1].start) for i in hit]
    halves = [np.argmax(fast.latent[t:, 0] <= fast.latent[t, 0] / 2) for t in after]
    assert halves == sorted(halves, reverse=True)
    assert halves[-1] < halves[0] / 2


def test_only_a_settled_partner_helps_where_that_is_so():
    """With the other's state varied both are seen; with a calm other it is the pair that always helps."""
    always, only = replace(QUIET, d=(0.03, 0.0)), replace(QUIET, d=(0.03, 0.0), settled=0.3)
    beside_calm = Plan(PAIR, (PlanSpan("perturb-together", 40, {"ada": 1.0}), PlanSpan("recover-together", 200)))
    assert np.array_equal(draw(always, beside_calm).latent, draw(only, beside_calm).latent)
    both = Plan(PAIR, (PlanSpan("perturb-together", 40, {"ada": 1.0, "ben": 1.0}), PlanSpan("recover-together", 200)))
    (a, b), without = draw(only, both).latent.T, draw(QUIET, both).latent[:, 0]
    turns = np.flatnonzero(np.diff((b <= 0.3).astype(int)))  # stirred a while after the push began, settled again later
    stirred, settled = turns + 1
    assert np.allclose(np.diff(np.log(a[stirred + 1 :])[40 - stirred : settled - stirred - 1]), -0.02)
    assert np.allclose(np.diff(np.log(a[settled:])), -0.05)
    assert (a[stirred:settled] < without[stirred:settled]).all()
    assert only.burden() == always.burden()


def test_people_of_a_kind_bear_the_same_burden():
    model = PairModel(d=(0.03, 0.01), p=(0.004, 0.01))
    rng = np.random.default_rng(1)
    others = [model.varied(rng) for _ in range(200)]
    assert all(np.allclose(other.burden().net_effect, model.burden().net_effect) for other in others)
    assert np.allclose(others[0].burden().own_burden, model.burden().own_burden)
    k = np.array([other.k[0] for other in others])
    assert k.std() / k.mean() == pytest.approx(0.25, abs=0.05)
    assert model.varied(rng, 0.0) == model


def test_regulation_md_2_by_its_numbers():
    assert PairModel(d=(0.02, 0.0)).burden().own_burden == pytest.approx((0.5, 1.0))
    linked = PairModel(d=(0.03, 0.03), p=(0.03, 0.03)).burden()
    assert linked.own_burden[0] < 0.7
    assert linked.net_effect == pytest.approx((1.0, 1.0))
    assert PairModel(p=(0.01, 0.01)).burden().pair_burden > 1


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: PairModel(k=(0.0, 0.1)), "k must be positive"),
        (lambda: PairModel(noise=(-0.1, 0.1)), "must not be negative"),
        (lambda: PairModel(settled=math.nan), "nan came"),
        (lambda: PairModel(e_tau=0.0), "e_tau"),
        (lambda: PairModel(p=(0.03, 0.03)), "never returns"),
        (lambda: draw(PairModel(), Plan(("ada",), (PlanSpan("x", 10),))), "for two"),
        (lambda: draw(PairModel(), rate=-1.0), "positive number of Hz"),
        (lambda: draw(PairModel(), Plan(PAIR, (PlanSpan("x", 10.5),))), "whole number"),
    ],
)
def test_what_cannot_be_meant_is_refused(call, said):
    with pytest.raises(UsageError, match=said):
        call()
