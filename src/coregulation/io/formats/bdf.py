"""BDF and BDF+ (BioSemi, OpenBCI): EDF with 24 bits per sample, read with edfio."""

from __future__ import annotations

from pathlib import Path

from coregulation.io.examples import laboratory
from coregulation.io.formats.edf import read_european
from coregulation.io.formats.file_format import Example, FileFormat
from coregulation.io.tables.table import Table


def is_bdf(path: Path) -> bool:
    """Say whether a path has the name of a BDF file.

    Parameters
    ----------
    path
        Only its name is looked at.

    Returns
    -------
    bool
        True for names that end in .bdf.
    """
    return path.suffix.lower() == ".bdf"


def read_bdf(path: Path) -> Table:
    """Read a BDF file.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Table
        One column for each signal, with rate (Hz), unit and start, and the annotations as events.

    Raises
    ------
    UsageError
        If there is no such file, or edfio is not installed.
    DataError
        If it is damaged, cut off, or interrupted.
    """
    return read_european(path, "BDF")


FORMAT = FileFormat(
    name="BDF, BDF+ (BioSemi, OpenBCI)",
    files="`.bdf`",
    recognise=is_bdf,
    read=read_bdf,
    says="rate, unit, start; `ECG …` and `Resp …` labels and annotations of BDF+",
    ask="the other channels",
    left_out="recordings with interruptions (BDF+D) are refused; the status channel is an ordinary one",
    reference="BioSemi, BDF file format; as EDF+ with 24 bits",
    examples=(Example("x.bdf", laboratory.bdf, source="edfio's writer"),),
    library="edfio",
)
