"""The server: it moves bytes between sockets, rooms and the store. Here, and in `live.sources`, things are waited for."""

from coregulation.live.server.application import application
from coregulation.live.server.options import ServerOptions

__all__ = ["ServerOptions", "application"]
