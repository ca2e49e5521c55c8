"""The server: it moves bytes between sockets, rooms and the store. Here, and in `live.sources`, things are waited for."""

from coregulation.live.app.options import Options
from coregulation.live.app.server import application

__all__ = ["Options", "application"]
