import pytest

from coregulation.cli import simulate as command
from coregulation.errors import UsageError
from coregulation.simulate.scenarios import simulate
from coregulation.simulate.sensor_sets import KITS, sensor_set

CHANNELS = {
    "arousal": {"arousal"},
    "strap": {"beats"},
    "strap-and-belt": {"beats", "resp"},
    "full": {"beats", "resp", "eda"},
    "electrodes": {"ecg", "resp", "eda"},
}


@pytest.mark.parametrize("name", KITS)
def test_what_is_worn_is_what_is_there(name):
    session, _ = simulate("silent-sitting", 1, sensor_set(name))
    assert set(session.of("ada").channels) == CHANNELS[name]


def test_the_command_line_offers_them_all_and_an_unknown_one_is_refused():
    assert tuple(KITS) == command.KITS
    with pytest.raises(UsageError, match=r"'strip'\. Did you mean strap"):
        sensor_set("strip")
