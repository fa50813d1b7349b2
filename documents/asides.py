"""Paragraphs of a section that state nothing: topics, requests, figures, good intentions, who signs."""

import re

from documents.lexicon import field_line

_TOPIC = re.compile(r"[《【\[][^》】\]\n]{2,30}[》】\]][：:]?")
_BEFORE = re.compile(r"(?:上|去|前)一?(?:季度|年度?|月|期|轮|次)[^。]{0,60}(?:整改|销号|解决)")
_REQUEST = re.compile(
    r"(?:此外|另外|同时|最后)?[，,]?(?:在此[，,]?)?(?:恳请|恳求|提请|请求|建议(?:上级|省|市|县|区)|请(?:上级|省|市|县|区))"
)


_FIGURES = re.compile(
    r"截至[^，。]{2,14}[，,][^，。]{0,12}[0-9]+[项个处条]?[^，。]{0,8}(?:已|完成)[^，。]{0,6}[0-9]+[项个处条].*整改率.*|"
    r"[A-Z][A-Za-z ,&'-]{2,80} (?!20[0-9]{2}\b)[0-9][0-9.,%]*|(?:[A-Z][a-z]+[ :]+[0-9]{1,4}[ ,;|]*){2,}|"
    r"[^。]{0,16}[共计][^。，]{0,12}(?:开具|发现|查出|检出|排查|梳理|收到|提出|反馈)[^。，：:]{0,16}"
    r"[0-9]+[ ]?[项个处条]"
    r"(?:[^：:]*|.*按[一-龥]{2,8}(?:分布|分类|统计|划分|分)[：:].*)"
)
"""A row of a table of figures, or a sentence that only counts what was found."""


GENERAL_HOPE = re.compile(
    r"对[^。，]{0,10}(?:不力|不到位|不及时|逾期|拖延|敷衍)[^。，]{0,8}的?[，,](?:(?![0-9])[^。])*[。]?$|"
    r"各[一-龥、（）]{1,16}(?:要|须|务必)(?:举一反三|高度重视|提高认识|引以为戒|加强领导)(?:(?![0-9])[^。])*[。]?$|"
    r"(?:下一步[，,])?[一-龥]{0,8}?将?(?:继续)?(?:以[^。，]{2,30}为(?:契机|动力|起点)|深刻(?:吸取|汲取)教训)(?:(?![0-9])[^。])*[。]?$"
)
"""One sentence of good intentions, without a day or a number."""


_FURNITURE = re.compile(
    r"[^\n]{0,60}_{4,}|(?:Position|Status|As) (?:at|of|on) [^\n]*[^.]\Z|"
    r"(?:抄?[报送]|主送|抄报|抄送|印发|发至)[：:][^\n]*|"
    r"Re-?(?:audit|inspection|visit)\b[^\n]{0,90}\Z|"
    r"[^。\n]{0,60}见(?:下表|附表|附件)[^。\n]{0,6}[：:。]?\Z|(?:附注|备注|注)[：:][^\n]*|从成因看[，,][^\n]*|"
    r"Next (?:visit|meeting|review|inspection|report|audit|update)\b[^.\n]{0,60}\Z|"
    r"(?:Approved|Signed|Prepared|Presented|Submitted|Authorised|Issued|Draft)\b[^.\n]{0,80}\Z"
)
"""A line that belongs to the form of a paper and tells nothing: who signs, on what day it stands."""


_REPORTS_BACK = re.compile(
    r"(?:整改|落实|办理)(?:结果|情况|报告)[^。\n]{0,16}(?:前|内)[^。\n]{0,8}(?:报|反馈|送)[^。\n]{0,20}[。]?|"
    r"请?(?:各[一-龥]{2,6})?于[^。\n]{2,14}(?:前|内)[^。\n]{0,6}将?(?:整改|落实|办理)(?:结果|情况|报告|方案)"
    r"[^。\n]{0,10}(?:报|反馈|送)[^。\n]{0,16}[。]?|"
    r"(?:签收|填表|检查|陪同|联系|记录|复核)人(?:员)?(?:（[^）]*）|签[字名])?[：:][^。\n]*"
)
"""A line that only says to whom to report, or who signs."""


def speaks(paragraph: str) -> bool:
    """Whether a paragraph can state something: no mere topic, and no request to those above."""
    return (
        len(paragraph) > 3
        and not _FURNITURE.match(paragraph)
        and not _BEFORE.match(paragraph)
        and not field_line().match(paragraph)
        and not _REPORTS_BACK.fullmatch(paragraph)
        and not _TOPIC.fullmatch(paragraph)
        and not _REQUEST.match(paragraph)
        and not _FIGURES.fullmatch(paragraph)
        and not GENERAL_HOPE.match(paragraph)
    )
