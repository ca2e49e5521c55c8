"""Correlation of drawn pairs."""

import numpy as np


def correlation(x, y):
    return np.array([np.corrcoef(a, b)[0, 1] for a, b in zip(x, y, strict=True)])
