import pytest

from coregulation.errors import UsageError
from coregulation.simulate.profiles import PROFILES, coactive, profile, uncoupled


def test_all_kinds_of_the_articles_are_there():
    wanted = "grounded secure earned-secure anxious avoidant disorganised trauma infant practitioner animal"
    assert set(PROFILES) == set(wanted.split())


def test_an_unknown_profile_names_the_near_ones():
    with pytest.raises(UsageError, match="Did you mean avoidant"):
        profile("avoidand")


def test_variants_of_autonomic_control():
    secure = profile("secure")
    assert coactive(secure).vagal_withdrawal < 0 == uncoupled(secure).vagal_withdrawal < secure.vagal_withdrawal
