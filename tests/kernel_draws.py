"""Draws of fixed seeds from every simulator and from a fit, for comparison between two kernels of OpenBLAS.

`python -m tests.kernel_draws FILE` writes them, with the names of the kernels that ran, as an .npz file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from coregulation.regulation.counterfactual import counterfactual_effects
from coregulation.regulation.statespace import StateSpace
from coregulation.session import Session
from coregulation.simulate.confounds import KNOWN, known_answer
from coregulation.simulate.dynamics import HeartRateLike, PowerLaw
from coregulation.simulate.laws.registry import LAWS
from coregulation.simulate.nervous_system import ScenarioMember, states
from coregulation.simulate.pair_model import PairModel
from coregulation.simulate.plan import alone_and_together
from coregulation.simulate.profiles import profile
from coregulation.simulate.scenarios import simulate
from coregulation.simulate.sensor_sets import KITS
from coregulation.simulate.sensors import Photoplethysmograph
from tests.regulation.truth import Truth, timetable
from tests.regulation.truth import simulate as exact_pair
from tests.second_kernel import blas_kernels

PAIR = ("ada", "ben")
QUIET = PairModel(sigma=(0.0, 0.0), noise=(0.0, 0.0), g_cv=0.0)
PAIR_MODELS: Mapping[str, PairModel] = {
    "as it stands": PairModel(d=(0.03, 0.0), p=(0.004, 0.01)),
    "only the shared input": replace(QUIET, h=(0.01, 0.01)),
    "unequal shares of it": replace(QUIET, h=(0.01, 0.02)),
    "one has noise": PairModel(sigma=(0.02, 0.0), p=(0.0, 0.01)),
    "nearly equal rates": replace(QUIET, k=(0.02, 0.02 * (1 + 1e-9)), h=(0.01, 0.01)),
    "a settled partner helps": PairModel(d=(0.03, 0.02), settled=0.3),
    "fast": PairModel(k=(30.0, 0.02), h=(0.1, 0.01)),
}


def of_session(name: str, session: Session) -> Iterator[tuple[str, np.ndarray]]:
    for recording in session.recordings:
        for channel, signal in recording.signals.items():
            yield f"{name}: {channel} of {recording.person.id}", signal.values
        if recording.beats is not None:
            yield f"{name}: beats of {recording.person.id}", recording.beats.times


def of_simulators() -> Iterator[tuple[str, np.ndarray]]:
    """Yield a name and the values for each draw."""
    plan = alone_and_together(PAIR, 2)
    for name, model in PAIR_MODELS.items():
        series = model.draw(np.random.default_rng(1), plan, 2.0)
        yield f"pair model, {name}", np.column_stack([series.latent, series.measured, series.shared])
    for law in LAWS.series():
        yield f"linkage, {law.title}", law.generator.draw(np.random.default_rng(1), 3, 120.0, 2.0)
    for dynamics in (HeartRateLike(), PowerLaw()):
        yield type(dynamics).__name__, dynamics.draw(np.random.default_rng(1), 3, 500, 2.0)
    for name in KNOWN:
        yield from of_session(f"known, {name}", known_answer(name, 1)[0])
    yield from of_session("known, in a body", known_answer("mutual", 1, wearing=KITS["electrodes"])[0])
    worn = replace(KITS["full"], sensors=(*KITS["full"].sensors, Photoplethysmograph()))
    yield from of_session("scenario", simulate("car-crash-steady", seed=1, wearing=worn)[0])
    members = {who: ScenarioMember(profile(kind)) for who, kind in zip(PAIR, ("anxious", "grounded"), strict=True)}
    yield "nervous system", states(members, plan, 1, vary=1.0).values


def of_a_fit() -> Iterator[tuple[str, np.ndarray]]:
    """Yield parameters, joint draws and the ledger of one fit."""
    design = timetable()
    panel, _ = exact_pair(Truth(d=(0.03, 0.0)), design, np.random.default_rng(1))
    fit = StateSpace().fit(panel, design)
    yield "fit, best", fit.vector
    yield "fit, draws", fit.draws.vectors
    yield "fit, effects", fit.draws.effects
    book = counterfactual_effects(fit, np.random.default_rng(1), 40)
    yield "fit, lent", book.lent
    yield "fit, cost to partner", book.cost_to_partner


def main() -> None:
    """Write the draws and the kernels to the file named on the command line."""
    np.savez(sys.argv[1], kernels=np.array(blas_kernels()), **dict(of_simulators()), **dict(of_a_fit()))


if __name__ == "__main__":
    main()
