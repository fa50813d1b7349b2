import pytest
from aiosmtplib import SMTPResponseException

from notifications.fates import Fate, Phase, judge


@pytest.mark.parametrize(
    ("phase", "fault", "fate", "of_address"),
    [
        (Phase.RCPT, SMTPResponseException(550, "5.1.1 no such user"), Fate.DEAD, True),
        (Phase.RCPT, ValueError("an address that cannot be written"), Fate.DEAD, True),
        (Phase.RCPT, SMTPResponseException(452, "4.2.2 mailbox full"), Fate.RETRY, True),
        (Phase.BODY, SMTPResponseException(552, "5.3.4 too big"), Fate.DEAD, False),
        (Phase.BODY, SMTPResponseException(554, "5.7.1 looks like spam"), Fate.DEAD, False),
        (Phase.MAIL, SMTPResponseException(451, "4.3.0 later"), Fate.RETRY, False),
        (Phase.CONNECT, ConnectionRefusedError(), Fate.RETRY, False),
    ],
)
def test_only_what_is_said_of_the_recipient_is_held_against_the_address(
    phase: Phase, fault: Exception, fate: Fate, *, of_address: bool
) -> None:
    answer = judge(phase, fault)
    assert (answer.fate, answer.of_address) == (fate, of_address)
