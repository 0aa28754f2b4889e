"""Messages out of the house: by e-mail, else by telephone. A job sends each.

E-mail goes by Django's mail (EMAIL_URL). To telephones goes what MESSAGE_SENDER names: another way,
such as text messages or Zalo, is one more function in `PHONE_SENDERS`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linkage.notices.models import Notice
from linkage.notices.words import sentence_of
from linkage.registry import access_codes
from linkage.registry.models import AccessCode


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out; `name` is the same whenever it is sent again, so a copy can be known."""

    name: str
    subject: str
    body: str


def to_file(phone: str, message: Message) -> None:
    """Write what would be sent; sent again, it is the same file."""
    folder = Path(settings.MESSAGE_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    # Codes are in it: for the eyes of the server's owner.
    handle = os.open(folder / f"{message.name}.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"{phone}\n\n{message.body}\n")


def to_console(phone: str, message: Message) -> None:
    """Print what would be sent."""
    sys.stdout.write(f"{phone}: {message.body}\n")


PHONE_SENDERS: Mapping[str, Callable[[str, Message], None]] = {
    "file": to_file,
    "console": to_console,
}


def send_notice(*, user_id: int, key: str) -> bool:
    """Send a person what they were told; whether it went out.

    What was read in the meantime, and who left no address, is passed over.
    """
    notice = Notice.objects.filter(user=user_id, dedupe_key=key, read_at=None)
    told = notice.select_related("user").first()
    if told is None or not told.user.is_active:
        return False
    with translation.override(settings.LANGUAGE_CODE):
        body = _("%(sentence)s\n\nRead more: %(address)s") % {
            "sentence": sentence_of(told),
            "address": _address("web:inbox"),
        }
        message = Message(f"notice-{told.pk}", sentence_of(told)[:150], body)
    return _send(message, email=told.user.email, phone=told.user.phone)


def send_code(*, code_id: int, nonce: str, now: datetime) -> bool:
    """Send an access code, spelled from its nonce; one that is over by then is not sent."""
    live = AccessCode.objects.filter(used_at=None, cancelled_at=None, expires_at__gt=now)
    code = live.filter(pk=code_id).select_related("organisation").first()
    if code is None:
        return False
    with translation.override(settings.LANGUAGE_CODE):
        body = _(
            "You are invited to act for %(organisation)s on Nối Chuỗi. Sign in or sign up at"
            " %(address)s and enter the code %(code)s, good until %(day)s, once."
        ) % {
            "organisation": code.organisation.name,
            "address": _address("web:join"),
            "code": access_codes.grouped(access_codes.spelled(nonce)),
            "day": date_format(localtime(code.expires_at), "SHORT_DATE_FORMAT"),
        }
        subject = _("Your code for Nối Chuỗi")
    by_email = code.way == AccessCode.Way.EMAIL
    return _send(
        Message(f"code-{code.pk}", subject, body),
        email=code.address if by_email else "",
        phone="" if by_email else code.address,
    )


def _send(message: Message, *, email: str, phone: str) -> bool:
    if email:
        host = urlsplit(settings.SITE_URL).hostname
        headers = {"Message-ID": f"<{message.name}@{host}>"}
        EmailMessage(message.subject, message.body, to=[email], headers=headers).send()
    elif phone:
        PHONE_SENDERS[settings.MESSAGE_SENDER](phone, message)
    return bool(email or phone)


def _address(name: str) -> str:
    return f"{settings.SITE_URL}{reverse(name)}"
