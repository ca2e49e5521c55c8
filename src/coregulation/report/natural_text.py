"""Natural mode in a terminal: the answer of a pair, or how many pairs were answered in which way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from coregulation.analysis.natural import ORDER, NaturalFinding
from coregulation.coupling.settings import LINKAGE
from coregulation.regulation.natural.answer import NaturalDirection, NaturalState
from coregulation.regulation.natural.event_locked import EventResponse
from coregulation.regulation.natural.statements import natural_evidence, natural_gate, natural_statements
from coregulation.report.catalogue import Catalogue, Voice
from coregulation.report.rendering import say_all
from coregulation.report.text_table import Row, aligned, wrap


def natural_lines(finding: NaturalFinding, width: int, catalogue: Catalogue | None = None, pairs: int = 1) -> list[str]:
    """Write the answer of a pair, or of a study, for a terminal.

    Parameters
    ----------
    finding
        Over one session or several.
    width
        Of the terminal, in characters.
    catalogue
        The reader's language; English by default.
    pairs
        How many pairs it is about.

    Returns
    -------
    list of str
        What the people are told, a line per direction, and what a methods section is told. Of a stand-in the people are told nothing.
    """
    catalogue = catalogue or Catalogue()
    lines = wrap(_title(finding, pairs, catalogue), width)
    if finding.refused is not None:
        return [*lines, *wrap(catalogue.sentence(finding.refused), width, "  ", "  ")]
    if finding.people == ORDER:
        lines += wrap(catalogue.text("natural.order"), width, "  ", "  ")
    if finding.stand_in:
        lines += wrap(catalogue.text("natural.stand-in", index=finding.index), width, "  ", "  ")
    elif statements := list(natural_statements(finding.directions)):
        lines += wrap(say_all(statements, catalogue), width, "  ", "  ")
    lines += aligned(
        (rises_row(direction, catalogue, stand_in=finding.stand_in) for direction in finding.directions), width
    )
    for direction in finding.directions:
        lines += wrap(say_all(natural_evidence(direction), catalogue, Voice.METHODS), width, "  ", "  ")
    return [*lines, *wrap(" ".join(preceding_sentences(finding, catalogue)), width, "  ", "  ")]


def natural_counts(findings: Sequence[NaturalFinding], width: int, catalogue: Catalogue | None = None) -> list[str]:
    """Write how many directions of many pairs were answered in which way.

    Parameters
    ----------
    findings
        One per pair.
    width
        Of the terminal, in characters.
    catalogue
        The reader's language; English by default.

    Returns
    -------
    list of str
        A line per answer.
    """
    catalogue = catalogue or Catalogue()
    counts = Counter(direction.state for finding in findings for direction in finding.directions)
    rows = [
        (catalogue.text(f"natural-state.{state.value}"), "", catalogue.text("natural.of-directions", count=counts[state]))
        for state in NaturalState if counts[state]
    ]  # fmt: skip
    return [*wrap(catalogue.text("natural.each-pair", pairs=len(findings)), width), *aligned(rows, width)]


def preceding_sentences(finding: NaturalFinding, catalogue: Catalogue) -> list[str]:
    """Write after which events a level fell or stayed up more than coincidence explains, and what that does not say.

    Parameters
    ----------
    finding
        With events.
    catalogue
        The reader's language.

    Returns
    -------
    list of str
        Sentences; none without events.
    """
    if not finding.preceding:
        return []
    lines = [
        catalogue.text(
            "natural.after-fell" if item.change.value < 0 else "natural.after-rose", event=event_words(item, catalogue),
            count=item.count, person=item.person, change=abs(item.change.value),
        )
        for item in finding.preceding
        if item.adjusted <= LINKAGE.alpha
    ]  # fmt: skip
    none = [catalogue.text("natural.after-none", kinds=len({(item.kind, item.label) for item in finding.preceding}))]
    return [*(lines or none), catalogue.text("natural.after-what")]


def event_words(item: EventResponse, catalogue: Catalogue) -> str:
    """Write what an event is.

    Parameters
    ----------
    item
        Of one kind of event.
    catalogue
        The reader's language.

    Returns
    -------
    str
        Such as “hand on the back”, or "Ben began to speak".
    """
    return catalogue.text(f"natural.event-{item.kind.value}", label=item.label)


def _title(finding: NaturalFinding, pairs: int, catalogue: Catalogue) -> str:
    time = max((direction.time for direction in finding.directions), default=0.0)
    key = "natural.title" if pairs == 1 else "natural.title-study"
    return catalogue.text(key, people=finding.people, sessions=len(finding.sessions), time=time, pairs=pairs)


def rises_row(direction: NaturalDirection, catalogue: Catalogue, *, stand_in: bool = False) -> Row:
    """Write the question, how it was answered, and how many rises it rests on.

    Parameters
    ----------
    direction
        Of a pair.
    catalogue
        The reader's language.
    stand_in
        Whether the index is no measure of arousal; "settled" then stands in place of "calm".

    Returns
    -------
    tuple of str
        Three cells.
    """
    facts = {"giver": direction.giver, "receiver": direction.receiver}
    state = catalogue.text(f"terminal.{natural_gate(direction).state.value}")
    word = catalogue.text("natural.settled" if stand_in else "natural.calm")
    count = catalogue.text("terminal.rises-count", rises=direction.rises, settled=direction.settled, word=word, **facts)
    return catalogue.text("terminal.rises", word=word, **facts), state, count
