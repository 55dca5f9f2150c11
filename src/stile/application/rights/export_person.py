"""A copy of everything that is held about one person, to take away: a ZIP with a page to read, the same as JSON for
another program, and a README (UK GDPR Arts. 15(3) and 20).

The same copy answers an access request at the desk and the download on the member's own page. It holds the person's
data and nobody else's (Art. 15(4)): see `stile.domain.held`.
"""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime

from stile.application.rights.my_data import MyData
from stile.domain.audit import Event
from stile.domain.held import Held
from stile.domain.ids import MemberId
from stile.domain.rights_request import ARTICLES
from stile.ports import Clock, Store

FORMAT = "stile-person-1"
"""Stands in the file. A change of meaning takes a new number; a further field does not."""

FIELDS = {
    "format": "what this file is: `stile-person-1`",
    "read_at": "the moment at which all of it was read, UTC",
    "operator": "who runs the centre, the controller of these data; `contact`: their data protection officer",
    "member": "the membership: number, name, date of birth, e-mail, telephone, kind, status, last day, centres and "
    "hours it admits to, card numbers, group, direct marketing with when and how it was chosen",
    "face": "`consents`: each consent ever given to be recognised by face, with the exact words and their SHA-256, "
    "which other ways in were offered, and whether staff sat beside; "
    "`templates`: model pack, when made, from how many pictures, how many numbers it has, how large it is encrypted; "
    "`restricted_since`: since when it is kept and not used; `looks_alike`: whether another member looks so much alike "
    "that both are asked for the card",
    "passages": "each time the person came in or asked to: when, where, how, what came of it, why, the score of the "
    "comparison where a face was recognised, and what staff noted about it",
    "audit": "the entries of the audit log about the person: position, when, what, by which role, and facts",
    "requests": "requests and complaints of the person, with every step that was taken",
    "others": "what else is kept: a PIN, a phone that opens the lane, a group that they placed themselves in, being "
    "inside, what a parent or guardian said",
    "links": "links that were made for the person: what for, how long they worked, when they were used",
}
"""The parts of `data.json`, for the README and the reference."""

README = """\
This is a copy of everything that {operator} holds about you in Stile, the system at the entrance.

index.html   to read: open it with a double click. It needs no internet.
data.json    the same for a computer program, to keep or to take to somebody else.

It was made on {day}. It holds your data and nobody else's: staff stand in it by their role.

Your template, the numbers that your face was turned into, is described and not included. It is encrypted, it could not
be read by you, and nobody else should have a copy.

The parts of data.json
{fields}

You may have any of it corrected or erased, withdraw your consent, and complain to us; and to the Information
Commissioner's Office, ico.org.uk, telephone 0303 123 1113.
"""


class ExportPerson:
    def __init__(self, store: Store, data: MyData, clock: Clock) -> None:
        self._store, self._data, self._clock = store, data, clock

    def of(self, member: MemberId, actor: str, render: Callable[[Held], str]) -> bytes:
        """The ZIP. `render`: the page to read. That it was made is recorded before it leaves. Raises NotFound."""
        held = self._data.of(member)
        page = render(held)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
            for name, text in (
                ("index.html", page),
                ("data.json", json.dumps(as_data(held), ensure_ascii=False, indent=2)),
                ("README.txt", readme(held)),
            ):
                entry = zipfile.ZipInfo(name, held.read_at.timetuple()[:6])
                entry.compress_type = zipfile.ZIP_DEFLATED
                folder.writestr(entry, text)
        with self._store.begin() as work:
            work.audit.append(self._clock.now(), Event.DATA_EXPORTED, actor, str(member))
            work.commit()
        return out.getvalue()


def readme(held: Held) -> str:
    fields = "\n".join(f"  {name}: {what}" for name, what in FIELDS.items())
    return README.format(
        operator=held.operator, day=f"{held.read_at:%-d %B %Y}", fields=fields.replace("`", "")
    )


def as_data(held: Held) -> dict[str, object]:
    """`data.json`, by FIELDS. Times in UTC, ISO 8601."""
    return {
        "format": FORMAT,
        "read_at": _moment(held.read_at),
        "operator": {"name": held.operator, "contact": held.contact},
        "member": _member(held),
        "face": _face(held),
        "passages": [
            {
                "at": _moment(one.passage.at),
                "lane": one.lane,
                "method": one.passage.method,
                "outcome": one.passage.outcome,
                "reason": one.passage.reason,
                "score": one.passage.comparison.score if one.passage.comparison else None,
                "threshold": one.passage.comparison.threshold if one.passage.comparison else None,
                "noted": one.seen,
            }
            for one in held.passages
        ],
        "audit": [
            {
                "position": one.position,
                "at": _moment(one.at),
                "event": one.event,
                "by": one.by,
                "detail": dict(one.detail),
            }
            for one in held.trail
        ],
        "requests": _requests(held),
        "others": [{"what": one.what, "since": _moment(one.since), "more": one.more} for one in held.others],
        "links": [
            {"what": one.what, "expires_at": _moment(one.expires_at), "used_at": _moment(one.used_at)}
            for one in held.links
        ],
    }


def _member(held: Held) -> dict[str, object]:
    member = held.member
    return {
        "id": str(member.id),
        "number": member.number,
        "given_name": member.given_name,
        "family_name": member.family_name,
        "born_on": member.born_on.isoformat() if member.born_on else None,
        "email": member.email,
        "phone": member.phone,
        "kind": member.kind,
        "status": member.status,
        "expires_on": member.expires_on.isoformat() if member.expires_on else None,
        "centre": held.centre,
        "centres": list(held.centres),
        "hours": str(member.hours) if member.hours else None,
        "cards": list(member.cards),
        "group": member.group,
        "marketing": {
            "agreed": member.marketing,
            "at": _moment(member.marketing_at),
            "how": member.marketing_how,
        },
    }


def _face(held: Held) -> dict[str, object]:
    return {
        "consents": [
            {
                "given_at": _moment(one.consent.given_at),
                "withdrawn_at": _moment(one.consent.withdrawn_at),
                "notice_version": one.consent.notice_version,
                "notice_sha256": one.consent.notice_sha256,
                "words": one.words,
                "channel": one.consent.channel,
                "given_by": one.consent.given_by,
                "giver": one.consent.giver,
                "relation": one.consent.relation,
                "offered": sorted(one.consent.offered),
                "assisted": one.consent.assisted_by is not None,
            }
            for one in held.consents
        ],
        "templates": [
            {
                "pack": one.pack,
                "made_at": _moment(one.made_at),
                "shots": one.shots,
                "numbers": one.numbers,
                "sealed_bytes": one.sealed_bytes,
            }
            for one in held.templates
        ],
        "restricted_since": _moment(held.restricted_since),
        "looks_alike": held.looks_alike,
    }


def _requests(held: Held) -> list[dict[str, object]]:
    return [
        {
            "number": one.number,
            "kind": one.kind,
            "under": ARTICLES[one.kind],
            "came_by": one.came_by,
            "words": one.words,
            "state": one.state,
            "last_day": one.last_day.isoformat() if one.last_day else None,
            "steps": [
                {"step": step.step, "on": step.on.isoformat(), "note": step.note, "ground": step.ground}
                for step in one.history
            ],
        }
        for one in held.requests
    ]


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
