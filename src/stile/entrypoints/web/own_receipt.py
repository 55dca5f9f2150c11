"""What a member is sent about what was done on their own page: the receipt of a withdrawal, and that their address was
changed."""

import logging
from zoneinfo import ZoneInfo

from stile.application.withdraw import Receipt
from stile.domain.errors import StileError
from stile.domain.ids import MemberId
from stile.entrypoints.web.context import Web
from stile.ports import Letter

TEXT = """\
RECEIPT: CONSENT WITHDRAWN

Operator      {operator}
Member        {number}
When          {when}
Removed       {removed}

What was destroyed
The template, which is the list of numbers that the face was turned into, and the key that opened it. Both went in one
act from the store and from the running system. Neither can be brought back. Entry by card, at the same door, goes on.

How to check it
The audit log of {operator} holds this act as entry {position}. Its fingerprint (SHA-256) is

{leaf}

Ask {contact} to show you entry {position}: the same fingerprint must stand there. The log is built so that no entry can
be changed, removed or moved without its checks finding it: `stile audit verify` is the command.

If you doubt it, you may complain to us, and to the Information Commissioner's Office: ico.org.uk, telephone
0303 123 1113.
"""

CHANGED = """\
Good day,

the e-mail address that {operator} has of you was changed on your own page just now. Letters and links go to the new one
from now on, and links that were sent here work no more.

If it was not you, please tell {contact} at once.

{operator}
"""

log = logging.getLogger(__name__)


def removed(receipt: Receipt) -> str:
    """In words."""
    if not receipt.templates:
        return "no template was stored"
    many = receipt.templates != 1
    return f"{receipt.templates} template{'s' if many else ''} and {'their keys' if many else 'its key'}"


def as_text(web: Web, receipt: Receipt) -> str:
    with web.site.store.read() as work:
        operator, member = work.operators.only(), work.members.get(receipt.member)
    at = receipt.at.astimezone(ZoneInfo(web.site.settings.time_zone))
    return TEXT.format(
        operator=operator.name if operator else "the operator",
        number=member.number if member else receipt.member,
        when=f"{at:%-d %B %Y, %H:%M:%S %Z}",
        removed=removed(receipt),
        position=receipt.audit_position,
        leaf=receipt.audit_digest,
        contact=web.site.settings.privacy_contact or "reception",
    )


def mail(web: Web, id: MemberId, receipt: Receipt) -> None:
    """To the member's own address, where there is one and a mail server. It stands on the page whether or not the
    letter could be sent."""
    with web.site.store.read() as work:
        member = work.members.get(id)
    if member is None or member.email is None or not web.site.mail.is_set_up:
        return
    try:
        web.site.mail.send(Letter(member.email, "Your consent is withdrawn", as_text(web, receipt)))
    except StileError as error:  # never with the address
        log.warning("a receipt was not sent: %s", type(error).__name__)


def tell_old_address(web: Web, old: str) -> None:
    """Without the new one: this mailbox may be somebody else's by now."""
    if not web.site.mail.is_set_up:
        return
    with web.site.store.read() as work:
        operator = work.operators.only()
    name = operator.name if operator else "the operator"
    text = CHANGED.format(operator=name, contact=web.site.settings.privacy_contact or "reception")
    try:
        web.site.mail.send(Letter(old, f"Your e-mail address at {name} was changed", text))
    except StileError as error:  # never with the address
        log.warning("a changed address was not told: %s", type(error).__name__)
