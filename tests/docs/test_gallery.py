"""The gallery shows every scenario, and is small; drawn again, it is what is kept."""

import importlib.util
import xml.etree.ElementTree as ET

import pytest

from coregulation.simulate.scenarios import scenario_names
from tests.paths import ROOT

DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def gallery():
    spec = importlib.util.spec_from_file_location("docs_gallery", DOCS / "gallery.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_scenario_has_its_picture_and_no_picture_is_left_over():
    page = (DOCS / "gallery.md").read_text(encoding="utf-8")
    pictures = {path.stem: path for path in (DOCS / "gallery").glob("*.svg")}
    assert set(pictures) == set(scenario_names())
    assert all(f"(gallery/{name}.svg)" in page and f"(`{name}`)" in page for name in scenario_names())
    assert sum(path.stat().st_size for path in pictures.values()) < 2_000_000
    assert all(ET.parse(path).getroot().tag.endswith("svg") for path in pictures.values())
    assert "encodes, and does not prove" in page


def test_every_scenario_stands_under_one_heading(gallery):
    names = [name for group in gallery.grouped().values() for name in group]
    assert sorted(names) == sorted(scenario_names())
    assert {name for name in scenario_names() if name.startswith("protocol")} <= set(gallery.grouped()["Protocols"])


@pytest.mark.nightly
def test_drawn_again_it_is_what_is_kept(gallery, tmp_path, monkeypatch):
    monkeypatch.setattr(gallery, "HERE", tmp_path)
    gallery.main()
    assert (tmp_path / "gallery.md").read_bytes() == (DOCS / "gallery.md").read_bytes()
    for path in (DOCS / "gallery").glob("*.svg"):
        assert (tmp_path / "gallery" / path.name).read_bytes() == path.read_bytes()
