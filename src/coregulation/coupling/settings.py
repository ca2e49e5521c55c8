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
    live_looks
        When a live session is tested: time in a block (s) and the largest p-value that counts at that look. The alphas add up to
        .05 for a whole session.
    min_nulls
        Fewest surrogates with which a p-value is given; with 99 the smallest possible p-value is .01.
    many_shifts
        Circular shifts that do not overlap, from which on they are the primary null: as many as p = .001 needs.
    max_bridged
        Largest share of missing samples that are bridged for a spectrum; above it, surrogates come from a model and keep the gaps.
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
    max_pair_draws
        Surrogates of all pairs of a channel together; a group of many pairs has fewer of each.
    min_pair_draws
        Fewest surrogates of each pair of a group, however many pairs there are; with 199 the smallest p-value is .005.
    max_secondary_draws
        Most surrogates of a pair for secondary measures; with 999 the smallest p-value is .001.
    max_sensitivity_pairs
        Most pairs of a channel that are tested against secondary nulls too.
    max_surfaces
        Most pairs of a channel whose surface is kept in memory for the linkage of single blocks.
    map_level
        Share of the surrogates below the threshold that a map shows.
    equivalence_margin
        Largest difference of Fisher's z from the pseudo-dyads' mean that counts as no difference.
    equivalence_level
        Of the interval that must lie inside the margin: two one-sided tests at .05.
    max_lag_width
        Widest 95 % interval of the lag around zero that says that neither person leads, in s.
    """

    alpha: float = 0.05
    live_looks: tuple[tuple[float, float], ...] = ((300.0, 0.01), (600.0, 0.01), (1200.0, 0.015), (2400.0, 0.015))
    min_nulls: int = 99
    many_shifts: int = 999
    max_bridged: float = 0.05
    min_windows: float = 3
    min_pseudo_dyads: int = 19
    min_span_windows: float = 4
    min_span_share: float = 0.5
    min_blocks_of_windows: float = 2
    min_group_pairs: int = 3
    min_movable: int = 3
    min_comparable_share: float = 0.5
    min_live_coverage: float = 0.5
    max_pair_draws: int = 100_000
    min_pair_draws: int = 199
    max_secondary_draws: int = 999
    max_sensitivity_pairs: int = 6
    max_surfaces: int = 40
    map_level: float = 0.95
    equivalence_margin: float = 0.15
    equivalence_level: float = 0.90
    max_lag_width: float = 2.0


LINKAGE = LinkageSettings()
