"""Faults told one after the other, without numbers, below the name of the place where they were found."""

import re

from documents.claim import Claim
from documents.clauses import stripped
from documents.outline import Node
from documents.sentence_rows import faults
from documents.weighing import speaks_of_fault
from rules.lifecycle import Kind

_SITE = re.compile(
    r"[一-龥A-Za-z0-9（）()·#]{2,24}(?:公司|集团|[厂站店部院校园村镇乡局所库港矿场队]|街道|社区|小区|市场|中心|项目|工地|车间|早市|学校|"
    r"幼儿园|仓库|码头|车站|商场|超市|食堂|宿舍|经营部|合作社)"
)
_FEWEST = 2


def told_at_site(text: str, node: Node) -> list[Claim]:
    """Each fault of the one paragraph below a place's name; nothing where it tells of fewer than two."""
    line_end = text.find("\n", node.body, node.end)
    if node.children or line_end == -1 or not _SITE.fullmatch(text[node.body : line_end].strip(" 　：:")):
        return []
    told = stripped(text, line_end, node.end)
    paragraph_end = text.find("\n", told.start, told.end)
    spans = faults(text, told.start, told.end if paragraph_end == -1 else paragraph_end, each=True)
    if len(spans) < _FEWEST or not speaks_of_fault(text[spans[0].start : spans[0].end]):
        return []
    return [
        Claim(Kind.PROBLEM, "", one.start, one.start, one.end, "sentence-under-section", node.start)
        for one in spans
    ]
