"""As short as published recordings."""

from coregulation.simulate.laws.very_short import LAWS


def test_two_lengths_without_a_link_and_one_with():
    assert [(law.seconds, law.generator.link.coupled) for law in LAWS] == [
        (150.0, False),
        (240.0, False),
        (240.0, True),
    ]
