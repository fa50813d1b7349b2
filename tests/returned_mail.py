"""Reports that a letter came back, as mail servers of several makes write them. All of our own writing."""

from email.message import EmailMessage

LETTER = """\
From: =?utf-8?b?5LqR5bee5biC5L2P5bu65bGA?= <rectify@office.example>
To: {to}
Subject: =?utf-8?b?5pW05pS55o+Q6YaS?=
Message-ID: {identifier}
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

...
"""


def _report(
    sender: str, text: str, status: str, letter: str, *, headers_only: bool = False, charset: str = "utf-8"
) -> bytes:
    """A multipart/report as RFC 3464 has it."""
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    returned = letter.partition("\n\n")[0] + "\n" if headers_only else letter
    head = (
        f"Return-Path: <>\nFrom: {sender}\nTo: rectify@office.example\nSubject: Returned\n"
        "Message-ID: <report@mx.example>\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"\n\n'
    )
    parts = (
        f"--b1\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n{text}\n"
        f"--b1\nContent-Type: message/delivery-status\n\n{status}\n"
        f"--b1\nContent-Type: {kind}\n\n{returned}\n--b1--\n"
    )
    return (head + parts).encode(charset)


def postfix(to: str, identifier: str, status: str = "5.1.1", words: str = "550 5.1.1 User unknown") -> bytes:
    text = (
        "This is the mail system at host mx.office.example.\n\n"
        "I'm sorry to have to inform you that your message could not\n"
        "be delivered to one or more recipients.\n\n"
        f"<{to}>: host mx.example said: {words}"
    )
    fields = (
        "Reporting-MTA: dns; mx.office.example\nArrival-Date: Fri, 25 Sep 2026 08:30:00 +0800 (CST)\n\n"
        f"Final-Recipient: rfc822; {to}\nOriginal-Recipient: rfc822;{to}\nAction: failed\nStatus: {status}\n"
        f"Remote-MTA: dns; mx.example\nDiagnostic-Code: smtp; {words}\n"
    )
    letter = LETTER.format(to=to, identifier=identifier)
    return _report("MAILER-DAEMON@mx.office.example (Mail Delivery System)", text, fields, letter)


def postfix_delayed(to: str, identifier: str) -> bytes:
    return postfix(to, identifier, "4.4.1", "connect: timed out").replace(
        b"Action: failed", b"Action: delayed"
    )


def exchange(to: str, identifier: str) -> bytes:
    text = (
        f"Your message to {to} couldn't be delivered.\n\n{to.partition('@')[0]} wasn't found at the domain.\n"
        "Diagnostic information for administrators:\nGenerating server: EX01.office.example"
    )
    fields = (
        "Reporting-MTA: dns;EX01.office.example\nReceived-From-MTA: dns;mx.office.example\n\n"
        f"Final-Recipient: rfc822;{to}\nAction: failed\nStatus: 5.1.10\n"
        "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; "
        "Recipient not found by SMTP lookup\n"
    )
    letter = LETTER.format(to=to, identifier=identifier)
    return _report("Microsoft Outlook <postmaster@office.example>", text, fields, letter, headers_only=True)


def exim(to: str, identifier: str) -> bytes:
    letter = LETTER.format(to=to, identifier=identifier)
    return (
        f"Return-Path: <>\nX-Failed-Recipients: {to}\nAuto-Submitted: auto-replied\n"
        "From: Mail Delivery System <Mailer-Daemon@mx.example>\nTo: rectify@office.example\n"
        "Subject: Mail delivery failed: returning message to sender\nMessage-Id: <E1abc@mx.example>\n\n"
        "This message was created automatically by mail delivery software.\n\n"
        "A message that you sent could not be delivered to one or more of its\n"
        "recipients. This is a permanent error. The following address(es) failed:\n\n"
        f"  {to}\n    host mx.example [192.0.2.7]\n    550 No such user here\n\n"
        "------ This is a copy of the message, including all the headers. ------\n\n"
        f"{letter}"
    ).encode()


def qmail(to: str, identifier: str) -> bytes:
    letter = LETTER.format(to=to, identifier=identifier)
    return (
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nTo: rectify@office.example\n"
        "Subject: failure notice\nMessage-ID: <20260925.qmail@mx.example>\n\n"
        "Hi. This is the qmail-send program at mx.example.\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        f"<{to}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        "--- Below this line is a copy of the message.\n\n"
        f"{letter}"
    ).encode()


def qq(to: str, identifier: str) -> bytes:
    """Chinese words in HTML, the letter beside it as a file, no machine-readable part."""
    mail = EmailMessage()
    mail["From"] = "QQMail <PostMaster@qq.example>"
    mail["To"] = "rectify@office.example"
    mail["Subject"] = "系统退信/System bounce"
    mail.set_content(
        f"<html><body><p>抱歉，您的邮件被退回来了……</p><p>收件人：<b>{to}</b></p>"
        f"<p>退信原因：收件人邮件地址（{to}）不存在，邮件无法送达。</p></body></html>",
        subtype="html",
        charset="gb18030",
    )
    letter = LETTER.format(to=to, identifier=identifier).encode()
    mail.add_attachment(letter, maintype="text", subtype="rfc822-headers", filename="原邮件.eml")
    return mail.as_bytes()


def netease(to: str, identifier: str) -> bytes:
    text = f"您好！\n您的邮件被退回，无法投递到 {to}。\n原因：User not found（收件人不存在）。\n网易邮件中心"
    fields = (
        "Reporting-MTA: dns; mx.163.example\n\n"
        f"Final-recipient: RFC822;{to}\nAction: failed\nStatus: 5.0.0\n"
        f"Diagnostic-Code: smtp;550 User not found: {to}\n"
    )
    letter = LETTER.format(to=to, identifier=identifier)
    return _report("Postmaster@163.example", text, fields, letter, headers_only=True, charset="gbk")


def full(to: str, identifier: str) -> bytes:
    return postfix(to, identifier, "5.2.2", "552 5.2.2 Mailbox full")


def given_up(to: str, identifier: str) -> bytes:
    return postfix(to, identifier, "4.4.7", "delivery time expired")


def out_of_office(to: str, identifier: str) -> bytes:
    return (
        f"From: {to}\nTo: rectify@office.example\nSubject: 自动回复：整改提醒\nIn-Reply-To: {identifier}\n"
        f"Auto-Submitted: auto-replied\n\n我正在出差，邮件无法及时处理。\n> Message-ID: {identifier}\n"
    ).encode()


def forwarded(to: str, identifier: str) -> bytes:
    """Somebody sends our letter on, and writes that a mailbox does not exist."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = to, "rectify@office.example", "Fwd"
    mail.set_content(f"{to} 不存在，请停用。Status: 5.1.1")
    mail.add_attachment(
        LETTER.format(to=to, identifier=identifier).encode(), maintype="text", subtype="rfc822-headers"
    )
    return mail.as_bytes()
