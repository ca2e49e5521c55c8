"""The package's own files are found by name, as text or as a folder."""

import tomllib

import pytest

from coregulation.data import data_folder, data_names, data_text


@pytest.mark.parametrize(("folder", "name"), [("scenarios", "pet"), ("plans", "ten-minutes"), ("practices", "seek")])
def test_every_file_of_a_folder_is_toml_and_is_listed_by_its_name(folder, name):
    names = data_names(folder)
    assert name in names
    assert list(names) == sorted(names)
    assert all(tomllib.loads(data_text(folder, f"{item}.toml")) for item in names)


def test_a_folder_that_is_not_there_has_no_names():
    assert data_names("no-such-folder") == ()


def test_a_recording_is_a_folder_on_disk():
    with data_folder("recordings", "concert") as folder:
        assert (folder / "playing-1" / "session.toml").is_file()
