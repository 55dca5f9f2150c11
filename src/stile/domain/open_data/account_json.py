"""The account as JSON. Its schema (`schemas.ACCOUNT`) is published beside it."""

from collections.abc import Sequence
from typing import Any

from stile.domain.account import Account, Publisher
from stile.domain.foi_desk.disclosure_log import Disclosed
from stile.domain.foi_desk.draft import Answer
from stile.domain.open_data.figures_json import count_json, figures_json, groups_json
from stile.domain.register_feed import entries_json

FORMAT = "stile-account/1"


def account_json(account: Account, base: str) -> dict[str, Any]:
    """`base`: the address under which all of it is published, without a slash at its end."""
    notice, head = account.notice, account.head
    return {
        "$schema": f"{base}/account.schema.json",
        "format": FORMAT,
        "as_of": account.day.isoformat(),
        "url": f"{base}/account.json",
        "licence": account.publisher.licence,
        "organisation": _publisher(account.publisher),
        "questions": _answers(account.questions),
        "more": _answers(account.more),
        "register": entries_json(account.register.entries),
        "figures": [figures_json(one) for one in account.figures] if account.has_figures else None,
        "groups": [groups_json(one) for one in account.groups],
        "enrolled": None
        if account.enrolled is None
        else [
            {"centre": centre, "place": place, "age_group": group, "members": count_json(count)}
            for centre, place, group, count in account.enrolled.lines
        ],
        "disclosure_log": [_disclosed(one) for one in account.disclosed],
        "left_out": [
            {"what": one.what, "part": one.part, "because": one.because} for one in account.left_out
        ],
        "alternatives": list(account.alternatives),
        "notice": None
        if notice is None
        else {"version": notice.version, "sha256": notice.sha256, "words": notice.words},
        "audit_log": None if head is None else {"checkpoint": head.note, "public_key": head.key},
    }


def _publisher(one: Publisher) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind.value,
        "address": one.address or None,
        "data_protection_officer": one.officer or None,
        "privacy_contact": one.contact or None,
        "requests": one.requests or None,
    }


def _answers(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    return [
        {
            "n": one.question.n,
            "text": one.question.text,
            "held": one.held.value,
            "answer": one.text,
            "citations": [{"entry": cited.entry, "date": cited.date.isoformat()} for cited in one.citations],
        }
        for one in answers
    ]


def _disclosed(one: Disclosed) -> dict[str, Any]:
    return {
        "ref": one.ref,
        "title": one.title,
        "received": one.received.isoformat(),
        "answered": one.answered.isoformat(),
        "published": one.published_on.isoformat(),
        "law": one.regime.value,
        "questions": [
            {
                "n": answer.n,
                "text": answer.question,
                "held": None if answer.refused else answer.held.value,  # it may be what is not told
                "answer": answer.text,
                "refused": answer.refused or None,
            }
            for answer in one.answers
        ],
        "papers": [{"name": paper.name, "sha256": paper.sha256} for paper in one.papers],
    }
