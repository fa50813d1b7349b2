import smtplib
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))

from sink import sink, taken


def test_the_sink_counts_the_mails_of_all_conversations() -> None:
    with sink() as port:
        for number in range(3):
            assert taken(port) == number
            with smtplib.SMTP("127.0.0.1", port) as line:
                line.sendmail(
                    "rectify@sample.example", ["p1@sample.example"], b"Subject: one\r\n\r\nDATA\r\n"
                )
        assert taken(port) == 3
