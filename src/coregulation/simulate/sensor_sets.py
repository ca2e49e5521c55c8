"""What people wear in a simulation, by name: from arousal itself, which nobody can record, to everything."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from coregulation.errors import UsageError, nearest_names
from coregulation.simulate.observe import Wearing
from coregulation.simulate.sensors import Belt, Electrocardiograph, SkinElectrodes

KITS: Mapping[str, Wearing] = MappingProxyType(
    {
        "arousal": Wearing(strap=None, sensors=(), latent=True),
        "strap": Wearing(sensors=()),
        "strap-and-belt": Wearing(sensors=(Belt(),)),
        "full": Wearing(sensors=(Belt(), SkinElectrodes())),
        "electrodes": Wearing(strap=None, sensors=(Belt(), SkinElectrodes(), Electrocardiograph())),
    }
)


def sensor_set(name: str) -> Wearing:
    """Look up what is worn under a name.

    Parameters
    ----------
    name
        A key of `KITS`.

    Returns
    -------
    Wearing
        The sensors.

    Raises
    ------
    UsageError
        If there is none, with the near ones.
    """
    if name not in KITS:
        near = nearest_names(name, KITS)
        raise UsageError("There is no set of sensors {name!r}. Did you mean {near:or}?", name=name, near=near)
    return KITS[name]
