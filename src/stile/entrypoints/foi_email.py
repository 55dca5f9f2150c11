"""A request that came by e-mail (RFC 5322): its words, who asks, and the day on which it reached us.

What a stranger's mail program wrote is taken apart with care: nothing in it is run, fetched or kept but what is asked.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr, parsedate_to_datetime
from html import unescape
from zoneinfo import ZoneInfo

from stile.domain.errors import WrongValue
from stile.domain.foi_request import LONGEST, Requester

LARGEST = 10 * 1024 * 1024
"""Bytes of an e-mail; what hangs on it is not taken in."""


@dataclass(frozen=True, slots=True)
class Email:
    """`received`: the day our own mail server wrote on it, or the day it was sent; None where neither is there.
    `attached`: names of files that hang on it: a person looks whether the request is in one of them."""

    text: str
    requester: Requester
    received: date | None
    attached: tuple[str, ...] = ()


def read_email(content: bytes, zone: str = "Europe/London") -> Email:
    """Raises WrongValue, with one line, for what is no e-mail or holds no words."""
    if len(content) > LARGEST:
        raise WrongValue(f"An e-mail has up to {LARGEST // 1024 // 1024} MB.")
    found = BytesParser(policy=policy.default).parsebytes(content)
    if not isinstance(found, EmailMessage) or not (found["from"] or found["date"] or found["received"]):
        raise WrongValue("This is not an e-mail: please save it as .eml, or paste its words.")
    try:
        text = _words(found)
        name, address = parseaddr(str(found["from"] or ""))
        attached = tuple(one.get_filename() or "a file without a name" for one in found.iter_attachments())
    except (LookupError, ValueError, KeyError, AttributeError):  # what mail programs of strangers write
        raise WrongValue("This e-mail cannot be read. Please paste its words.") from None
    if not text.strip():
        raise WrongValue("There are no words in this e-mail. Please paste the request.")
    return Email(text[:LONGEST], Requester(name.strip(), address.strip()), _received(found, zone), attached)


def _words(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    content = body.get_content()
    if not isinstance(content, str):
        return ""
    return content if body.get_content_subtype() != "html" else plain(content)


def plain(html: str) -> str:
    """The words of an HTML part: what is not shown is left out, a block begins a line."""
    shown = re.sub(r"(?is)<(style|script|head|title)\b.*?</\1\s*>|<!--.*?-->", " ", html)
    flowing = re.sub(r"\s+", " ", shown)
    lines = re.sub(r"(?i)<(?:br|/p|/div|/li|/tr|/h\d|/blockquote)\b[^>]*>", "\n", flowing)
    words = unescape(re.sub(r"<[^>]*>", "", lines)).replace("\xa0", " ")
    return "\n".join(line.strip() for line in words.splitlines()).strip()


def _received(message: EmailMessage, zone: str) -> date | None:
    """The day at the centres, not where the sender's clock stands: a day may have begun there already."""
    stamps = [str(one).rpartition(";")[2] for one in message.get_all("received") or ()]
    for stamp in (*stamps[:1], str(message["date"] or "")):
        try:
            at: datetime = parsedate_to_datetime(stamp.strip())
        except (ValueError, TypeError):
            continue
        return at.date() if at.tzinfo is None else at.astimezone(ZoneInfo(zone)).date()
    return None
