import re

import coregulation
from coregulation.report.bibliography import PAPERS, software


def test_each_paper_has_authors_a_year_and_where_it_stands():
    for key, paper in PAPERS.items():
        assert re.search(r"\((19|20)\d\d\)\.", paper), key
        assert re.search(r"\d{4}$", key)
        assert f"({key[-4:]})" in paper
        assert key[:4].replace("kuns", "Küns").lower() in paper.lower()
        assert "doi:10." in paper or key == "politis1992"


def test_the_software_names_its_version():
    assert coregulation.__version__ in software()
