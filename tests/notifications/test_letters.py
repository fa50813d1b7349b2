import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest

from notifications.letters import (
    Assignment,
    Decision,
    Digest,
    Letter,
    LetterName,
    Line,
    Returned,
    name_of,
)
from notifications.mail_links import ItemsLink
from notifications.render import Reader, Rendered, render
from notifications.samples import (
    CHINESE,
    ENGLISH,
    ITEM_LETTERS,
    LATE,
    LONG_LATE,
    NEW,
    OFFICE,
    OVERVIEW,
    ROLLUP,
    SILENT,
    SOON,
    SUBMITTED,
    SUSTAINED,
    TODAY,
    line,
)
from rules.errors import SettingError
from rules.lights import Light
from rules.overview import Tally

EVERY = pytest.mark.parametrize("name", ITEM_LETTERS)


def chinese(letter: Letter) -> Rendered:
    return render(letter, CHINESE, OFFICE)


def english(letter: Letter) -> Rendered:
    return render(letter, ENGLISH, OFFICE)


class _Words(HTMLParser):
    """The words of a page, and the addresses it links to."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag in {"style", "title"}
        self.links += [value for name, value in attrs if name in {"href", "src"} and value]

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - html.parser names it
        self._silent = False

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def read(html: str) -> _Words:
    page = _Words()
    page.feed(html)
    return page


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


SUBJECTS = {
    "digest": (
        "【云州市住建局】2 项整改临期，1 项已逾期，1 项待签收，1 项待您审核",
        "[云州市住建局] 2 items due soon, 1 overdue, 1 to acknowledge, 1 to verify",
    ),
    "digest-plain": (
        "【云州市住建局】3 项整改临期，1 项已逾期",
        "[云州市住建局] 3 items due soon, 1 overdue",
    ),
    "digest-copied": (
        "【云州市住建局】供您知悉：1 项整改临期",
        "[云州市住建局] For information: 1 item due soon",
    ),
    "escalation": (
        "【云州市住建局】您部门有 2 项整改已逾期",
        "[云州市住建局] 2 items overdue in your unit",
    ),
    "escalation-order": (
        "【云州市住建局】您分管的部门有 2 项整改已逾期，建议对 1 项整改发督办单",
        "[云州市住建局] 2 items overdue in the line you lead, 1 supervision order proposed",
    ),
    "assignment": (
        "【云州市住建局】交办 2 项整改任务",
        "[云州市住建局] 2 rectification items assigned to you",
    ),
    "returned": (
        "【云州市住建局】退回：2026H1-P03 老旧小区消防通道被占用问题整改不彻底，请补充整改",
        "[云州市住建局] Returned: 2026H1-P03 老旧小区消防通道被占用问题整改不彻底 – more is needed",
    ),
    "decision-granted": (
        "【云州市住建局】同意延期至 2026年9月30日：2026H1-P03 老旧小区消防通道被占用问题整改不彻底",
        (
            "[云州市住建局] Extension granted until 30 September 2026: "
            "2026H1-P03 老旧小区消防通道被占用问题整改不彻底"
        ),
    ),
    "decision-refused": (
        "【云州市住建局】不同意延期：2026H1-P07 物业专项维修资金使用审批超时",
        "[云州市住建局] Extension refused: 2026H1-P07 物业专项维修资金使用审批超时",
    ),
    "decision-cancelled": (
        "【云州市住建局】同意撤销：2026H1-P03 老旧小区消防通道被占用问题整改不彻底",
        "[云州市住建局] Cancellation granted: 2026H1-P03 老旧小区消防通道被占用问题整改不彻底",
    ),
    "decision-kept": (
        "【云州市住建局】不同意撤销：2026H1-P03 老旧小区消防通道被占用问题整改不彻底",
        "[云州市住建局] Cancellation refused: 2026H1-P03 老旧小区消防通道被占用问题整改不彻底",
    ),
    "ended-closed": (
        "【云州市住建局】已销号：2026H1-P03 老旧小区消防通道被占用问题整改不彻底",
        "[云州市住建局] Closed: 2026H1-P03 老旧小区消防通道被占用问题整改不彻底",
    ),
    "ended-cancelled": (
        "【云州市住建局】已撤销：2026H1-P03 老旧小区消防通道被占用问题整改不彻底",
        "[云州市住建局] Cancelled: 2026H1-P03 老旧小区消防通道被占用问题整改不彻底",
    ),
    "ended-sustained": (
        "【云州市住建局】已转入持续整改：2026H1-M09 常态化开展房屋安全巡查",
        "[云州市住建局] Without a deadline from now on: 2026H1-M09 常态化开展房屋安全巡查",
    ),
    "ended-passed-on": (
        "【云州市住建局】已改派：2026H1-P03 老旧小区消防通道被占用问题整改不彻底",
        "[云州市住建局] Passed on: 2026H1-P03 老旧小区消防通道被占用问题整改不彻底",
    ),
    "order": (
        "【云州市住建局】督办〔2026〕3号：2025H2-P14 城市排水管网隐患点整治滞后",
        "[云州市住建局] Supervision order No. 3 of 2026: 2025H2-P14 城市排水管网隐患点整治滞后",
    ),
    "order-undated": (
        "【云州市住建局】督办〔2026〕4号：2026H1-P07 物业专项维修资金使用审批超时",
        "[云州市住建局] Supervision order No. 4 of 2026: 2026H1-P07 物业专项维修资金使用审批超时",
    ),
    "circular": (
        "【云州市住建局】通报〔2026〕2号：关于部分整改事项逾期的通报",
        "[云州市住建局] Circular No. 2 of 2026: 关于部分整改事项逾期的通报",
    ),
    "rollup": (
        "【云州市住建局】2026年下半年整改完成率 80.00%",
        "[云州市住建局] Rectification completed in the 2nd half of 2026: 80.00%",
    ),
    "link": (
        "【云州市住建局】您的整改事项新链接",
        "[云州市住建局] A fresh link to your rectification items",
    ),
    "invitation": (
        "【云州市住建局】邀请您登录：请设置密码",
        "[云州市住建局] You are invited: set your password",
    ),
    "invitation-forgotten": (
        "【云州市住建局】请重新设置密码",
        "[云州市住建局] Set a new password",
    ),
    "overview": (
        "【云州市住建局】本周概览：4 项待您决定，7 项整改已逾期，未办结共 32 项",
        "[云州市住建局] This week: 4 matters to decide, 7 items overdue, 32 open in all",
    ),
    "overview-quiet": (
        "【云州市住建局】本周概览：未办结共 4 项",
        "[云州市住建局] This week: 4 open in all",
    ),
}


def test_each_subject_says_the_one_thing_in_both_languages() -> None:
    found = {name: (chinese(it).subject, english(it).subject) for name, it in ITEM_LETTERS.items()}
    assert found == SUBJECTS


@pytest.mark.parametrize(
    ("digest", "words"),
    [
        (Digest(TODAY, own=(NEW,)), "1 项整改待签收"),
        (Digest(TODAY, own=(SILENT, SUSTAINED)), "1 项整改久未报告进展，1 项待复核"),
        (Digest(TODAY, own=(line(light=Light.ON_TRACK, topic="before-15"),)), "1 项整改将到期"),
        (Digest(TODAY, own=(LATE, LATE)), "2 项整改已逾期"),
        (Digest(TODAY, to_verify=(SUBMITTED,)), "1 项整改待您审核"),
        (Digest(TODAY, own=(SOON,), unit=(LATE,)), "1 项整改临期，您部门有 1 项整改已逾期"),
        (Digest(TODAY, to_order=(LONG_LATE,)), "建议对 1 项整改发督办单"),
    ],
)
def test_a_digest_counts_what_waits(digest: Digest, words: str) -> None:
    assert chinese(digest).subject == f"【云州市住建局】{words}"


@pytest.mark.parametrize(
    ("letter", "name"),
    [
        (Digest(TODAY, own=(SOON,), unit=(LATE,)), LetterName.DIGEST),
        (Digest(TODAY, copied=(SOON,)), LetterName.DIGEST),
        (Digest(TODAY, to_verify=(SOON,)), LetterName.DIGEST),
        (Digest(TODAY, unit=(LATE,)), LetterName.ESCALATION),
        (Digest(TODAY, led=(LATE,)), LetterName.ESCALATION),
        (Digest(TODAY, to_order=(LATE,)), LetterName.ESCALATION),
        (ITEM_LETTERS["assignment"], LetterName.ASSIGNMENT),
        (ITEM_LETTERS["returned"], LetterName.RETURNED),
        (ITEM_LETTERS["decision-kept"], LetterName.DECISION),
        (ITEM_LETTERS["ended-closed"], LetterName.ENDED),
        (ITEM_LETTERS["order"], LetterName.ORDER),
        (ITEM_LETTERS["circular"], LetterName.CIRCULAR),
        (ITEM_LETTERS["rollup"], LetterName.ROLLUP),
        (OVERVIEW, LetterName.OVERVIEW),
    ],
)
def test_a_digest_with_nothing_of_ones_own_is_an_escalation(letter: Letter, name: LetterName) -> None:
    assert name_of(letter) is name


DIGEST = """\
李伟，您好！

截至2026年9月25日 星期五：1 项整改已逾期。

== 请您办理（1 项） ==
您是以下事项的责任人。请于各事项期限前完成整改，提交佐证材料并申请销号；确有困难的，请于到期前申请延期。

1. [2026H1-P07] 物业专项维修资金使用审批超时
   整改期限：2026年9月18日 星期五（逾期 5 个工作日）
   原定期限：2026年8月31日 星期一
   问题 · 已逾期 · 整改中 · 进度 80%
   责任单位：物业管理科；责任人：李伟
   报告原文：“维修资金申请平均审批时间 47 个工作日，超过规定时限。”
   办理要求：请立即完成整改并申请销号；确有困难的，请说明原因并申请延期。
   https://rectify.yunzhou.example/items/2026H1-P07

--------------------
您承担以上事项的整改、配合、审核或者督促工作，特此提醒。此类提醒每日至多一封。
本邮件由云州市住建局整改督办系统自动发送。打开邮件或其中的链接，不会改变任何事项的状态。
如有疑问或不便登录系统，请联系督办室 陈静（电话 0000-1234）。
"""


def test_a_digest_reads_as_an_official_note() -> None:
    assert chinese(Digest(TODAY, own=(LATE,))).text == DIGEST


@pytest.mark.parametrize(
    ("digest", "opening"),
    [
        (
            Digest(TODAY, own=(NEW, SOON, LATE), to_verify=(SUBMITTED,)),
            [
                "截至2026年9月25日 星期五：1 项整改临期，1 项已逾期，1 项待签收，1 项待您审核。",
                "最急事项：[2026H1-P07] 物业专项维修资金使用审批超时",
            ],
        ),
        (
            Digest(TODAY, unit=(LATE, LONG_LATE)),
            [
                "截至2026年9月25日 星期五：您部门有 2 项整改已逾期，请您处理。",
                "最急事项：[2025H2-P14] 城市排水管网隐患点整治滞后",
            ],
        ),
        (Digest(TODAY, copied=(SOON,)), ["截至2026年9月25日 星期五：1 项整改临期。"]),
    ],
)
def test_a_digest_opens_with_what_matters(digest: Digest, opening: list[str]) -> None:
    said = chinese(digest).text.split("\n\n")[1]
    assert said.splitlines() == opening


@EVERY
@pytest.mark.parametrize("reader", [CHINESE, ENGLISH], ids=lambda reader: reader.locale)
def test_plain_text_and_html_say_the_same(name: str, reader: Reader) -> None:
    without_tables = {"rollup": replace(ROLLUP, units=(), trend=()), "overview": replace(OVERVIEW, units=())}
    letter = without_tables.get(name, ITEM_LETTERS[name])
    written = render(letter, reader, OFFICE)
    page = read(written.html)
    plain = re.sub(r"(?m)^-+$|^== | ==$|^   https://.*$", "", written.text)
    shown = re.sub(r"查看事项 [\w-]+|Open item [\w-]+", "", " ".join(page.words))
    assert re.sub(r"[；;]", "", bare(shown)) == re.sub(r"[；;]", "", bare(plain))
    assert page.links == re.findall(r"(?m)^   (https://.*)$", written.text)


@pytest.mark.parametrize("reader", [CHINESE, ENGLISH], ids=lambda reader: reader.locale)
def test_the_tables_of_a_roll_up_hold_the_figures_of_its_plain_text(reader: Reader) -> None:
    written = render(ROLLUP, reader, OFFICE)
    rows = re.findall(r"<tr>\s*(<td class=\"cell.*?)</tr>\s*(?=<tr>|</tbody>)", written.html, re.DOTALL)
    cells = [
        [" ".join(read(cell).words) for cell in re.split(r"(?=<td class=\"cell)", row)[1:]] for row in rows
    ]
    lines = [
        line
        for part in written.text.split("\n\n")
        if part.startswith("== ")
        for line in part.splitlines()[1:]
    ]
    assert len(cells) == len(lines) == 1 + len(ROLLUP.units) + len(ROLLUP.trend)
    for row, told in zip(cells, lines, strict=True):
        numbers = [number for cell in row for number in re.findall(r"[\d.]+%?|—", cell)]
        assert sorted(numbers) == sorted(re.findall(r"[\d.]+%?|—", told))


LINK = ItemsLink("https://rectify.yunzhou.example/mail/TOKEN", date(2026, 10, 25))
LINKED = pytest.mark.parametrize(
    "reader", [replace(CHINESE, link=LINK), replace(ENGLISH, link=LINK)], ids=lambda reader: reader.locale
)


@EVERY
@LINKED
def test_plain_text_and_html_say_the_same_where_letters_carry_links(name: str, reader: Reader) -> None:
    without_tables = {"rollup": replace(ROLLUP, units=(), trend=()), "overview": replace(OVERVIEW, units=())}
    letter = without_tables.get(name, ITEM_LETTERS[name])
    written = render(letter, reader, OFFICE)
    page = read(written.html)
    plain = re.sub(r"(?m)^-+$|^== | ==$|^   https://.*$", "", written.text)
    shown = re.sub(r"查看事项 [\w-]+|Open item [\w-]+|查看我的事项|Open my items", "", " ".join(page.words))
    assert re.sub(r"[；;]", "", bare(shown)) == re.sub(r"[；;]", "", bare(plain))
    assert page.links == re.findall(r"(?m)^   (https://.*)$", written.text)


OWN, SIGN_IN = "https://rectify.yunzhou.example/mail/TOKEN", "https://rectify.yunzhou.example/items"


@pytest.mark.parametrize(
    ("letter", "links"),
    [
        (Digest(TODAY, own=(SOON,)), [f"{OWN}/2026H1-P03", OWN]),
        (Digest(TODAY, copied=(SOON,)), [f"{OWN}/2026H1-P03", OWN]),
        (Digest(TODAY, unit=(SOON,)), [f"{OWN}/2026H1-P03", OWN]),
        (Digest(TODAY, own=(SOON,), to_verify=(LATE,)), [f"{OWN}/2026H1-P03", f"{SIGN_IN}/2026H1-P07", OWN]),
        (Digest(TODAY, to_verify=(SOON,)), [f"{SIGN_IN}/2026H1-P03"]),
        (Digest(TODAY, led=(SOON,), to_order=(LATE,)), [f"{SIGN_IN}/2026H1-P03", f"{SIGN_IN}/2026H1-P07"]),
        (ITEM_LETTERS["returned"], [f"{OWN}/2026H1-P03", OWN]),
        (ITEM_LETTERS["decision-kept"], [f"{OWN}/2026H1-P03", OWN]),
        (ITEM_LETTERS["ended-closed"], [f"{OWN}/2026H1-P03", OWN]),
        (ITEM_LETTERS["ended-sustained"], [f"{OWN}/2026H1-M09", OWN]),
        (ITEM_LETTERS["ended-passed-on"], []),
        (ITEM_LETTERS["link"], [OWN]),
        (ITEM_LETTERS["invitation"], [f"{OFFICE.base_url}/password/TOKEN"]),
        (ROLLUP, []),
    ],
)
def test_only_what_is_the_readers_own_is_opened_without_signing_in(letter: Letter, links: list[str]) -> None:
    written = render(letter, replace(CHINESE, link=LINK), OFFICE)
    assert read(written.html).links == links


def test_letters_about_others_work_bear_no_link_to_the_readers_own() -> None:
    written = {
        name: render(it, replace(CHINESE, link=LINK), OFFICE).text for name, it in ITEM_LETTERS.items()
    }
    assert {name.partition("-")[0] for name, text in written.items() if OWN in text} == {
        "digest",
        "escalation",
        "assignment",
        "returned",
        "decision",
        "ended",
        "order",
        "circular",
        "link",
    }
    assert OWN not in written["escalation-order"]


def test_a_link_says_how_long_it_works_and_that_it_is_the_readers_alone() -> None:
    text = render(Digest(TODAY, own=(SOON,)), replace(CHINESE, link=LINK), OFFICE).text
    assert text.split("\n\n")[-2].splitlines() == [
        "您的全部事项：",
        "   https://rectify.yunzhou.example/mail/TOKEN",
        "此链接有效期至2026年10月25日 星期日，无需登录即可以您的名义签收事项、报告进展，请勿转发。",
    ]


@EVERY
def test_a_chinese_letter_holds_no_english_sentence(name: str) -> None:
    written = chinese(ITEM_LETTERS[name])
    words = re.sub(r"https?://\S+|SHA-256|[0-9a-f]{64}|\d{4}H\d-[MP]\d+", "", written.subject + written.text)
    assert re.findall(r"[A-Za-z]+", words) == []


@EVERY
def test_a_letter_fetches_nothing_and_runs_nothing(name: str) -> None:
    html = english(ITEM_LETTERS[name]).html
    assert re.findall(r"<(?:img|script|link|iframe|form|object)|url\(|@import|\son\w+=", html) == []


@pytest.mark.parametrize("name", [name for name in ITEM_LETTERS if not name.startswith("invitation")])
def test_without_an_address_of_the_pages_a_letter_has_no_links(name: str) -> None:
    """Nobody is sent a link to set a password there; see services/invitations.py."""
    written = render(ITEM_LETTERS[name], CHINESE, replace(OFFICE, base_url=""))
    assert (read(written.html).links, written.text.count("http")) == ([], 0)


def test_without_a_contact_a_letter_names_nobody_to_ask() -> None:
    written = render(Digest(TODAY, own=(SOON,)), CHINESE, replace(OFFICE, contact=""))
    assert written.text.endswith("不会改变任何事项的状态。\n")


EVIL = '<b onclick="x()">粗\n体</b>\r\n\r\n== 请您办理 ==\u202e {{ 7 * 7 }} %(name)s & \x00'
FLAT = '<b onclick="x()">粗 体</b> == 请您办理 == {{ 7 * 7 }} %(name)s &'
SHOWN = "&lt;b onclick=&#34;x()&#34;&gt;粗 体&lt;/b&gt; == 请您办理 == {{ 7 * 7 }} %(name)s &amp;"
EVIL_LINE = replace(SOON, reference=EVIL, title=EVIL, quote=EVIL, unit=EVIL, owner=EVIL)


@pytest.mark.parametrize(
    "letter",
    [
        Digest(TODAY, own=(EVIL_LINE,), copied=(EVIL_LINE,), unit=(EVIL_LINE,)),
        Digest(TODAY, led=(EVIL_LINE,)),
        Assignment(TODAY, (EVIL_LINE,), EVIL, EVIL),
        Returned(TODAY, EVIL_LINE, EVIL, EVIL),
        Decision(TODAY, EVIL_LINE, "extension", granted=True, proposed_on=TODAY, by=EVIL, note=EVIL),
        replace(ROLLUP, unit=EVIL, units=((EVIL, ROLLUP.total),)),
        replace(OVERVIEW, unit=EVIL, units=((EVIL, OVERVIEW.total),), worst=(EVIL_LINE,)),
    ],
    ids=name_of,
)
def test_what_people_and_reports_write_stays_data(letter: Letter) -> None:
    written = render(letter, replace(CHINESE, name=EVIL), replace(OFFICE, name=EVIL, contact=EVIL))
    assert re.findall(r"<b onclick|&amp;lt;|&amp;#", written.html) == []
    assert written.html.count(SHOWN) >= 3
    assert written.text.count(FLAT) >= 3
    assert re.findall(r"[\x00\r\u202e]", written.text + written.html + written.subject) == []
    assert written.subject.count("\n") == 0
    assert re.findall(r"(?m)^== 请您办理 ==", written.text) == []


def test_a_reference_cannot_leave_its_link() -> None:
    odd = replace(SOON, reference="../x?y=1#z")
    page = read(chinese(Digest(TODAY, own=(odd,))).html)
    assert page.links == ["https://rectify.yunzhou.example/items/..%2Fx%3Fy%3D1%23z"]


def deadline(item: Line, on: date = TODAY) -> str:
    return chinese(Digest(on, own=(item,))).text.splitlines()[8].strip()


@pytest.mark.parametrize(
    ("due_on", "left", "words"),
    [
        (date(2026, 9, 30), 3, "整改期限：2026年9月30日 星期三（还有 3 个工作日）"),
        (date(2026, 9, 25), 0, "整改期限：2026年9月25日 星期五（今日到期）"),
        (date(2026, 9, 27), 0, "整改期限：2026年9月27日 星期日（期限前已无工作日）"),
        (date(2026, 9, 18), -5, "整改期限：2026年9月18日 星期五（逾期 5 个工作日）"),
        (date(2026, 9, 20), 0, "整改期限：2026年9月20日 星期日（已逾期）"),
        (None, None, "整改期限：无固定期限"),
    ],
)
def test_a_deadline_comes_with_its_weekday_and_the_time_that_is_left(
    due_on: date | None, left: int | None, words: str
) -> None:
    assert deadline(line(due_on=due_on, original_due_on=due_on, working_days_left=left)) == words


def test_an_assignment_without_a_report_names_none() -> None:
    text = chinese(Assignment(TODAY, (NEW,), "陈静", "")).text
    assert text.splitlines()[2] == "陈静向您交办 1 项整改任务。"


def test_items_stand_in_the_order_of_their_deadlines_and_undated_ones_last() -> None:
    text = chinese(Digest(TODAY, own=(SUSTAINED, NEW, SOON, LATE))).text
    assert re.findall(r"(?m)^\d\. \[2026H1-(.*?)\]", text) == ["P07", "P03", "M02", "M09"]


def test_an_item_that_came_back_after_its_deadline_is_asked_for_soon() -> None:
    text = chinese(Returned(TODAY, LATE, "孙主任", "")).text
    assert re.findall(r"请.*重新申请销号。", text) == ["请尽快补充整改，并重新申请销号。"]


@pytest.mark.parametrize(
    ("key", "zh", "en"),
    [
        ("2026-11", "2026年11月", "November 2026"),
        ("2026Q1", "2026年第一季度", "the 1st quarter of 2026"),
        ("2026Q4", "2026年第四季度", "the 4th quarter of 2026"),
        ("2026H1", "2026年上半年", "the 1st half of 2026"),
        ("2026", "2026年度", "the year 2026"),
    ],
)
def test_a_period_is_named_in_words(key: str, zh: str, en: str) -> None:
    rollup = replace(ROLLUP, period=key)
    assert chinese(rollup).subject == f"【云州市住建局】{zh}整改完成率 80.00%"
    assert english(rollup).subject == f"[云州市住建局] Rectification completed in {en}: 80.00%"


TABLE = """\
== 分单位情况 ==
云州市住建局（本级）：未办结 2 项，已逾期 0 项，即将到期 0 项，待审核 0 项，上周销号 0 项
物业管理科：未办结 9 项，已逾期 1 项，即将到期 4 项，待审核 1 项，上周销号 3 项
市政设施科：未办结 14 项，已逾期 6 项，即将到期 3 项，待审核 0 项，上周销号 1 项
城乡建设与房屋安全管理科：未办结 7 项，已逾期 0 项，即将到期 1 项，待审核 0 项，上周销号 0 项
"""


def test_an_overview_shows_the_same_figures_by_unit_in_both_forms() -> None:
    written = chinese(OVERVIEW)
    assert written.text[written.text.index("== 分单位情况") :].partition("\n\n")[0] + "\n" == TABLE
    cells = re.findall(r'<td class="cell"[^>]*>(.*?)</td>', written.html)
    rows = [cells[start : start + 6] for start in range(0, len(cells), 6)]
    told = re.findall(
        r"(?m)^(.*)：未办结 (\d+) 项，\S+ (\d+) 项，\S+ (\d+) 项，\S+ (\d+) 项，\S+ (\d+) 项$", TABLE
    )
    assert rows == [list(row) for row in told]


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({}, "请对以下待决事项作出决定，并督促逾期事项尽快整改到位。"),
        ({"total": Tally(open=1)}, "请对以下待决事项作出决定。"),
        ({"to_verify_count": 0, "to_decide_count": 0}, "请督促逾期事项尽快整改到位。"),
    ],
)
def test_an_overview_asks_its_reader_for_what_there_is_to_do(changes: dict[str, Any], asked: str) -> None:
    text = chinese(replace(OVERVIEW, **changes)).text
    assert re.findall(r"(?m)^办理要求：(.*)$", text) == [asked]


def test_an_overview_of_several_units_names_none_of_them_at_the_top() -> None:
    text = chinese(replace(OVERVIEW, unit="")).text
    assert text.splitlines()[2] == "截至2026年9月25日 星期五，您联系的各单位整改情况如下："


def test_a_rollup_of_a_part_names_it() -> None:
    rollup = replace(ROLLUP, unit="市政设施科")
    assert chinese(rollup).subject == "【云州市住建局】市政设施科2026年下半年整改完成率 80.00%"


def test_a_period_that_is_none_is_refused() -> None:
    with pytest.raises(SettingError):
        chinese(replace(ROLLUP, period="2026X"))


def test_any_other_locale_reads_english() -> None:
    letter = Digest(TODAY, own=(SOON,))
    assert render(letter, replace(ENGLISH, locale="fr_FR"), OFFICE).text == english(letter).text
