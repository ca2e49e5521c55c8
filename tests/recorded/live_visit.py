"""Play a visit in the live room on a clock that is turned by hand: `python -m tests.recorded.live_visit FOLDER`.

Writes `shown.json` (everything that the screen showed) and `session/` (the visit, exported from the store).
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from coregulation.live.server.session_export import write_exported_session
from tests.live.rooms import Played, plain


def play(folder: Path) -> None:
    """Play a short visit with a simulated pair.

    Parameters
    ----------
    folder
        Where the export goes; must not exist.
    """
    with tempfile.TemporaryDirectory() as store:
        visit = Played(Path(store), minutes=3.0)
        visit.whole()
        visit.flushed()
        folder.mkdir()
        write_exported_session(visit.store, "visit", visit.live.room, folder / "session")
        shown = [plain(state) for state in visit.states]
        (folder / "shown.json").write_text(json.dumps(shown), encoding="utf-8")
        visit.close()


if __name__ == "__main__":
    play(Path(sys.argv[1]))
