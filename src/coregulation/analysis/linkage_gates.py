"""Gates G0 to G3, for two or more people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coregulation.analysis.verdict_reasons import Lead, Linked, QualityGate, Script, SettleLinkage
from coregulation.coupling.inference import CouplingEstimate, Equivalence
from coregulation.coupling.settings import LINKAGE
from coregulation.reasons import Fact, Reason, because
from coregulation.regulation.gate import Gate, GateState, Question


@dataclass(frozen=True, slots=True)
class SessionContext:
    """What was said about the session that linkage depends on.

    Parameters
    ----------
    shared
        What everybody got at once; () is nothing, None that nobody said.
    apart
        They were recorded separately, so nothing can have passed between them.
    alone_block
        Each was also recorded alone.
    guides
        Pacers or other guides that everybody followed while together.
    """

    shared: tuple[str, ...] | None
    apart: bool = False
    alone_block: bool = False
    guides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkageTest:
    """One signal's test against one null.

    Parameters
    ----------
    signal
        The channel.
    statistic
        What was compared with the surrogates'.
    nulls
        How many surrogates there were.
    p
        Of this test; None where it is refused.
    adjusted
        p adjusted over all primary answers to the same question; None where it is refused.
    refused
        Why there is no p.
    estimate
        Strength and lag; None for groups, and where too little was valid.
    measure
        Title of the measure; None for groups.
    equivalence
        With pseudo-dyads; None for groups, and where it was not asked.
    """

    signal: str
    statistic: float
    nulls: int
    p: float | None
    adjusted: float | None
    refused: Fact = None
    estimate: CouplingEstimate | None = None
    measure: str | None = None
    equivalence: Equivalence | None = None


def strongest(tests: Sequence[LinkageTest]) -> LinkageTest | None:
    """Return the test with the smallest adjusted p.

    Parameters
    ----------
    tests
        Of one pair or group against one kind of null, one per signal.

    Returns
    -------
    LinkageTest or None
        A refused test only where all were refused; None without tests.
    """
    return min(tests, key=lambda test: 2.0 if test.adjusted is None else test.adjusted, default=None)


def own_dynamics_gate(own: Sequence[LinkageTest], group: bool) -> Gate:
    """Answer G1, whether people were alike beyond each person's own dynamics.

    Parameters
    ----------
    own
        Each signal's test.
    group
        Whether it is about three or more people.

    Returns
    -------
    Gate
        By the signal with the smallest adjusted p.

    References
    ----------
    Benjamini Y, Hochberg Y (1995), Journal of the Royal Statistical Society B 57:289, doi:10.1111/j.2517-6161.1995.tb02031.x
    """
    best = strongest(own)
    if best is None or best.adjusted is None:
        settle = SettleLinkage.RECORD_CLEANLY if group else SettleLinkage.RECORD_ENOUGH
        return Gate(Question.OWN_DYNAMICS, GateState.CANNOT_TELL, _own_refused(best, group), because(settle))
    facts: dict[str, Fact] = {"signal": best.signal, "nulls": best.nulls, "p": best.adjusted}
    if best.adjusted <= LINKAGE.alpha:
        return Gate(
            Question.OWN_DYNAMICS, GateState.PASSED, because(Linked.GROUP_PASSED if group else Linked.PASSED, **facts)
        )
    reason = because(Linked.GROUP_FAILED, **facts) if group else because(Linked.FAILED, p=best.adjusted)
    return Gate(Question.OWN_DYNAMICS, GateState.FAILED, reason, because(SettleLinkage.RECORD_LONGER))


def _own_refused(best: LinkageTest | None, group: bool) -> Reason:
    if group:
        return because(Linked.TOO_LITTLE_OF_ALL)
    if best is None or best.refused is None:
        return because(Linked.NO_SIGNAL)
    return because(Linked.REFUSED, why=best.refused)


def scripted_input_gate(context: SessionContext, script: Sequence[LinkageTest], group: bool) -> Gate:
    """Answer G2, whether people were alike beyond what everybody got at once.

    Parameters
    ----------
    context
        What was said about the session. Who was apart, or followed one guide, fails whatever the tests say.
    script
        Each signal's test against people who lived through the same apart from each other.
    group
        Whether it is about three or more people.

    Returns
    -------
    Gate
        By the signal with the smallest adjusted p. It fails by tests only where every signal is shown to be as much alike as in
        people who were not together; a p-value that is not small shows nothing. Where nothing was shared, as stated, other
        people's recordings can add to a pass and never take it away.

    References
    ----------
    Novembre G, Iannetti GD (2021), Trends in Cognitive Sciences 25:96, doi:10.1016/j.tics.2020.11.003
    """
    if context.apart:
        return Gate(Question.SCRIPTED_INPUT, GateState.FAILED, because(Script.APART))
    if context.guides:
        guided = because(Script.GUIDED, guides=context.guides)
        return Gate(Question.SCRIPTED_INPUT, GateState.FAILED, guided, because(SettleLinkage.WITHOUT_GUIDE))
    best = strongest(script)
    if best is not None and best.adjusted is not None and best.adjusted <= LINKAGE.alpha:
        code = Script.GROUP_PASSED if group else Script.PASSED
        return Gate(
            Question.SCRIPTED_INPUT, GateState.PASSED,
            because(code, signal=best.signal, nulls=best.nulls, p=best.adjusted),
        )  # fmt: skip
    if context.shared != () and best is not None and best.adjusted is not None:
        return _not_beyond(best, best.adjusted, script, group)
    if context.shared == ():
        return Gate(Question.SCRIPTED_INPUT, GateState.PASSED, because(Script.NOTHING_SHARED))
    return Gate(
        Question.SCRIPTED_INPUT, GateState.CANNOT_TELL, _cannot_separate(context, script),
        because(SettleLinkage.OTHERS_OR_SAY),
    )  # fmt: skip


def _cannot_separate(context: SessionContext, script: Sequence[LinkageTest]) -> Reason:
    came = because(Script.NOT_STATED) if context.shared is None else because(Script.SHARED, shared=context.shared)
    refused = next((test.refused for test in script if test.refused), None)
    return because(Script.CANNOT_SEPARATE, came=came, why=refused or because(Script.NOBODY_TO_COMPARE))


def _not_beyond(best: LinkageTest, adjusted: float, script: Sequence[LinkageTest], group: bool) -> Gate:
    answered = [test for test in script if test.adjusted is not None]
    equivalence = best.equivalence
    if equivalence is not None and all(test.equivalence and test.equivalence.is_shown for test in answered):
        difference = (equivalence.difference, *equivalence.interval)
        shown = because(
            Script.FAILED, signal=best.signal, nulls=best.nulls, difference=difference, margin=equivalence.margin
        )
        return Gate(Question.SCRIPTED_INPUT, GateState.FAILED, shown)
    code = Script.GROUP_OPEN if group else Script.OPEN
    return Gate(
        Question.SCRIPTED_INPUT, GateState.CANNOT_TELL,
        because(code, signal=best.signal, nulls=best.nulls, p=adjusted), because(SettleLinkage.MORE_OTHERS),
    )  # fmt: skip


def lead_gate(own: Gate, script: Gate, best: LinkageTest | None, group: bool) -> Gate:
    """Answer G3, whether one person comes first.

    Parameters
    ----------
    own, script
        Gates G1 and G2.
    best
        The signal that G1 rests on.
    group
        Whether it is about three or more people, who have no single lag.

    Returns
    -------
    Gate
        The answer.

    References
    ----------
    Boker SM et al. (2002), Psychological Methods 7:338, doi:10.1037/1082-989X.7.3.338
    """
    if group:
        return Gate(Question.LEAD, GateState.CANNOT_TELL, because(Lead.GROUP))
    if own.state is not GateState.PASSED or best is None or best.estimate is None:
        return Gate(Question.LEAD, GateState.CANNOT_TELL, because(Lead.NOT_LINKED))
    estimate = best.estimate
    if estimate.clock_sd is None:
        return Gate(
            Question.LEAD, GateState.CANNOT_TELL, because(Lead.CLOCKS_NOT_STATED), because(SettleLinkage.STATE_CLOCKS)
        )
    low, high = estimate.lag_interval
    if estimate.leader is not None:
        code = Lead.FIRST if script.state is GateState.PASSED else Lead.FIRST_OR_SHARED_EVENT
        return Gate(Question.LEAD, GateState.PASSED, because(code, leader=estimate.leader, lag=estimate.lag))
    if high - low <= LINKAGE.max_lag_width:
        return Gate(Question.LEAD, GateState.FAILED, because(Lead.NEITHER, low=low, high=high))
    settle = because(SettleLinkage.LONGER_OR_ONE_CLOCK)
    return Gate(Question.LEAD, GateState.CANNOT_TELL, because(Lead.LAG_OPEN, low=low, high=high), settle)


def pair_quality_gate(
    own: Sequence[LinkageTest], coverages: Sequence[float], refused: Sequence[Reason], each: Sequence[Reason]
) -> Gate:
    """Answer G0 for a pair.

    Parameters
    ----------
    own
        Each signal's test beyond own dynamics.
    coverages
        Of each of them, the share of the common time that is there in both, 0 to 1.
    refused
        The recordings of either that cannot be used, and why.
    each
        Which signals each of the two has.

    Returns
    -------
    Gate
        Passed if any signal can be compared.
    """
    usable = [c for test, c in zip(own, coverages, strict=True) if test.estimate is not None and test.p is not None]
    if usable:
        return Gate(Question.QUALITY, GateState.PASSED, because(QualityGate.GOOD, coverage=min(usable)))
    reasons = (*refused, *(test.refused for test in own if test.refused))
    reason = (
        because(QualityGate.LACKING, reasons=reasons)
        if reasons
        else because(QualityGate.NO_COMMON_SIGNAL, each=tuple(each))
    )
    return Gate(Question.QUALITY, GateState.CANNOT_TELL, reason, because(SettleLinkage.RECORD_CLEANLY))


def group_quality_gate(own: Sequence[LinkageTest], compared: int, left_out: int) -> Gate:
    """Answer G0 for three or more people.

    Parameters
    ----------
    own
        Each signal's test beyond own dynamics.
    compared
        People in the largest group that could be compared.
    left_out
        Recordings that cannot be used.

    Returns
    -------
    Gate
        Passed if any signal can be compared.
    """
    if any(test.p is not None for test in own):
        good = because(QualityGate.GOOD_GROUP, compared=compared, left_out=left_out)
        return Gate(Question.QUALITY, GateState.PASSED, good)
    reasons = tuple(
        because(QualityGate.GROUP_REFUSED, signal=test.signal, why=test.refused)
        for test in own
        if test.refused is not None
    )
    return Gate(
        Question.QUALITY, GateState.CANNOT_TELL, because(QualityGate.LACKING, reasons=reasons),
        because(SettleLinkage.RECORD_CLEANLY),
    )  # fmt: skip
