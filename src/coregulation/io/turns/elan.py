"""ELAN annotation files (.eaf): the aligned annotations of each tier are turns of its participant."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np

from coregulation.errors import DataError
from coregulation.io.text import decode_text, read_bytes
from coregulation.io.turns.turn_format import SpokenSpan, TurnFormat, has_suffix, spoken_span

_DECLARATION = re.compile(r"<\?xml.*?\?>", re.DOTALL)  # its encoding no longer holds once the text is decoded


def read_elan(path: Path) -> list[SpokenSpan]:
    """Read turns from an ELAN file.

    A tier that depends on another (`PARENT_REF`), such as a translation, says the same again and is left out. A time
    that ELAN left open lies evenly between its neighbours, as ELAN shows it.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    list of SpokenSpan
        Of each tier in turn. The speaker is the tier's participant, or its name where none is stated.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it is no ELAN file, or an annotation refers to a time that is not in it.
    """
    root = _root(path)
    times = _times(path, root)
    spans = []
    for tier in root.iter("TIER"):
        if tier.get("PARENT_REF"):
            continue
        speaker = (tier.get("PARTICIPANT") or "").strip() or tier.get("TIER_ID", "")
        for item in tier.iter("ALIGNABLE_ANNOTATION"):
            if (item.findtext("ANNOTATION_VALUE") or "").strip() or item.find("ANNOTATION_VALUE") is not None:
                start, end = (_time(path, times, item.get(name)) for name in ("TIME_SLOT_REF1", "TIME_SLOT_REF2"))
                spans.append(spoken_span(path, speaker, start, end))
    return spans


def _root(path: Path) -> ET.Element:
    text = decode_text(read_bytes(path), path)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise DataError("{path}: an ELAN file declares no document type; this one is not read.", path=str(path))
    try:
        root = ET.fromstring(_DECLARATION.sub("", text.lstrip("\ufeff"), count=1).strip())
    except ET.ParseError as error:
        raise DataError("{path}: not valid XML ({problem}).", path=str(path), problem=error) from error
    if root.tag != "ANNOTATION_DOCUMENT":
        raise DataError(
            "{path}: an ELAN file begins with ANNOTATION_DOCUMENT; {tag} came.", path=str(path), tag=root.tag
        )
    return root


def _times(path: Path, root: ET.Element) -> dict[str, float]:
    """Return the time slots in s by their id; those without a value lie evenly between their neighbours."""
    slots = list(root.iter("TIME_SLOT"))
    try:
        values = np.array([float(slot.get("TIME_VALUE", "nan")) / 1000 for slot in slots])
    except ValueError as error:
        raise DataError("{path}: a time slot is no number ({problem}).", path=str(path), problem=error) from error
    known = np.isfinite(values)
    if known.any():
        order = np.arange(len(values))
        values = np.interp(order, order[known], values[known])
    return {slot.get("TIME_SLOT_ID", ""): float(value) for slot, value in zip(slots, values, strict=True)}


def _time(path: Path, times: dict[str, float], slot: str | None) -> float:
    if slot not in times or not np.isfinite(times[slot]):
        raise DataError(
            "{path}: an annotation refers to the time slot {slot!r}, which has no time.", path=str(path), slot=slot
        )
    return times[slot]


FORMAT = TurnFormat(
    name="ELAN",
    files="`.eaf`",
    recognise=has_suffix(".eaf"),
    read=read_elan,
    speaker="participant of a tier, else its name",
    left_out="tiers that depend on another",
    reference="ELAN Annotation Format 3.0, Max Planck Institute for Psycholinguistics",
    example=(
        "talk.eaf",
        (
            '<?xml version="1.0" encoding="UTF-8"?>\n<ANNOTATION_DOCUMENT><TIME_ORDER>'
            '<TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="1000"/><TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="4500"/>'
            '<TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="4000"/><TIME_SLOT TIME_SLOT_ID="ts4" TIME_VALUE="7000"/></TIME_ORDER>'
            '<TIER TIER_ID="T1" PARTICIPANT="ada"><ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">'
            "<ANNOTATION_VALUE>hm</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>"
            '<TIER TIER_ID="ben"><ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="ts3" TIME_SLOT_REF2="ts4">'
            "<ANNOTATION_VALUE>yes</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>\n"
        ),
    ),
)
