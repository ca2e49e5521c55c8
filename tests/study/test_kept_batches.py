"""What was run is kept, and run again only where code or settings changed."""

from __future__ import annotations

from coregulation.simulate.laws.independent import Independent
from coregulation.study import calibration
from coregulation.study.calibration import Calibrate, CalibrationCase
from coregulation.study.kept_batches import KeptBatches

SMALL = Calibrate(pairs=22, seed=3, secondary=(), laws=(CalibrationCase("nothing", Independent(), (), 150.0),))


def test_a_run_goes_on_from_what_is_kept(tmp_path, monkeypatch):
    runs = []

    def batch(self, law, number):
        runs.append(number)
        return [("G1", "size", 0.0005 if number else 0.009), ("G2", "size", None)]

    monkeypatch.setattr(Calibrate, "batch", batch)
    kept = KeptBatches(tmp_path / "kept.jsonl")
    first = SMALL(kept=kept)
    assert runs == [0, 1]
    assert SMALL(kept=KeptBatches(kept.path)) == first
    assert runs == [0, 1]
    cells = {cell.answer: cell for cell in first.cells}
    assert (cells["G1"].rejected, cells["G1"].rejected_below) == (2, (2, 1))
    assert (cells["G2"].answered, cells["G2"].refused) == (0, 2)


def test_a_line_that_was_cut_off_is_run_again(tmp_path, monkeypatch):
    monkeypatch.setattr(Calibrate, "batch", lambda self, law, number: [("G1", "size", 0.5)])
    path = tmp_path / "kept.jsonl"
    first = SMALL(kept=KeptBatches(path))
    path.write_text(path.read_text(encoding="utf-8")[:-5], encoding="utf-8")
    kept = KeptBatches(path)
    keys = [kept.key(calibration.replace(SMALL, laws=()), SMALL.laws[0], number) for number in (0, 1)]
    assert [key in kept for key in keys] == [True, False]
    assert SMALL(kept=kept) == first


def test_another_setting_or_other_code_is_another_key(tmp_path, monkeypatch):
    kept, other = KeptBatches(tmp_path / "a"), KeptBatches(tmp_path / "b")
    assert kept.key(SMALL, 1) == other.key(SMALL, 1) != kept.key(SMALL, 2)
    monkeypatch.setattr(other, "code", "changed")
    assert kept.key(SMALL, 1) != other.key(SMALL, 1)
