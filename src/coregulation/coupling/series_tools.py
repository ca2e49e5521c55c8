"""What several secondary measures do to a series first: thin it, take slow changes out, standardise it, find whole windows."""

from __future__ import annotations

import numpy as np

from coregulation.signals import Bools, Floats, Ints

FASTEST = 2.0  # Hz: faster series are averaged down to it by measures whose work or memory grows with the samples


def thinning(rate: float, fastest: float = FASTEST) -> int:
    """Return how many samples are averaged to one.

    Parameters
    ----------
    rate
        Hz.
    fastest
        Hz that the result has at most, but for rounding.

    Returns
    -------
    int
        At least 1.
    """
    return max(1, round(rate / fastest))


def thin(values: Floats, size: int) -> Floats:
    """Average neighbouring samples.

    Parameters
    ----------
    values
        Shape (..., samples); NaN where missing.
    size
        Samples that are averaged to one; the rest at the end is left out.

    Returns
    -------
    Floats
        Shape (..., samples // size); NaN where one of them is missing.
    """
    if size == 1:
        return values
    count = values.shape[-1] // size
    means: Floats = values[..., : count * size].reshape(*values.shape[:-1], count, size).mean(axis=-1)
    return means


def thin_valid(valid: Bools, size: int) -> Bools:
    """Say which averages of `thin` have no missing sample.

    Parameters
    ----------
    valid
        Shape (samples,).
    size
        Samples that are averaged to one.

    Returns
    -------
    Bools
        Shape (samples // size,).
    """
    count = len(valid) // size
    return np.asarray(valid[: count * size].reshape(count, size).all(axis=1), bool)


def without_slow(values: Floats, valid: Bools, reach: int) -> Floats:
    """Take a running mean out, so that a trend or a settling that both people have is no likeness.

    Parameters
    ----------
    values
        Shape (k, samples).
    valid
        Which samples count, shape (samples,).
    reach
        Samples either way that are averaged.

    Returns
    -------
    Floats
        Shape (k, samples); 0 where not valid.
    """
    present = valid.astype(float)
    kept = np.where(valid, values, 0.0)
    kept = kept - (kept.sum(axis=1, keepdims=True) / max(1.0, present.sum())) * present
    mean = _running_sum(kept, reach) / np.maximum(_running_sum(present[None], reach), 1.0)
    smooth: Floats = (kept - mean) * present
    return smooth


def _running_sum(values: Floats, reach: int) -> Floats:
    n = values.shape[1]
    total = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
    places = np.arange(n)
    sums: Floats = total[:, np.minimum(n, places + reach + 1)] - total[:, np.maximum(0, places - reach)]
    return sums


def standardised(values: Floats, valid: Bools) -> Floats:
    """Scale each series to mean 0 and standard deviation 1 over the valid samples.

    Parameters
    ----------
    values
        Shape (k, samples).
    valid
        Shape (samples,).

    Returns
    -------
    Floats
        Shape (k, samples); 0 where not valid, NaN throughout where a series does not vary.
    """
    count = max(1, int(valid.sum()))
    kept = np.where(valid, values, 0.0)
    mean = kept.sum(axis=1, keepdims=True) / count
    centred = np.where(valid, kept - mean, 0.0)
    spread = np.sqrt((centred**2).sum(axis=1, keepdims=True) / count)
    size = np.abs(kept).max(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled: Floats = np.where(spread > 1e-10 * size, centred / spread, np.nan)
    return scaled


def whole_windows(valid: Bools, size: int, step: int) -> Ints:
    """List the windows without a missing sample.

    Parameters
    ----------
    valid
        Shape (samples,).
    size, step
        Length of a window and distance to the next, samples.

    Returns
    -------
    Ints
        First sample of each.
    """
    starts = np.arange(0, len(valid) - size + 1, step)
    missing = np.concatenate([[0], np.cumsum(~valid)])
    complete: Ints = starts[missing[starts + size] == missing[starts]]
    return complete


def away_from_gaps(valid: Bools, reach: int) -> Bools:
    """Say which samples are valid and far from every gap and from both ends.

    Parameters
    ----------
    valid
        Shape (samples,).
    reach
        Samples either way that must be valid.

    Returns
    -------
    Bools
        Shape (samples,).
    """
    n = len(valid)
    missing = np.concatenate([[0], np.cumsum(~valid)])
    first, last = np.arange(n) - reach, np.arange(n) + reach + 1
    inside = (first >= 0) & (last <= n)
    clear: Bools = inside & (missing[np.clip(last, 0, n)] == missing[np.clip(first, 0, n)])
    return clear


def bridged(values: Floats, valid: Bools) -> Floats:
    """Draw a straight line over each gap and take the series' own line out, for a transform over all samples.

    Parameters
    ----------
    values
        Shape (k, samples).
    valid
        Shape (samples,); at least two.

    Returns
    -------
    Floats
        Shape (k, samples), without a missing value.
    """
    at = np.flatnonzero(valid)
    places = np.arange(len(valid))
    if len(at) < len(valid):
        after = np.clip(np.searchsorted(at, places), 0, len(at) - 1)
        before = np.clip(np.searchsorted(at, places, side="right") - 1, 0, len(at) - 1)
        width = np.maximum(at[after] - at[before], 1)
        share = np.clip((places - at[before]) / width, 0.0, 1.0)
        values = values[:, at[before]] * (1 - share) + values[:, at[after]] * share
    ramp = places - places.mean()
    slope = (values * ramp).sum(axis=1, keepdims=True) / max((ramp * ramp).sum(), 1.0)
    flat: Floats = values - values.mean(axis=1, keepdims=True) - slope * ramp
    return flat
