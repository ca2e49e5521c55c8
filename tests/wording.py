"""The wording rules for people concerned (docs/care.md), as two questions to a sentence: does it judge, does it command?"""

from __future__ import annotations

import re

# A score, a rank, a promise, a diagnosis, a verdict on two people, a nerve that is said to have been treated.
JUDGING = re.compile(
    r"\b(scor(?:e|es|ed|ing)|points?|streaks?|badges?|level(?:s|led)? up|in sync|synced|syncing|good job|well done|perfect(?:ly)?"
    r"|fail(?:s|ed|ure|ing)?|toxic|compatib\w+|heal(?:s|ed|ing)?|vagal|vagus|polyvagal|neuroception|diagnos\w+|disorder"
    r"|patients|cured?|treats?|abnormal|unhealthy|danger zone|too (?:high|low)|bad|worse|best|winn?(?:er|ing)?|achiev\w+|goals?"
    r"|goodness|improv(?:e|ed|es|ing)|better than (?:you|your|the other)|subject \d)\b|\d\s?%|/\s?100\b",
    re.IGNORECASE,
)

# Somebody told what to do. "You might …", "Perhaps …", "If you like, …" are how things are offered.
ORDERING = re.compile(
    r"\b(you (?:must|should|need to|have to|ought to|will feel)|make sure|be sure to|do not|don't|never|always remember|try to|try harder)\b",
    re.IGNORECASE,
)
_VERBS = (
    "breathe|inhale|exhale|close|open your|hold|relax|calm|focus|concentrate|look|listen|feel|let go|let your|sit|stand|lie|notice"
    "|take|touch|stop|stay|keep|bring|put|place|think|imagine|remember|smile|follow|count|name|ask|wait|speak|say"
)
STARTING_AS_AN_ORDER = re.compile(rf"(?:^|[.!?]\s+|\n)(?:{_VERBS})\b(?!:)", re.IGNORECASE)


def judging(text: str) -> list[str]:
    """Return the words of a text that judge, promise or diagnose."""
    return [matches.group(0) for matches in JUDGING.finditer(text)]


def ordering(text: str) -> list[str]:
    """Return the places of a text that tell somebody what to do instead of offering it."""
    quoted = re.sub(r"“[^”]*”", "“”", text)
    return [matches.group(0) for rule in (ORDERING, STARTING_AS_AN_ORDER) for matches in rule.finditer(quoted)]
