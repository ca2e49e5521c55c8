"""What followed a guide, such as a breath pacer, is not compared where enough was recorded without one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from coregulation.events import Block, Exclusion
from coregulation.session import Session
from coregulation.signals import Window

MIN_UNGUIDED = 300.0  # s without a guide and not alone; as much as the reports advise to record for a comparison


def without_guided(session: Session) -> tuple[Session, tuple[str, ...]]:
    """Leave guided blocks out of a session's comparison, or name the guides that everybody followed in it.

    People who follow one guide match without each other, so a guided block must not count as linkage. Where at least five minutes
    without a guide remain in which people were not alone, these are compared, and the guided blocks are left out. Else all is
    compared, and the verdict names the guides.

    Parameters
    ----------
    session
        With its blocks.

    Returns
    -------
    session : Session
        With an exclusion for each block that was left out.
    guides : tuple of str
        The guides of what is compared; empty where there are none or their blocks were left out.
    """
    guided = [block for block in session.blocks if block.guide and "alone" not in block.kind]
    guides = tuple(sorted({block.guide for block in guided if block.guide}))
    alone = [block for block in session.blocks if "alone" in block.kind]
    if not guided or _uncovered(_recorded(session), [*guided, *alone]) < MIN_UNGUIDED:
        return session, guides
    left_out = tuple(Exclusion(block.start, block.end, str(block.guide)) for block in guided)
    return replace(session, exclusions=(*session.exclusions, *left_out)), ()


def _recorded(session: Session) -> list[Window]:
    windows = [signal.window for r in session.recordings for signal in r.signals.values() if len(signal.values)]
    windows += [r.beats.window for r in session.recordings if r.beats is not None and len(r.beats)]
    return windows


def _uncovered(recorded: list[Window], blocks: Iterable[Block]) -> float:
    """Return how much of the recording lies in none of the blocks, in s."""
    if not recorded:
        return 0.0
    until, end = min(window.start for window in recorded), max(window.end for window in recorded)
    uncovered = 0.0
    for block in sorted(blocks, key=lambda block: block.start):
        uncovered += max(0.0, min(block.start, end) - until)
        until = max(until, block.end)
    return uncovered + max(0.0, end - until)
