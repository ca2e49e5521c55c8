"""The state space against known truth, slow oracles and every design that must be refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.linalg import expm

from coregulation.errors import DataError, UsageError
from coregulation.events import Block
from coregulation.regulation import fit as fitting
from coregulation.regulation.counterfactual import counterfactual_effects, draw_path
from coregulation.regulation.design import Design, DesignSpan, NotConvergedError, Probe, UnidentifiedError, read_design
from coregulation.regulation.draws import draw_posterior, fixed_points
from coregulation.regulation.fit import doubting, maximise
from coregulation.regulation.model import Dynamics, Parameterisation, WeakPriors, burden_ratios
from coregulation.regulation.panel import LinearEffect, Panel, model_grid, panel_from_signals
from coregulation.regulation.posterior import Evaluation, Scores, posterior_of, steps_of
from coregulation.regulation.statespace import StateSpace
from coregulation.session import Person, Recording, Session
from coregulation.signals import Signal, Unit
from tests.regulation.truth import A, B, Truth, simulate, timetable

DESIGN = timetable(2, rest=60.0, hit=20.0, recover=70.0)


def dynamics(**changes: object) -> Dynamics:
    base = Dynamics(
        np.array([0.04, 0.05]), np.array([0.03, 0.0]), np.array([[0.0, 0.01], [0.02, 0.0]]), np.full(2, 0.0025),
        np.full(2, 0.01), 0.2,
    )  # fmt: skip
    return replace(base, **changes)


def panel(seed: int = 0, truth: Truth | None = None, design: Design = DESIGN) -> Panel:
    return simulate(truth or Truth(d=(0.05, 0.0), sigma=0.03), design, np.random.default_rng(seed))[0]


def test_the_linked_pair_moves_its_burden_and_the_lent_one_loses_it() -> None:
    k, c = 0.04, 0.04
    linked = burden_ratios(dynamics(rate=np.full(2, k), damping=np.full(2, c), drive=np.array([[0, c], [c, 0]])))
    np.testing.assert_allclose([linked.own_burden, linked.net_effect], [[2 / 3] * 2, [1.0] * 2])
    assert linked.pair_burden == pytest.approx(1.0)
    lent = burden_ratios(dynamics(rate=np.full(2, k), damping=np.array([c, 0.0]), drive=np.zeros((2, 2))))
    np.testing.assert_allclose([lent.own_burden[0], lent.net_effect[0], lent.own_burden[1]], [0.5, 0.5, 1.0])
    runaway = burden_ratios(dynamics(drive=np.array([[0, 0.2], [0.2, 0]])))
    assert np.isinf(runaway.own_burden).all()
    assert np.isinf(runaway.pair_burden)


def test_discretisation_is_exact_over_short_and_long_steps() -> None:
    grid = model_grid(panel(), DESIGN)
    model = dynamics(shared=np.array([0.01, 0.02]))
    long = replace(grid, steps=np.where(grid.steps > 0, 300.0, 0.0))
    for at in (grid, long):
        steps = steps_of(model, at)
        for m, (regime, step) in enumerate(zip(at.regimes, at.steps, strict=True)):
            drift = model.drift(at.companies[regime], at.before[regime])
            np.testing.assert_allclose(steps.phis[m], expm(drift * step), atol=1e-10)
            s = np.linspace(0, step, 4001)
            kernel = np.array([expm(drift * x) for x in s[:: 40 if step > 10 else 400]])
            noise = model.spreads(at.companies)[regime]
            spread = np.trapezoid(kernel @ noise @ kernel.transpose(0, 2, 1), s[:: 40 if step > 10 else 400], axis=0)
            np.testing.assert_allclose(steps.covs[m], spread, rtol=0.02, atol=1e-5)


def test_the_filter_gives_the_likelihood_of_the_joint_normal() -> None:
    """Held against one big covariance matrix: irregular times, gaps, levels and doses included."""
    design = Design(
        (A, B),
        (DesignSpan(0, 20), DesignSpan(20, 40, (A, B))),
        (Probe((A,), 22, 25, 40, True), Probe((A,), 3, 5, 20, False)),
    )
    rng = np.random.default_rng(1)
    times = np.sort(rng.uniform(0, 39.9, 34))
    values = rng.standard_normal((34, 2))
    values[[3, 8], [0, 1]] = np.nan
    grid = model_grid(Panel(times, values), design, cross_exposure=False, setpoint_shift=False)
    layout = Parameterisation(2, np.ones(2, bool), ~np.eye(2, dtype=bool), habituation=False)
    target = posterior_of(grid, layout, WeakPriors())
    vector = target.centre + 0.01 * np.arange(len(target.centre))
    model = layout.dynamics(vector)
    steps = steps_of(model, grid)
    t, n = len(grid.times), 2
    mean = np.zeros((t, n, len(grid.effects)))
    cov = np.zeros((t, n, t, n))
    state = model.first
    for row in range(t):
        if row:
            phi = steps.phis[grid.which[row]]
            state = phi @ state @ phi.T + steps.covs[grid.which[row]]
            mean[row] = phi @ mean[row - 1]
            for e, effect in enumerate(grid.effects):
                mean[row, :, e] += steps.gammas[grid.which[row]][:, effect.person] * grid.inputs[row, e]
            for before in range(row):
                cov[row, :, before] = phi @ cov[row - 1, :, before]
                cov[before, :, row] = cov[row, :, before].T
        cov[row, :, row] = state
    for e, effect in enumerate(grid.effects):
        if effect.kind == "level":
            mean[:, effect.person, e] += 1.0
    there = np.isfinite(grid.y).ravel()
    big = (cov.reshape(t * n, t * n) + np.diag(np.tile(model.noise, t)))[np.ix_(there, there)]
    x, y = mean.reshape(t * n, -1)[there], grid.y.ravel()[there]
    solved = np.linalg.solve(big, np.column_stack([x, y]))
    precision = x.T @ solved[:, :-1]
    beta = np.linalg.solve(precision, x.T @ solved[:, -1])
    off = (vector - target.centre) / target.sd
    expected = 0.5 * (
        np.linalg.slogdet(big)[1] + (y - x @ beta) @ np.linalg.solve(big, y - x @ beta)
        + np.linalg.slogdet(precision)[1] + off @ off
    )  # fmt: skip
    here = target.at(vector)
    assert here is not None
    assert here.loss == pytest.approx(expected, rel=1e-9)
    np.testing.assert_allclose(here.effects, beta, rtol=1e-6, atol=1e-9)
    gradient = target.scoring(vector, here).gradient
    for j in range(len(vector)):
        step = 1e-4 * (np.arange(len(vector)) == j)
        above, below = target.at(vector + step), target.at(vector - step)
        assert above is not None
        assert below is not None
        assert gradient[j] == pytest.approx((above.loss - below.loss) / 2e-4, rel=1e-3, abs=1e-3)


def test_a_clear_pair_is_read_right() -> None:
    truth = Truth(d=(0.05, 0.0), sigma=0.004, cross_exposure=(0.0, 0.01), setpoint_shift=(0.2, 0.0))
    fit = StateSpace(draws=200).fit(panel(3, truth), DESIGN)
    for told, true in (
        (fit.rate(A), 0.04), (fit.damping(A), 0.05), (fit.damping(B), 0.0), (fit.drive(B, A), 0.0), (fit.own_burden(A), 4 / 9),
        (fit.net_effect(A), 4 / 9), (fit.cost_to_partner(A, B), 0.0), (fit.effect(LinearEffect("level", 0)), 0.3),
        (fit.effect(LinearEffect("cross_exposure", 1, 0)), 0.01), (fit.effect(LinearEffect("dose", 0, 0)), 0.05),
        (fit.effect(LinearEffect("setpoint_shift", 0)), 0.2 * 0.09), (fit.pair_burden(), (1 / 0.09 + 1 / 0.04) / 50),
    ):  # fmt: skip
        half = (told.high - told.low) / 2
        assert abs(told.value - true) < 2 * half
        assert half < 1.2 * max(abs(true), 0.2)


def test_times_in_another_order_of_magnitude_and_rate_say_the_same() -> None:
    data = panel(4)
    scaled = StateSpace(draws=60).fit(Panel(data.times, 30 * data.values + 70), DESIGN)
    plain = StateSpace(draws=60).fit(data, DESIGN)
    np.testing.assert_allclose(scaled.dynamics.rate, plain.dynamics.rate, rtol=1e-3)
    np.testing.assert_allclose(scaled.burden.own_burden, plain.burden.own_burden, rtol=2e-3)


def test_gaps_and_ninety_per_cent_missing_widen_but_do_not_move_the_answer() -> None:
    data = panel(5, Truth(d=(0.05, 0.0), sigma=0.01))
    thin = np.where(np.random.default_rng(0).random(data.values.shape) < 0.9, np.nan, data.values)
    full = StateSpace(draws=100).fit(data, DESIGN).own_burden(A)
    few = StateSpace(draws=100).fit(Panel(data.times, thin), DESIGN).own_burden(A)
    assert few.high - few.low > 0.8 * (full.high - full.low)
    assert few.low < full.value < few.high


def test_designs_that_cannot_answer_are_refused_with_what_would_settle_it() -> None:
    data = panel()
    together = replace(DESIGN, spans=tuple(replace(span, company=(A, B)) for span in DESIGN.spans))
    apart = replace(DESIGN, spans=tuple(replace(span, company=()) for span in DESIGN.spans))
    for design, why in ((together, "Nobody was recorded alone"), (apart, "Nobody was recorded together")):
        with pytest.raises(UnidentifiedError, match=why) as caught:
            StateSpace().fit(data, design)
        assert caught.value.settle


def test_bad_recordings_are_refused() -> None:
    data = panel()
    twice, flat, thin = data.values.copy(), data.values.copy(), data.values.copy()
    twice[:, 1], flat[:, 0], thin[5:, 0] = twice[:, 0], 1.0, np.nan
    for values, why in ((twice, "same values"), (flat, "do not vary"), (thin, "at least 30")):
        with pytest.raises(DataError, match=why):
            Panel(data.times, values)
    with pytest.raises(DataError, match="increasing"):
        Panel(data.times[::-1], data.values)
    with pytest.raises(UsageError, match="One row"):
        Panel(data.times[1:], data.values)
    with pytest.raises(DataError, match="outside the recording"):
        model_grid(data, replace(DESIGN, probes=(Probe((A,), 5000.0, 5010.0, 5100.0, True),)))
    with pytest.raises(DataError, match="inside the blocks"):
        model_grid(data, replace(DESIGN, spans=(DesignSpan(0, 10),), probes=()))


def test_a_search_that_does_not_end_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "_MAX_STEPS", 1)
    monkeypatch.setattr(fitting, "_MAX_EVALUATIONS", 1)
    monkeypatch.setattr(fitting, "_STARTS", (1.0,))
    with pytest.raises(NotConvergedError, match="no estimate"):
        StateSpace().fit(panel(), DESIGN)


def test_a_start_that_cannot_be_computed_is_an_error() -> None:
    grid = model_grid(panel(), DESIGN)
    target = posterior_of(grid, StateSpace().layout(grid, DESIGN), WeakPriors())
    with pytest.raises(NotConvergedError, match="at the start"):
        maximise(target, np.full_like(target.centre, 50.0))


def test_settings_and_names_are_checked() -> None:
    fit = StateSpace(draws=50).fit(panel(), DESIGN)
    with pytest.raises(UsageError, match="no person 'eve'"):
        fit.rate("eve")
    with pytest.raises(UsageError, match="no such effect"):
        fit.effect(LinearEffect("dose", 0, 99))
    with pytest.raises(UsageError, match="50 draws"):
        StateSpace(draws=10)
    with pytest.raises(UsageError, match="one flag"):
        Parameterisation(2, np.ones(3, bool), np.eye(2, dtype=bool))


def test_three_people_are_read_as_well_as_two() -> None:
    people = (A, B, "cem")
    spans = [DesignSpan(0, 60), DesignSpan(60, 120, people)]
    probes = []
    for at in range(6):
        start = 120.0 + 100 * at
        spans.append(DesignSpan(start, start + 100, people if at % 2 else ()))
        probes.append(Probe((people[at // 2],), start, start + 20, start + 100, bool(at % 2)))
    design = Design(people, tuple(spans), tuple(probes))
    rng = np.random.default_rng(0)
    times, x = np.arange(0, 720.0), np.zeros((720, 3))
    company = design.company(times + 0.5).any(axis=(1, 2))
    for t in range(719):
        push = np.array([0.05 * any(p.start <= t < p.end and who in p.hit for p in probes) for who in people])
        x[t + 1] = (
            x[t] + (-(0.04 + 0.06 * company[t] * np.array([1, 0, 0])) * x[t] + push) + 0.005 * rng.standard_normal(3)
        )
    fit = StateSpace(draws=100, common=False).fit(Panel(times, x + 0.02 * rng.standard_normal(x.shape)), design)
    assert fit.own_burden(A).high < 0.8
    assert fit.own_burden(B).low < 1 < fit.own_burden(B).high
    assert fit.burden_of_pair((A, B)).value < 1


def test_what_is_lent_is_accounted_for_in_arousal_seconds() -> None:
    truth, design = Truth(d=(0.05, 0.0), sigma=0.002), timetable(2, rest=60.0, hit=20.0, recover=100.0)
    fit = StateSpace(draws=100).fit(panel(1, truth, design), design)
    book = counterfactual_effects(fit, np.random.default_rng(0), 60)
    silent = replace(truth, sigma=1e-9, noise=0.0)
    paths = [simulate(t, design, np.random.default_rng(0))[1] for t in (silent, replace(silent, d=(0.0, 0.0)))]
    within = np.zeros(len(paths[0]), bool)
    for probe in design.of(A, True):
        within |= (np.arange(len(within)) > probe.start) & (np.arange(len(within)) <= probe.until)
    lent = float((paths[1] - paths[0])[within, 0].sum())
    told = book.total(A)
    assert told.lent.low < lent * 1.05
    assert told.lent.high > lent * 0.95
    assert told.lent.value == pytest.approx(lent, rel=0.15)
    assert abs(told.cost_to_partner.value) < 0.15 * lent
    assert told.net_effect.value == pytest.approx(told.lent.value - told.cost_to_partner.value, rel=0.1)
    assert len(book.effects) == 4
    for wrong in (
        lambda: book.total("eve"),
        lambda: book.total(A, ["voice"]),
        lambda: counterfactual_effects(fit, np.random.default_rng(0), 999),
    ):
        with pytest.raises(UsageError):
            wrong()


def test_a_drawn_path_hardly_depends_on_the_last_digits() -> None:
    """Two people as lively as each other: a root made of eigenvectors would swap their chance with the sixteenth digit."""
    truth, design = Truth(d=(0.05, 0.0)), timetable(2)
    fit = StateSpace(draws=50).fit(panel(1, truth, design), design)
    same = {
        name: np.full(2, getattr(fit.dynamics, name)[0]) for name in ("rate", "damping", "diffusion", "noise_log_ratio")
    }
    here = replace(fit.dynamics, **same, drive=np.zeros((2, 2)), common=0.0, habituation=0.0)  # type: ignore[arg-type]
    paths = [
        draw_path(fit, replace(here, diffusion=here.diffusion * by), fit.effects, np.random.default_rng(0))
        for by in (np.ones(2), np.array([1.0, 1 + 1e-14]), np.array([1 + 1e-14, 1.0]))
    ]
    for path in paths[1:]:
        np.testing.assert_allclose(path, paths[0], rtol=0, atol=1e-9)


def session(blocks: tuple[Block, ...], units: tuple[Unit, Unit] = (Unit.ARBITRARY, Unit.ARBITRARY)) -> Session:
    people = [
        Recording(Person(who), {"arousal": Signal(np.arange(40.0), 1.0, 0.0, unit)})
        for who, unit in zip((A, B), units, strict=True)
    ]
    return Session("s", tuple(people), blocks=blocks)


def test_a_session_becomes_a_design() -> None:
    blocks = (
        Block("alone-rest", 0, 50), Block("perturb-alone", 50, 60, perturbed=(A, B)), Block("recover-alone", 60, 100),
        Block("together-rest", 100, 150), Block("perturb-together", 150, 160, perturbed=(A,), cues={"voice": True, "face": False}),
        Block("recover-together", 160, 200, partner="recorded", guide="pacer"), Block("tea", 0, 10),
    )  # fmt: skip
    design = read_design(session(blocks))
    assert [probe.until for probe in design.probes] == [100, 200]
    assert design.probes[1].cues == ("voice",)
    assert design.partners == {"live", "recorded"}
    assert design.guides == ("pacer",)
    assert design.ignored == ("tea",)
    assert design.order == "alone first"
    assert [(r.start, r.end) for r in design.rests(False)] == [(0, 50)]
    with pytest.raises(DataError, match="overlap"):
        read_design(session((Block("alone-rest", 0, 50), Block("talk", 40, 80))))
    with pytest.raises(DataError, match="who was perturbed"):
        read_design(session((Block("perturb-alone", 0, 50),)))
    with pytest.raises(UsageError, match="one person or more"):
        Design((A, A), ())


def test_a_panel_needs_everybody_in_one_unit() -> None:
    here = session((), (Unit.ARBITRARY, Unit.PER_MINUTE))
    signals = {r.person.id: r.signals["arousal"] for r in here.recordings}
    with pytest.raises(UsageError, match="One unit"):
        panel_from_signals(signals, (A, B))
    with pytest.raises(UsageError, match="No signal"):
        panel_from_signals(signals, (A, "eve"))


def test_draws_are_the_same_numbers_in_every_run_and_have_a_normal_spread() -> None:
    points = fixed_points(4000, 3)
    assert np.array_equal(points, fixed_points(4000, 3))
    np.testing.assert_allclose(points.mean(axis=0), 0, atol=1e-12)  # each with its mirror image
    np.testing.assert_allclose(np.cov(points.T), np.eye(3), atol=0.06)


def test_a_maximum_without_a_spread_gives_no_interval() -> None:
    grid = model_grid(panel(), DESIGN)
    target = posterior_of(grid, StateSpace().layout(grid, DESIGN), WeakPriors())
    best = maximise(target, target.centre)
    flat = best._replace(scores=best.scores._replace(information=-np.eye(len(best.vector))))
    with pytest.raises(NotConvergedError, match="no interval"):
        draw_posterior(target, flat, 50, WeakPriors())


def test_a_stressor_inside_a_pause_is_no_obstacle() -> None:
    data = panel(2, Truth(d=(0.05, 0.0), sigma=0.01))
    probe, values = DESIGN.of(A, True)[0], data.values.copy()
    values[(data.times >= probe.start) & (data.times < probe.until)] = np.nan
    fit = StateSpace().fit(Panel(data.times, values), DESIGN)
    assert fit.own_burden(A).low < 4 / 9 < fit.own_burden(A).high


def test_one_wild_value_hardly_moves_the_answer() -> None:
    """Without the doubt this value moves the own burden by more than a third."""
    data = panel(5, Truth(d=(0.05, 0.0), sigma=0.01))
    values = data.values.copy()
    probe = DESIGN.of(A, True)[0]
    values[np.searchsorted(data.times, probe.end + 12.0), 0] += 12 * np.nanstd(values[:, 0])
    plain, wild = (StateSpace().fit(Panel(data.times, v), DESIGN) for v in (data.values, values))
    assert wild.target.doubt.max() > 5
    assert wild.own_burden(A).value == pytest.approx(plain.own_burden(A).value, rel=0.15)
    assert doubting(plain.target, plain.best) is None or plain.target.doubt.max() < 5


def test_rates_that_differ_between_moments_widen_the_interval() -> None:
    """The same doses and noise; only the return rate of each moment differs."""
    steady = StateSpace().fit(panel(7, Truth(sigma=0.003)), DESIGN)
    halves = [DESIGN.of(who, together) for who in (A, B) for together in (False, True)]
    unequal = panel(7, Truth(sigma=0.003)).values.copy()
    fast = panel(7, Truth(sigma=0.003, k=(0.12, 0.12))).values
    for first, _ in halves:
        inside = (panel(7).times >= first.start) & (panel(7).times < first.until)
        unequal[inside] = fast[inside]
    told = StateSpace().fit(Panel(panel(7).times, unequal), DESIGN)
    assert told.moment_sd().value > 2 * steady.moment_sd().value
    widths = [np.log(fit.own_burden(A).high / fit.own_burden(A).low) for fit in (steady, told)]
    assert widths[1] > 1.5 * widths[0]


class Narrow:
    """A parabola whose information is told as half its curvature, so that full steps land on the other side."""

    def at(self, vector: np.ndarray) -> Evaluation:
        none = np.empty(0)
        return Evaluation(0.5 * float(vector @ vector), 0.0, none, none, none, np.empty((0, 0)))

    def scoring(self, vector: np.ndarray, here: Evaluation) -> Scores:
        none = np.empty((len(vector), 0))
        return Scores(vector, 0.505 * np.eye(len(vector)), none, none, none, none)


def test_the_second_method_ends_where_scoring_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "_MAX_STEPS", 0)
    found = maximise(Narrow(), np.array([1.0, -0.5]))  # type: ignore[arg-type]
    assert np.abs(found.vector).max() < 1e-3


def test_the_search_does_not_go_to_and_fro_beside_the_maximum() -> None:
    found = maximise(Narrow(), np.array([1.0, -0.5]))  # type: ignore[arg-type]
    assert np.abs(found.vector).max() < 0.2  # a hundredth of log posterior
    assert found.steps < 20
