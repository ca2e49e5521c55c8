"""What the linkage branch says: statements for the people, evidence for a methods section, as codes in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coregulation.analysis.linkage_gates import LinkageTest, SessionContext, strongest
from coregulation.analysis.verdict_reasons import LinkageEvidence, LinkageStatement
from coregulation.reasons import Fact, Reason, because
from coregulation.regulation.gate import Gate, GateState


def linkage_statements(
    people: tuple[str, ...], gates: Sequence[Gate], context: SessionContext, tests: Sequence[LinkageTest]
) -> tuple[Reason, ...]:
    """Say what the people are told.

    Parameters
    ----------
    people
        Whom it is about.
    gates
        G0 to G3.
    context
        What was said about the session.
    tests
        Of each signal beyond own dynamics, of which the strongest is what G1 rests on.

    Returns
    -------
    tuple of Reason
        Each a sentence, in order.
    """
    group = len(people) > 2
    quality, own, script, _ = gates
    if quality.state is not GateState.PASSED:
        return (_of(people, LinkageStatement.NOT_ENOUGH_CLEAN, LinkageStatement.NOT_ENOUGH_CLEAN_GROUP),)
    if context.guides:
        return (because(LinkageStatement.GUIDED, people=people, guides=context.guides),)
    if own.state is GateState.CANNOT_TELL:
        return (_of(people, LinkageStatement.TOO_LITTLE, LinkageStatement.NOT_ENOUGH_CLEAN_GROUP),)
    if own.state is GateState.FAILED:
        return (_not_linked(people, tests),)
    if script.state is GateState.FAILED and context.apart:
        return (because(LinkageStatement.APART, people=people),)
    code = LinkageStatement.LINKED_GROUP if group else LinkageStatement.LINKED
    best = strongest(tests)
    signal = "" if best is None else best.signal
    return (because(code, people=people, signal=signal), _beyond(script, context, group))


def statements_of_pairs(group: Gate, pairs: Sequence[tuple[tuple[str, ...], Gate]]) -> tuple[Reason, ...]:
    """Say how many single pairs stand out, where that answers otherwise than the whole group does.

    The two are different questions with a correction of their own each, so both answers can be right.

    Parameters
    ----------
    group
        Gate G1 of everybody.
    pairs
        People and gate G1 of each pair, the strongest first.

    Returns
    -------
    tuple of Reason
        One statement, or none where both say the same.
    """
    beyond = [people for people, gate in pairs if gate.state is GateState.PASSED]
    if group.state is GateState.FAILED and beyond:
        return (because(LinkageStatement.PAIRS_BEYOND, count=len(beyond), pairs=len(pairs), people=beyond[0]),)
    if group.state is GateState.PASSED and pairs and not beyond:
        return (because(LinkageStatement.PAIRS_NONE, pairs=len(pairs)),)
    return ()


def _not_linked(people: tuple[str, ...], tests: Sequence[LinkageTest]) -> Reason:
    """Say that linkage could not be shown, in which signals, and how often coincidence does as well."""
    code = LinkageStatement.NOT_LINKED_GROUP if len(people) > 2 else LinkageStatement.NOT_LINKED
    best = strongest(tests)
    signals = tuple(dict.fromkeys(test.signal for test in tests if test.adjusted is not None))
    return because(code, people=people, signals=signals, p=None if best is None else best.adjusted)


def _beyond(script: Gate, context: SessionContext, group: bool) -> Reason:
    """Say what linkage may come from, or what it does not show."""
    if script.state is GateState.FAILED:
        return because(LinkageStatement.SHARED_EXPLAINS)
    if script.state is GateState.CANNOT_TELL:
        return because(LinkageStatement.SHARED_MAY_EXPLAIN)
    if group:
        return because(LinkageStatement.STEADYING_UNKNOWN_GROUP)
    alone_block = context.alone_block
    return because(LinkageStatement.STEADYING_NOT_ASKED if alone_block else LinkageStatement.STEADYING_NEEDS_ALONE)


def _of(people: tuple[str, ...], pair: LinkageStatement, group: LinkageStatement) -> Reason:
    code = group if len(people) > 2 else pair
    return because(code, **dict.fromkeys(code.facts, people))


def linkage_evidence(
    people: tuple[str, ...], own: Sequence[LinkageTest], script: Sequence[LinkageTest], lead: Gate
) -> tuple[Reason, ...]:
    """Say what a methods section is told.

    Parameters
    ----------
    people
        Whom it is about.
    own, script
        Each signal's tests.
    lead
        Gate G3: a leader is named only where it passed.

    Returns
    -------
    tuple of Reason
        Each a sentence, in order.
    """
    if len(people) > 2:
        return tuple(_group_evidence(len(people), own, script))
    return tuple(_pair_evidence(people, strongest(own), script, lead))


def _pair_evidence(
    people: tuple[str, ...], best: LinkageTest | None, script: Sequence[LinkageTest], lead: Gate
) -> Iterator[Reason]:
    if best is None or best.estimate is None:
        yield because(LinkageEvidence.NO_COMMON_TIME, people=people)
        return
    value = (best.estimate.value, *best.estimate.interval)
    facts: dict[str, Fact] = {
        "people": people, "signal": best.signal, "measure": best.measure, "value": value, "lag": best.estimate.lag
    }  # fmt: skip
    if best.estimate.leader is not None and lead.state is GateState.PASSED:
        yield because(LinkageEvidence.STRENGTH_LEADER, **facts, leader=best.estimate.leader)
    else:
        yield because(LinkageEvidence.STRENGTH, **facts)
    if best.p is None:
        yield because(LinkageEvidence.OWN_REFUSED, why=best.refused)
    else:
        yield because(LinkageEvidence.OWN, p=best.p, adjusted=best.adjusted)
    against = next((test for test in script if test.adjusted is not None and test.signal == best.signal), None)
    if against is not None:
        yield because(LinkageEvidence.SCRIPT, p=against.p, nulls=against.nulls)


def _group_evidence(count: int, own: Sequence[LinkageTest], script: Sequence[LinkageTest]) -> Iterator[Reason]:
    yield because(LinkageEvidence.GROUP, count=count)
    codes = (
        (own, LinkageEvidence.GROUP_OWN, LinkageEvidence.GROUP_OWN_REFUSED),
        (script, LinkageEvidence.GROUP_SCRIPT, LinkageEvidence.GROUP_SCRIPT_REFUSED),
    )
    for tests, answered, refused in codes:
        for test in tests:
            if test.adjusted is None:
                yield because(refused, signal=test.signal, why=test.refused)
            else:
                yield because(
                    answered,
                    signal=test.signal,
                    statistic=test.statistic,
                    p=test.p,
                    adjusted=test.adjusted,
                    nulls=test.nulls,
                )
