"""The words before a colon that begin a part of an entry: `整改措施：`, `Action agreed:`."""

import re
from functools import lru_cache

from documents.lexicon import alternatives, words

QUESTION = re.compile(r"(?im)^[ \t]*(?P<asked>(?:what|who|when|where|how|by)\b[a-z' ]{2,40})\?(?=[ \t]|$)")
"""A line that begins with a short English question, which may be a label: `By whom? Facilities Manager`."""


@lru_cache(maxsize=1)
def known_labels() -> frozenset[str]:
    """The label words, in lower case."""
    return frozenset(word.lower() for name in ("problem", "fix", "aside") for word in words("label", name))


@lru_cache(maxsize=1)
def label_pattern() -> re.Pattern[str]:
    """Finds `整改措施：` and its like: group 1 the label word, the match ending after the colon."""
    named = tuple(known_labels())
    lead = (
        r"(?!针对|对照|围绕|聚焦|解决|根据|结合)[^。：:；\n，,、]{0,12}?(?:存在|仍有|还有|还发现|也发现|另发现|发现|暴露出?|反映出)[^。：:；\n，,、]{0,20}"
        r"(?:问题|不足|困难|短板|差距|薄弱环节)(?:[，,]?(?:主要|突出|具体)?(?:是|有|表现[在为]?|体现在|反映在|如下)?"
        r"(?:以下)?(?:[几一二三四五六七八]个?)?(?:方面)?)(?=[：:]|(?<=[，,]主要[是有])(?=[^\n：:。]{6}))|"
        r"[^。：:；\n，,、]{0,8}?(?:主要|仍|还|目前|普遍)存在(?=[：:])|"
        r"[^。：:；\n，,、]{0,6}?(?:差距|不足|短板|弱项|缺憾|遗憾|欠账|薄弱点|美中不足)(?:之处)?(?:主要)?(?:在于|的?是|为|有)(?=[：:])|"
        r"(?:针对|对)[^。：:；\n]{2,30}(?:做了|采取了|开展了|抓了|落实了)[^。：:；\n]{0,6}(?:工作|措施)(?=[：:])|"
        r"(?:[0-9一二三四五六七八九十]{1,3}月份?|第?[一二三四]季度|下半年|明年|来年)的?(?:工作)?(?:计划|打算|安排)(?=[：:])|"
        r"(?:我们)?(?:打算|准备|决定|计划|拟)(?:这样|这么|如下|分头)(?:办|做|处理|安排|改|解决)(?=[：:])|"
        r"(?:what|how) (?:we|i|you|they|the [a-z]{3,12}) (?:are|is|will|shall|plan|intend|"
        r"propose|need|must|should)\b(?: [a-z]{2,10}){1,5}(?=:)|"
        r"what (?:are|is|will|have|has|did|do) (?:we|you|they|the [a-z]{3,12}) (?:doing|done|do)"
        r"(?: [a-z]{2,10}){0,4}(?=:)|"
        r"what (?:has|have|is|was|will|remains|still has|needs) (?:been |being |to be |be |now )*"
        r"(?:done|changed|put right)(?: [a-z]{2,10}){0,3}(?=:)|"
        r"(?:we|i|internal audit) (?:therefore |also )?recommends? that (?:the )?[a-z' ]{3,48}(?=:[ \t]*$)|"
        r"action by (?:the )?[a-z]{3,16}(?: [a-z]{3,16})?(?=:)|"
        r"(?:the )?[a-z]{3,16}(?: [a-z]{3,16})?(?:'s)? "
        r"(?:response|reply|proposal|proposed action)(?: to [a-z ]{3,24})?(?=:)|"
        r"(?:response|reply) (?:of|by|from) (?:the )?[a-z]{3,16}(?: [a-z]{3,16})?(?=:)|"
        r"下一?步[，,]?[^。：:；\n]{0,40}(?:抓好|做好|落实|推进|开展|采取)[^。：:；\n]{0,12}(?=[：:])|"
        r"下一?步[，,]?[^。：:；，,\n]{0,10}(?:考虑|打算|准备|计划|拟|安排|想)[^。：:；，,\n]{0,8}(?=[：:])"
    )
    return re.compile(
        rf"(?:^[ \t　]*(?:[-*•●]{{1,2}}[ \t]*)?|"
        rf"(?<=[。；;，,、）).．：: ])(?<![a-z][ ]))[【〔［\[（(]?({alternatives(named)}|"
        rf"{lead})[】〕］\]）)]?(?:[ \t]?[：:][*]{{0,2}}|"
        rf"(?<=[】〕］])(?=[^\n：:])|(?<=[，,]主要[是有])(?=[^\n：:])|"
        rf"(?<=action)[ ]?[-–—][ ]|(?=[ \t]*$))[ \t]*",
        re.MULTILINE,
    )
