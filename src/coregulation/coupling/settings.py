"""Thresholds of linkage analysis, each once: error rates, minimum numbers of surrogates, minimum lengths."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LinkageSettings:
    """Fixed thresholds; what decides anything reads them from `LINKAGE`.

    Parameters
    ----------
    alpha
        Largest (adjusted) p-value that counts as an answer of yes.
    live_alpha
        The same for one look of a live session, where the question is asked every half minute. Two looks in a row must pass:
        in 10 minutes that happened in 5 of 100 independent pairs (300 simulated).
    min_nulls
        Fewest surrogates with which a p-value is given; with 99 the smallest possible p-value is .01.
    min_windows
        Fewest windows' lengths of common valid time with which a pair is compared.
    min_pseudo_dyads
        Fewest pseudo-dyads with which a p-value is given; with 19 the smallest possible p-value is .05.
    min_span_windows
        Fewest windows' lengths of a span between two edges of blocks inside which surrogates may move a series.
    min_span_share
        Smallest share of the session that such spans must cover; below it, surrogates move over the edges of blocks.
    min_blocks_of_windows
        Fewest bootstrap blocks inside one block of the session with which its linkage gets an interval.
    min_group_pairs
        Fewest comparable pairs with which a group gets a p-value.
    min_movable
        Fewest people who must be able to change places with somebody in another session.
    min_comparable_share
        Smallest share of pairings across sessions that must be comparable for a permutation of people.
    min_live_coverage
        Smallest share of the common time that must be valid in both for a live answer.
    max_sensitivity_pairs
        Most pairs of a channel that are tested against secondary nulls too.
    max_surfaces
        Most pairs of a channel whose surface is kept in memory for the linkage of single blocks.
    map_level
        Share of the surrogates below the threshold that a map shows.
    max_lag_width
        Widest 95 % interval of the lag around zero that says that neither person leads, in s.
    """

    alpha: float = 0.05
    live_alpha: float = 0.01
    min_nulls: int = 99
    min_windows: float = 5
    min_pseudo_dyads: int = 19
    min_span_windows: float = 4
    min_span_share: float = 0.5
    min_blocks_of_windows: float = 2
    min_group_pairs: int = 3
    min_movable: int = 3
    min_comparable_share: float = 0.5
    min_live_coverage: float = 0.5
    max_sensitivity_pairs: int = 6
    max_surfaces: int = 40
    map_level: float = 0.95
    max_lag_width: float = 2.0


LINKAGE = LinkageSettings()
