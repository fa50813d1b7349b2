"""A mail of the housing office of Yunzhou, as it goes over the wire."""

from datetime import UTC, datetime

from notifications.wire import Envelope

ENVELOPE = Envelope(
    message_id="<0123456789abcdef0123456789abcdef@yunzhou.example>",
    sender="tixing@yunzhou.example",
    sender_name="云州市住建局整改督办",
    recipient="liwei@yunzhou.example",
    recipient_name="李伟",
    reply_to="chenjing@yunzhou.example",
    list_id="rectify.yunzhou.example",
    locale="zh_CN",
    planned_at=datetime(2026, 9, 25, 0, 10, tzinfo=UTC),
    subject="【云州市住建局】3 项整改临期，1 项已逾期",
    text="李伟，您好！\n\n请办理。\n",
    html="<!DOCTYPE html>\n<p>李伟，您好！</p>\n",
)
