import pytest
from aiosmtplib import SMTPResponseException

from notifications.rulings import Phase, Ruling, judge


@pytest.mark.parametrize(
    ("phase", "fault", "ruling", "of_address"),
    [
        (Phase.RCPT, SMTPResponseException(550, "5.1.1 no such user"), Ruling.DEAD, True),
        (Phase.RCPT, ValueError("an address that cannot be written"), Ruling.DEAD, True),
        (Phase.RCPT, SMTPResponseException(452, "4.2.2 mailbox full"), Ruling.RETRY, True),
        (Phase.BODY, SMTPResponseException(552, "5.3.4 too big"), Ruling.DEAD, False),
        (Phase.BODY, SMTPResponseException(554, "5.7.1 looks like spam"), Ruling.DEAD, False),
        (Phase.MAIL, SMTPResponseException(451, "4.3.0 later"), Ruling.RETRY, False),
        (Phase.CONNECT, ConnectionRefusedError(), Ruling.RETRY, False),
    ],
)
def test_only_what_is_said_of_the_recipient_is_held_against_the_address(
    phase: Phase, fault: Exception, ruling: Ruling, *, of_address: bool
) -> None:
    answer = judge(phase, fault)
    assert (answer.ruling, answer.of_address) == (ruling, of_address)
