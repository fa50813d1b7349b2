import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from yunzhou_letters import ENVELOPE

from notifications.mailbox import Index, Mailbox, write_index
from notifications.smtp import Answer, Courier, Ruling, Security, Server
from notifications.wire import Envelope, assemble


def post(mailbox: Mailbox, *envelopes: Envelope) -> list[Answer]:
    server = Server("127.0.0.1", mailbox.port, Security.PLAIN, deadline=5.0)
    answers = []
    with Courier(server) as courier:
        for envelope in envelopes:
            courier.submit(envelope.message_id, envelope.sender, envelope.recipient, assemble(envelope))
            answers.append(courier.collect()[1])
    return answers


def kept_as(name: str) -> Answer:
    return Answer(Ruling.SENT, f"250 2.0.0 kept as {name}")


def test_a_mail_lies_in_its_file_as_it_was_sent(tmp_path: Path) -> None:
    with Mailbox(tmp_path) as mailbox:
        assert post(mailbox, ENVELOPE) == [kept_as("001.eml")]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"001.eml": assemble(ENVELOPE)}


def test_mails_are_numbered_on_after_those_that_are_there(tmp_path: Path) -> None:
    for name in ("007.eml", "notes.eml", "012.html"):
        (tmp_path / name).touch()
    with Mailbox(tmp_path) as mailbox:
        assert post(mailbox, ENVELOPE, ENVELOPE) == [kept_as("008.eml"), kept_as("009.eml")]


def test_many_at_once_each_have_a_file(tmp_path: Path) -> None:
    with Mailbox(tmp_path / "new" / "folder") as mailbox, ThreadPoolExecutor(4) as people:
        for answers in people.map(lambda _: post(mailbox, ENVELOPE, ENVELOPE), range(4)):
            assert [answer.ruling for answer in answers] == [Ruling.SENT, Ruling.SENT]
    names = sorted(path.name for path in (tmp_path / "new" / "folder").iterdir())
    assert names == [f"{number:03}.eml" for number in range(1, 9)]


def test_a_mailbox_can_be_started_again_at_the_same_port(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path)
    mailbox.start()
    port = mailbox.port
    mailbox.stop()
    mailbox.stop()
    mailbox.start()
    assert mailbox.port == port
    mailbox.stop()


def test_a_port_that_is_taken_is_an_error(tmp_path: Path) -> None:
    with Mailbox(tmp_path) as mailbox, pytest.raises(OSError, match="in use"):
        Mailbox(tmp_path, mailbox.port).start()


def test_the_index_lists_every_mail_with_a_page_of_its_own(tmp_path: Path) -> None:
    evil = replace(ENVELOPE, subject="<script>alert(1)</script>", html='<p title="\'x">a</p>')
    (tmp_path / "001.eml").write_bytes(assemble(ENVELOPE))
    (tmp_path / "002.eml").write_bytes(assemble(evil))
    index = write_index(tmp_path, "zh_CN").read_text("utf-8")
    assert re.findall(r'href="([^"]+)"', index) == ["001.eml", "001.html", "002.eml", "002.html"]
    assert (
        re.findall(r"<td>([^<]+)</td>", index)
        == [
            "2026-09-25 00:10 +0000",
            "李伟 &lt;liwei@yunzhou.example&gt;",
        ]
        * 2
    )
    page = (tmp_path / "002.html").read_text("utf-8")
    assert re.findall(r"<(?:script|link|img)", index + page) == []
    assert re.findall(r'srcdoc="([^"]*)"', page) == ["&lt;p title=&#34;&#39;x&#34;&gt;a&lt;/p&gt;"]


def test_the_index_of_an_empty_folder_says_so(tmp_path: Path) -> None:
    assert re.findall(r"<p>(.*)</p>", write_index(tmp_path, "en").read_text("utf-8")) == [
        "0 mails, in order of arrival."
    ]


def test_a_mail_of_another_make_is_shown_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "001.eml").write_bytes(b"Subject: bare\r\nDate: some day\r\n\r\nhello\r\n")
    write_index(tmp_path, "en")
    page = (tmp_path / "001.html").read_text("utf-8")
    assert re.findall(r"<pre>(.*?)</pre>", page, re.DOTALL) == ["hello\n"]
    assert page.count("<iframe") == 0


def test_every_mail_of_a_folder_can_be_read_back(tmp_path: Path) -> None:
    with Mailbox(tmp_path) as mailbox:
        post(mailbox, ENVELOPE, replace(ENVELOPE, subject="第二封"))
    subjects = [
        message_from_bytes((tmp_path / name).read_bytes(), policy=default)["Subject"]
        for name in ("001.eml", "002.eml")
    ]
    assert subjects == [ENVELOPE.subject, "第二封"]


def test_the_index_follows_the_mails_once_a_batch_of_them_has_come(tmp_path: Path) -> None:
    index, page = Index(tmp_path, "en"), tmp_path / "index.html"
    with Mailbox(tmp_path) as mailbox:
        index.look_after()
        assert not page.exists()
        for number in (1, 2):
            post(mailbox, ENVELOPE)
            index.look_after()
            index.look_after()
            assert page.read_text("utf-8").count('.eml"') == number
    page.unlink()
    index.look_after()
    assert not page.exists(), "nothing has come since"
