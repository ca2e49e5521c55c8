"""A small plan, and the same with changes."""

from coregulation.study.design import power_plan

SMALL = """
schema = "coregulation.power/1"
title = "small"
pairs = 1
draws = 20
surrogates = 99

[[part]]
blocks = [{ kind = "alone-rest", seconds = 30, together = false }]

[[part]]
times = 2
blocks = [
  { kind = "perturb-together", seconds = 10, dose = { ada = 1.0 } },
  { kind = "recover-together", seconds = 150 },
]

[[strength]]
name = "nothing"

[[strength]]
name = "moments"
moments = 0.06
"""


def changed(*pairs, text=SMALL):
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def small(*pairs):
    return power_plan(changed(*pairs))
