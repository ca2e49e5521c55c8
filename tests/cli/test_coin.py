"""`coregulation coin`: visits with a coin, from their folders to a sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import coregulation as co
from coregulation.cli import main
from coregulation.coin_flips import CoinFlip, CoinLog, CoinSeed
from coregulation.io.coin_log import write_coin_log
from coregulation.session import Block

SEED = CoinSeed(bytes(range(32)))


def visit(folder: Path, *, faster: float = 0.0, seed: int = 0) -> None:
    """Write a session in which Ada's heart rate rises by 30 /min every 100 s, and passes faster where the coin asked Ben."""
    rng = np.random.default_rng(seed)
    times = np.arange(0, 3300.0)
    heart = 70 + 1.5 * rng.standard_normal(len(times))
    flips = []
    for number, start in enumerate(range(400, 3200, 100)):
        cue = SEED.flip(number)
        after = times[start : start + 95] - start
        heart[start : start + 95] += 30 * np.exp(-after / (25 - faster * cue))
        flips.append(CoinFlip(number, float(start), cue, True, cue))
    ben = 75 + 1.5 * rng.standard_normal(len(times))
    recordings = [
        co.Recording(co.Person(name), {"heart_rate": co.Signal(values, 1.0, 0.0, co.Unit.PER_MINUTE)})
        for name, values in (("ada", heart), ("ben", ben))
    ]
    session = co.Session("visit", tuple(recordings), blocks=(Block("alone-rest", 0.0, 300.0),), shared=())
    co.write_session(session, folder)
    write_coin_log(CoinLog("ben", "ada", SEED.commitment, tuple(flips)), SEED, folder / "coin.toml")


def test_what_the_coin_decided_is_told_as_because(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    visit(tmp_path / "monday", faster=15.0)
    assert main(["coin", str(tmp_path / "monday")]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "ada's level fell faster" in printed
    assert "because of what ben did" in printed
    assert "fix the number of flips beforehand" in printed


def test_without_an_effect_it_cannot_tell(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    visit(tmp_path / "monday")
    assert main(["coin", str(tmp_path / "monday"), "--json"]) == 0
    assert '"giver": "ben"' in capsys.readouterr().out
    assert main(["coin", str(tmp_path / "monday")]) == 0
    assert "We cannot tell" in capsys.readouterr().out


def test_a_changed_log_and_a_folder_without_one_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    visit(tmp_path / "monday")
    log = tmp_path / "monday" / "coin.toml"
    log.write_text(log.read_text().replace("time = 500.0", "time = 400.0"))
    assert main(["coin", str(tmp_path / "monday")]) == 3
    assert "do not ascend" in capsys.readouterr().err
    log.write_text(log.read_text().replace("cue = true", "cue = false", 1))
    assert main(["coin", str(tmp_path / "monday")]) == 3
    assert "not what the committed seed says" in capsys.readouterr().err
    log.unlink()
    assert main(["coin", str(tmp_path / "monday")]) == 2
    assert "no coin.toml" in capsys.readouterr().err
