"""What Apple's Health app exports: a minute of heart rates, a heartbeat series and an ECG."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path

import numpy as np

from coregulation.io.examples.values import ECG, RR

ZONE = datetime.timezone(datetime.timedelta(hours=2))
BEGIN = datetime.datetime(2026, 5, 4, 23, 59, 50, tzinfo=ZONE)
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!ELEMENT HealthData (ExportDate,Me,Record*)>
<!ATTLIST HealthData locale CDATA #REQUIRED>
]>
<HealthData locale="de_DE">
 <ExportDate value="2026-05-06 09:00:00 +0200"/>
 <Me HKCharacteristicTypeIdentifierDateOfBirth="1990-01-01"/>
"""


def beats() -> list[datetime.datetime]:
    """Return when the beats of the series are."""
    return [BEGIN + datetime.timedelta(seconds=second) for second in np.round(np.cumsum(RR) / 1000, 2)]


def xml(*, times: str = "%H:%M:%S,", more: str = "", unit: str = "count/min") -> str:
    """Return heart rates every 5 s and a series that goes over midnight."""
    rows = [
        f' <Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Ada\'s Watch" unit="{unit}" '
        f'startDate="{at:%Y-%m-%d %H:%M:%S %z}" endDate="{at:%Y-%m-%d %H:%M:%S %z}" value="{60 + n % 9}"/>'
        for n in range(60)
        for at in [BEGIN + datetime.timedelta(seconds=5 * n)]
    ]
    end = beats()[-1] + datetime.timedelta(seconds=1)
    rows.append(
        f' <Record type="HKQuantityTypeIdentifierHeartRateVariabilitySDNN" unit="ms" startDate="{BEGIN:%Y-%m-%d %H:%M:%S %z}" '
        f'endDate="{end:%Y-%m-%d %H:%M:%S %z}" value="20.1">'
    )
    rows.append("  <HeartRateVariabilityMetadataList>")
    rows += [f'   <InstantaneousBeatsPerMinute bpm="74" time="{clock(at, times)}"/>' for at in beats()]
    return (
        _HEAD + "\n".join([*rows, "  </HeartRateVariabilityMetadataList>", " </Record>", more, "</HealthData>"]) + "\n"
    )


def clock(at: datetime.datetime, times: str) -> str:
    """Return a time of day with hundredths, as a phone of some language writes it."""
    hundredths = f"{at.microsecond // 10_000:02d}"
    if "%p" in times:
        return f"{at:%I:%M:%S}.{hundredths} {at:%p}"
    return f"{at:{times}}{hundredths}"


def ecg(begin: datetime.datetime = BEGIN) -> str:
    """Return an ECG at 500 Hz."""
    head = [
        "Name,A Person", f"Recorded Date,{begin:%Y-%m-%d %H:%M:%S %z}", "Sample Rate,500 hertz", "", "Lead,Lead I", "Unit,µV", "",
    ]  # fmt: skip
    return "\n".join([*head, *(f"{value:.3f}" for value in 1000 * ECG)]) + "\n"


def export_xml(path: Path) -> Path:
    """Write the XML alone."""
    path.write_text(xml(), encoding="utf-8")
    return path


def export(path: Path, **changed: str) -> Path:
    """Write the zip with one ECG."""
    files = {"export.xml": xml(), "export_cda.xml": "<x/>", "electrocardiograms/ecg_2026-05-04.csv": ecg(), **changed}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(f"apple_health_export/{name}", content)
    return path
