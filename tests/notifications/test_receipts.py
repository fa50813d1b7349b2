import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from notifications.house_samples import TODAY, alarm, quiet_receipt, receipt, waiting_receipt
from notifications.letters import LetterName, name_of
from notifications.receipts import Alarm, Lost, Receipt
from notifications.render import Reader, render
from notifications.samples import CHINESE, ENGLISH, OFFICE
from rules.watch import Cause

SAMPLES: dict[str, Receipt | Alarm] = {
    "receipt": receipt(),
    "quiet": quiet_receipt(),
    "waiting": waiting_receipt(),
}
SAMPLES |= {f"alarm-{cause}": alarm(cause) for cause in Cause}
EVERY = pytest.mark.parametrize("letter", SAMPLES.values(), ids=SAMPLES)

TEXT = """\
李伟，您好！

自2026年9月24日 星期四 17:02以来，整改提醒运行情况如下：
请重点查看标有感叹号的部分。

== ! 自动运行情况 ==
- 整改提醒：最近一次成功运行于2026年9月24日 星期四 08:30。
- 邮件投递：自2026年9月25日 星期五 09:55以来未再成功运行。最近一次失败原因：535 5.7.8 authentication failed
- 期末结转：尚未运行过。
- 运行检查：最近一次成功运行于2026年9月25日 星期五 16:07。
- 2026年9月25日 星期五未生成整改提醒，到期提醒将在下次运行时补发。

== ! 邮件 ==
- 发出邮件 41 封。
- 待发邮件 1 封。
- 邮件服务器暂未接收 3 封，系统将自动重试。
- 12 封邮件超出单次发送上限，已暂缓；核实后用 rectify remind --confirm 放行。

== ! 无法送达的邮件 ==
- 许晓岚 <xu.xiaolan@yunzhou.example>：2026年9月25日的每日提醒无法投递（550 5.1.1 User unknown in virtual mailbox table）
- 王芳 <wang.fang@yunzhou.example>：2026年9月22日的交办通知被退回（5.2.1 disabled）

== 待您处理 ==
- 待审核销号 2 项
- 待审批延期或者撤销申请 1 项
- 待确认 6 项

== 无回音的事项 ==
- 交办后未按时签收 3 项
- 久未报告进展 5 项
- 持续整改事项未按期复核 1 项
- 暂停提醒 1 项

== ! 工作日历 ==
- 2027 年放假安排尚未公布，也未录入：缺少调休上班日，该年期限可能相差一天。请在政策文件的 [calendar] 中录入。

待您处理的事项见“待我处理”页面：
   https://rectify.yunzhou.example/

--------------------
您负责整改督办工作，特此报告。运行日报每个工作日一封，一切正常时也照常发送；如未收到，说明系统没有运行。
本邮件由云州市住建局整改督办系统自动发送。打开邮件或其中的链接，不会改变任何事项的状态。
如有疑问或不便登录系统，请联系督办室 陈静（电话 0000-1234）。
"""  # noqa: E501 - the letter's own lines


class _Words(HTMLParser):
    """The words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._silent = tag in {"style", "title"}

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - html.parser names it
        self._silent = False

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_a_receipt_names_all_that_went_wrong_and_all_that_waits() -> None:
    assert render(receipt(), CHINESE, OFFICE).text == TEXT


@pytest.mark.parametrize(
    ("letter", "zh", "en"),
    [
        (
            receipt(),
            (
                "有程序未正常运行，2 封邮件无法送达，12 封邮件暂缓发送，3 封邮件尚未投出，"
                "缺 2027 年放假安排，9 项待您处理，9 项无回音"
            ),
            (
                "not everything ran, 2 letters undeliverable, 12 letters held, 3 letters not taken yet, "
                "holidays of 2027 missing, 9 items wait for you, 9 items without an answer"
            ),
        ),
        (quiet_receipt(), "一切正常", "all is well"),
        (
            waiting_receipt(),
            "运行正常，1 项待您处理，2 项无回音",
            "everything ran, 1 item waits for you, 2 items without an answer",
        ),
        (replace(quiet_receipt(), paused=2), "一切正常", "all is well"),
        (replace(quiet_receipt(), missed=(TODAY,)), "有程序未正常运行", "not everything ran"),
        (replace(quiet_receipt(), held=1), "1 封邮件暂缓发送", "1 letter held"),
        (replace(quiet_receipt(), waiting=1), "一切正常", "all is well"),
    ],
)
def test_its_subject_says_whether_all_is_well(letter: Receipt, zh: str, en: str) -> None:
    found = (render(letter, CHINESE, OFFICE).subject, render(letter, ENGLISH, OFFICE).subject)
    assert found == (f"【云州市住建局】运行日报：{zh}", f"[云州市住建局] Daily receipt: {en}")


@EVERY
@pytest.mark.parametrize("reader", [CHINESE, ENGLISH], ids=lambda reader: reader.locale)
def test_plain_text_and_html_say_the_same(letter: Receipt | Alarm, reader: Reader) -> None:
    written = render(letter, reader, OFFICE)
    page = _Words()
    page.feed(written.html)
    plain = re.sub(r"(?m)^-+$|^== | ==$|^   https://.*$|^- ", "", written.text)
    assert bare(" ".join(page.words)) == bare(plain)


def test_a_quiet_receipt_has_nothing_to_do_and_no_exclamation_mark() -> None:
    text = render(quiet_receipt(), CHINESE, OFFICE).text
    assert re.findall(r"(?m)^== .*==$", text) == ["== 自动运行情况 ==", "== 邮件 =="]
    assert text.splitlines()[3] == "一切正常，您无需办理任何事项。"


def test_a_receipt_names_thirty_lost_letters_and_counts_the_others() -> None:
    lost = Lost("许晓岚", "xu@yunzhou.example", "digest", TODAY, "550")
    text = render(replace(quiet_receipt(), lost=(lost,) * 33), ENGLISH, OFFICE).text
    assert (text.count("xu@yunzhou.example"), text.count("3 more letters are not named here.")) == (30, 1)


def test_what_a_mail_server_says_stays_data() -> None:
    evil = '550 <b onclick="x()">no</b>\r\n\r\n== 待您处理 ==\u202e %(name)s {{ 7 * 7 }}'
    lost = Lost(evil, "xu@yunzhou.example", "digest", TODAY, evil)
    written = render(replace(quiet_receipt(), lost=(lost,)), CHINESE, OFFICE)
    assert re.findall(r"<b onclick", written.html) == []
    assert re.findall(r"\u202e|\r", written.html + written.text) == []
    assert re.findall(r"(?m)^== 待您处理", written.text) == []
    assert written.text.count("%(name)s {{ 7 * 7 }}") == 2


def test_without_pages_a_receipt_has_no_link() -> None:
    written = render(receipt(), CHINESE, replace(OFFICE, base_url=""))
    assert (written.html.count("href"), written.text.count("http")) == (0, 0)


def test_a_receipt_is_a_letter_of_its_own_name() -> None:
    assert name_of(receipt()) is LetterName.RECEIPT
    assert name_of(alarm()) is LetterName.ALARM


ALARM = """\
李伟，您好！

2026年9月25日 星期五，整改提醒需要您处置：邮件无法送达 2 人。

- 发往以下地址的邮件被拒收或者退回。系统仍会继续发送，但对方收不到提醒。
- 许晓岚 <xu.xiaolan@yunzhou.example>（550 5.1.1 User unknown）
- 王芳 <wang.fang@yunzhou.example>（5.2.1 mailbox disabled）

办理要求：请更正邮箱地址，或者以其他方式告知有关人员。

--------------------
您负责整改督办工作或者系统管理，特此告知。同一情况只告知一次。
本邮件由云州市住建局整改督办系统自动发送。打开邮件或其中的链接，不会改变任何事项的状态。
如有疑问或不便登录系统，请联系督办室 陈静（电话 0000-1234）。
"""


def test_an_alarm_says_what_is_the_matter_and_what_to_do_now() -> None:
    assert render(alarm(Cause.ADDRESSES), CHINESE, OFFICE).text == ALARM


@pytest.mark.parametrize(
    ("cause", "zh", "en"),
    [
        (Cause.REMINDERS, "今日整改提醒未生成", "today's reminders were not planned"),
        (Cause.CHANNEL, "邮件服务器拒收本系统邮件", "the mail server takes no letters from us"),
        (Cause.WAITING, "7 封邮件长时间未发出", "7 letters have waited for long"),
        (Cause.HELD, "120 封暂缓邮件待放行", "120 held letters wait to be released"),
        (Cause.ADDRESSES, "邮件无法送达 2 人", "mail does not reach 2 people"),
        (Cause.MAILBOX, "退信邮箱无法读取", "the mailbox for returned mail cannot be read"),
        (Cause.SEALS, "2 个时段的封存数据核对不符", "the seals of 2 periods do not hold"),
    ],
)
def test_the_subject_of_an_alarm_names_the_matter(cause: Cause, zh: str, en: str) -> None:
    found = [render(alarm(cause), reader, OFFICE).subject for reader in (CHINESE, ENGLISH)]
    assert found == [f"【云州市住建局】告警：{zh}", f"[云州市住建局] Alarm: {en}"]
