from __future__ import annotations

import pytest

from coregulation.io.tables.likely_channels import channels_by_person


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["HR_ada", "HR_ben"], {"HR_ada": ("heart_rate", "ada"), "HR_ben": ("heart_rate", "ben")}),
        (["mother_hr", "child_hr"], {"mother_hr": ("heart_rate", "mother"), "child_hr": ("heart_rate", "child")}),
        (["heart rate Ada", "heart rate Ben"], {"heart rate Ada": ("heart_rate", "ada"), "heart rate Ben": ("heart_rate", "ben")}),
        (["HR_ada", "EDA_ben"], {}),
        (["HR_ada", "HR_Ada"], {}),
        (["HR", "quality"], {}),
        (["Marker", ""], {}),
    ],
)  # fmt: skip
def test_what_differs_between_names_tells_the_person(names, found):
    assert channels_by_person(names) == found
