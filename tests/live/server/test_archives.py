"""Zip files that people drop on the page: any damage is told as damage, and nothing leads out of the folder."""

from __future__ import annotations

import contextlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coregulation.errors import DataError
from coregulation.live.server.archives import pack_archive, unpack_archive


@pytest.fixture(scope="module")
def parcel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept")
    (folder / "session.toml").write_text('schema = "coregulation.session/1"\n' * 200)
    (folder / "ada.csv").write_text("\n".join(f"{k * k % 977}" for k in range(2000)))
    return pack_archive(folder)


def test_what_was_packed_is_unpacked(parcel, tmp_path):
    assert unpack_archive(parcel, tmp_path) == tmp_path
    assert len((tmp_path / "ada.csv").read_text().splitlines()) == 2000


def test_packed_bytes_that_were_changed_are_told(parcel, tmp_path):
    broken = bytearray(parcel)
    broken[60:90] = b"\xff" * 30
    with pytest.raises(DataError, match="cannot be unpacked"):
        unpack_archive(bytes(broken), tmp_path)


@given(at=st.integers(0, 10_000), byte=st.integers(0, 255), keep=st.integers(0, 10_000))
def test_no_damage_is_anything_but_our_own_error(parcel, tmp_path_factory, at, byte, keep):
    broken = bytearray(parcel)
    broken[at % len(broken)] = byte
    with contextlib.suppress(DataError):
        unpack_archive(bytes(broken[: max(keep, 4)]), tmp_path_factory.mktemp("out"))


def test_a_member_that_lost_its_name_is_refused(parcel, tmp_path):
    with pytest.raises(DataError, match="leads out of its folder"):
        unpack_archive(parcel.replace(b"ada.csv", b"\0da.csv"), tmp_path)


@pytest.mark.parametrize("name", ["../out.csv", "/etc/out.csv", "a/../../out.csv"])
def test_a_name_that_leads_out_is_refused(name, tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(name, "1")
    with pytest.raises(DataError):
        unpack_archive(out.getvalue(), tmp_path / "in")
    assert not (tmp_path / "out.csv").exists()
