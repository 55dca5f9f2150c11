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
from stile.domain.foi_desk.request import LONGEST, Requester

LARGEST = 10 * 1024 * 1024
"""Bytes of an e-mail; what hangs on it is not taken in."""
TOO_LARGE = f"An e-mail has up to {LARGEST // 1024 // 1024} MB."


@dataclass(frozen=True, slots=True)
class Email:
    """`received`: the day our own mail server wrote on it, or the day it was sent; None where neither is there.
    `attached`: names of files that hang on it: a person looks whether the request is in one of them."""

    text: str
    requester: Requester
    received: date | None
    attached: tuple[str, ...] = ()


def read_email(content: bytes, zone: str = "Europe/London") -> Email:
    """In this process, which an e-mail can keep busy: `foi_email_apart` is what serves. Raises WrongValue, with one
    line, for what is no e-mail or holds no words."""
    if len(content) > LARGEST:
        raise WrongValue(TOO_LARGE)
    try:
        found = _parsed(content, zone)
    except WrongValue:
        raise
    except Exception as error:  # the parser of the standard library trips over what strangers send
        raise WrongValue("This e-mail cannot be read. Please paste its words.") from error
    if not found.text.strip():
        raise WrongValue("There are no words in this e-mail. Please paste the request.")
    return found


def _parsed(content: bytes, zone: str) -> Email:
    message = BytesParser(policy=policy.default).parsebytes(content)
    if not isinstance(message, EmailMessage) or not any(
        name in message for name in ("from", "date", "received")
    ):
        raise WrongValue("This is not an e-mail: please save it as .eml, or paste its words.")
    name, address = parseaddr(str(message["from"] or ""))
    attached = tuple(one.get_filename() or "a file without a name" for one in message.iter_attachments())
    text = _words(message).replace("\0", "")[:LONGEST]
    requester = Requester(" ".join(name.split())[:200], " ".join(address.split())[:400])
    return Email(text, requester, _received(message, zone), attached)


def _words(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    content = body.get_content()
    if not isinstance(content, str):
        return ""
    return content if body.get_content_subtype() != "html" else plain(content)


HIDDEN = frozenset(("style", "script", "head", "title"))
LINES = frozenset(("br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"))
LARGEST_HTML = 1_000_000
"""Characters that are looked at."""


def plain(html: str) -> str:
    """The words of an HTML part: what is not shown is left out, a block begins a line. Read once from left to right,
    so that nobody can make it slow."""
    html, words, at = html[:LARGEST_HTML], [], 0
    while (tag := html.find("<", at)) >= 0:
        words.append(re.sub(r"\s+", " ", html[at:tag]))
        if html.startswith("<!--", tag):
            at = _after(html, "-->", tag)
            continue
        found = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]{0,15})|<[!?]").match(html, tag)
        if found is None:  # a sign and no tag
            words.append("<")
            at = tag + 1
            continue
        at, name = _after(html, ">", tag), (found[1] or "").lower()
        if name in HIDDEN and html[tag + 1] != "/":
            end = next(re.compile(f"</{name}", re.IGNORECASE).finditer(html, at), None)
            at = _after(html, ">", end.start()) if end else len(html)
        if name in LINES:
            words.append("\n")
    words.append(re.sub(r"\s+", " ", html[at:]))
    lines = unescape("".join(words)).replace("\xa0", " ").splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def _after(text: str, mark: str, at: int) -> int:
    """Where it goes on after the mark; the end where there is none."""
    found = text.find(mark, at)
    return len(text) if found < 0 else found + len(mark)


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
