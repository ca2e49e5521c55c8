"""What a session must have, each lack as an error that says what to do."""

from dataclasses import replace

import numpy as np
import pytest

from coregulation.analysis.person_reasons import QualityReason
from coregulation.channels import CHANNELS
from coregulation.coupling.reasons import LinkageRefusal
from coregulation.errors import DataError
from coregulation.reasons import because
from coregulation.session import Person, Recording, Session
from coregulation.signals import Signal
from tests.sessions import QUICK, RATE, linked, session, wander


def with_(**settings):
    return replace(QUICK, **settings)


def test_signals_without_any_use_are_an_error_that_says_so():
    flat = session({"ada": wander(1), "ben": np.full(1200, 70.0)})
    with pytest.raises(DataError, match=r"person=ben, channel=heart_rate, why=quality.constant \(value=70.0\)"):
        QUICK(flat)
    with pytest.raises(DataError, match=QualityReason.EMPTY):
        QUICK(session({"ada": wander(1), "ben": np.full(1200, np.nan)}))
    with pytest.raises(DataError, match="same signal of both"):
        QUICK(session({"ada": {"motion": wander(1)}, "ben": {"eda": wander(2) / 20}}))
    with pytest.raises(DataError, match="at least one person; nobody came"):
        QUICK(Session("nobody", ()))
    with pytest.raises(DataError, match="Fewer than two people recorded motion"):
        with_(signals=("motion",))(session({"ada": {"motion": wander(1)}, "ben": {"eda": wander(2) / 20}}))


def test_no_common_time():
    late = Recording(Person("ben"), {"heart_rate": Signal(wander(2), RATE, 900.0, CHANNELS["heart_rate"].unit)})
    made = linked()
    with pytest.raises(DataError, match="share no time"):
        QUICK(Session("made", (made.recordings[0], late)))
    three = Session("made", (*session({"ada": wander(1), "cleo": wander(3)}).recordings, late))
    finding = QUICK(three)
    assert [c.p is None for c in finding.couplings] == [False, True, True]
    assert "share no time" in str(finding.verdict("ada", "ben").gate("G1").reason)
    assert finding.groups[0].refused == because(LinkageRefusal.FEW_PAIRS, needed=3)
