import re
import xml.etree.ElementTree as ET

from coregulation.study.curve import draw_power_curve
from coregulation.study.measures import MeasureAnswer
from coregulation.study.power import power, tasks
from tests.study.plans import small

MORE = ("moments = 0.06", 'moments = 0.06\n[[strength]]\nname = "drive & more"\ndrive = 0.01')


def drawn(plan, share):
    names = ("heart rate, beyond own dynamics", "verdict: linked")
    answers = [dict.fromkeys(names, MeasureAnswer(k < 10 * share)) for k in range(10)]
    return draw_power_curve(power(plan, before=dict.fromkeys(tasks(plan), answers)))


def test_it_is_a_picture_with_its_words_and_its_intervals():
    svg = drawn(small(MORE), 0.8)
    root = ET.fromstring(svg)
    words = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"nothing", "moments", "drive & more", "verdict: linked", "goal", "chance"} <= set(words)
    assert len(re.findall("<circle", svg)) == 6
    assert "#808080" in svg
    assert "#000" not in svg.replace("#0072b2", "").replace("#009e73", "")


def test_a_line_joins_only_what_is_more_of_the_same():
    svg = drawn(small(MORE), 0.5)
    lines = re.findall(r'<path d="((?:M[\d. ]+L[\d. ]+)+)"', svg)
    assert [line.count("M") for line in lines] == [1, 1]  # nothing to moments; not moments to drive
