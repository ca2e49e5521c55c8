from coregulation import __version__
from coregulation.cli import main
from coregulation.report.bibliography import papers


def test_it_names_the_software_and_every_paper(capsys):
    assert main(["cite"]) == 0
    out = capsys.readouterr().out
    assert __version__ in out.splitlines()[0]
    assert all(paper.reference in out for paper in papers().values())
