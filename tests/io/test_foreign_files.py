"""What people's devices, apps and spreadsheets write is read right, or refused with words that lead to the right reading.

No way through a file's refusals may be shorter than right: what is read at once must be right, and of what is asked, some answer is.
"""

from __future__ import annotations

import contextlib

import pytest

from coregulation.cli import parser
from coregulation.cli.sources import options_from
from coregulation.errors import CoregulationError
from coregulation.io import inspect_file, open_sessions
from tests.io.foreign_exports import EXPORTS
from tests.io.foreign_files import FILES as FIRST
from tests.io.foreign_oddities import ODDITIES
from tests.io.test_advice import MOST, ways, with_words

FILES = FIRST | ODDITIES | EXPORTS


def opened(command):
    args = parser().parse_args(["inspect", *command])
    return open_sessions(*args.files, options=options_from(args))[0]


def written(folder, files):
    paths = []
    for name, content in files.items():
        path = folder / name
        if callable(content):
            content(path)
        else:
            path.write_bytes(content)
        paths.append(str(path))
    return paths


def leads_on(command, check, depth=0):
    """Return whether the file is read right, at once or by some way that its refusals offer."""
    try:
        session = opened(command)
    except CoregulationError as error:
        further = [with_words(command, words) for words in ways(str(error))]
        return depth < MOST and any(leads_on(more, check, depth + 1) for more in further if more != command)
    try:
        check(session)
    except (AssertionError, KeyError, AttributeError):
        if depth:
            return False  # what was said is not what is in the file; another answer may be
        raise
    return True


@pytest.mark.parametrize("name", [name for name, foreign in FILES.items() if foreign.check])
def test_a_file_is_read_right_or_its_refusals_lead_there(tmp_path, name):
    foreign = FILES[name]
    assert leads_on([*written(tmp_path, foreign.files), *foreign.words], foreign.check)


@pytest.mark.parametrize("name", [name for name, foreign in FILES.items() if foreign.check is None])
def test_a_file_that_leaves_a_doubt_is_refused(tmp_path, name):
    foreign = FILES[name]
    with pytest.raises(CoregulationError):
        opened([*written(tmp_path, foreign.files), *foreign.words])


@pytest.mark.parametrize("name", FILES)
def test_inspect_lists_it_or_refuses_it(tmp_path, name):
    for path in written(tmp_path, FILES[name].files):
        with contextlib.suppress(CoregulationError):
            assert inspect_file(path)
