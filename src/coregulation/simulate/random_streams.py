"""Where chance comes from: one stream for each seed and purpose, the same on any machine and for any number of workers."""

from __future__ import annotations

import numpy as np

from coregulation.errors import UsageError


def random_generator(seed: int, *purpose: int) -> np.random.Generator:
    """Make the random generator of a seed for one purpose.

    Parameters
    ----------
    seed
        A whole number from 0 up.
    *purpose
        A path of whole numbers, such as the index of a pair.

    Returns
    -------
    numpy.random.Generator
        Philox; independent of those of other purposes.

    Raises
    ------
    UsageError
        If the seed is negative.
    """
    if seed < 0:
        raise UsageError("A seed is a whole number from 0 up; {seed} came.", seed=seed)
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=purpose)))
