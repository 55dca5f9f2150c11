"""The record of processing filled in: what is done with faces as the register says it, and what this program does
besides."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from stile.domain.children import Children
from stile.domain.notice import how_long
from stile.domain.processing_record import (
    NOT_RECORDED,
    Activity,
    Known,
    Organisation,
    Part,
    ProcessingRecord,
    part_of,
    same,
)
from stile.domain.register import Deployment, DocumentKind, OrganisationKind, Phase, Register
from stile.domain.retention import RULES, Because, Subject


def record(of: Organisation, register: Register, known: Known, on: date) -> ProcessingRecord:
    """`register`: as of the day."""
    faces: dict[Activity, list[str]] = {}
    outside: list[Deployment] = []
    for entry in register.deployments():
        fact = entry.fact
        if not isinstance(fact, Deployment) or (
            fact.phase is Phase.ENDED and not _kept_still(of, fact, known, on)
        ):
            continue
        part = part_of(of, replace(fact, phase=Phase.IN_USE))
        if part is None:
            outside.append(fact)
            continue
        # Centres where everything is the same are one activity at several places.
        faces.setdefault(_by_face(of, fact, part, known), []).append(fact.place)
    found = [_at(activity, places) for activity, places in faces.items()]
    if of.kind is OrganisationKind.OPERATOR:
        found += [_by_card(of, known), *([_groups(of, known)] if known.groups else []), _rights(of, known)]
    return ProcessingRecord(of, on, [*found, _requests(of, known), _staff(of, known)], outside)


BY_FACE = (Subject.LAPSED_TEMPLATES, Subject.ENDED_CONSENTS, Subject.PASSAGES)


def _kept_still(of: Organisation, fact: Deployment, known: Known, on: date) -> bool:
    """Keeping is processing too (UK GDPR Art. 4(2)): a use of its own stays in the record until all of it is gone."""
    longest = timedelta(days=max(known.days[one] for one in BY_FACE))
    return same(fact.operator, of.name) and fact.until is not None and on <= fact.until + longest


def _at(activity: Activity, places: Sequence[str]) -> Activity:
    return replace(activity, places="; ".join(places))


def _by_face(of: Organisation, fact: Deployment, part: Part, known: Known) -> Activity:
    ours = same(fact.operator, of.name)
    planned = {
        Phase.PLANNED: " (planned, not begun)",
        Phase.ENDED: " (ended; what is kept is deleted in its time)",
    }.get(fact.phase, "")
    parties = [f"{one.name} ({one.part})" if one.part else one.name for one in fact.processors]
    recipients = [*parties, *([known.recipients] if ours and known.recipients else [])]
    if not ours:
        recipients.insert(0, f"{fact.operator} (runs it)")
    dpia = fact.document(DocumentKind.DPIA)
    return Activity(
        part,
        f"Coming in by face{planned}",
        fact.controller or NOT_RECORDED,
        "; ".join(fact.joint_controllers) or "None recorded",
        "",
        fact.purpose or NOT_RECORDED,
        "; ".join(one for one in (fact.lawful_basis, fact.condition) if one) or NOT_RECORDED,
        _members(known) if ours else "Members of the leisure centres",
        "Template of the face (biometric data, special category), consent and the notice agreed to, passages",
        "; ".join(recipients) or "None recorded",
        known.transfers.get(fact.key, "") or NOT_RECORDED,
        _kept(known, *BY_FACE) if ours else fact.retention or NOT_RECORDED,
        f"Each template is sealed under a key of its own; no picture is kept. {_security(known)}"
        if ours
        else f"As {fact.operator} keeps them; not recorded here",
        f"{dpia.title}, {dpia.at.isoformat()}" if dpia else NOT_RECORDED,
    )


def _by_card(of: Organisation, known: Known) -> Activity:
    return _own(
        of,
        known,
        "Members, and coming in by card, PIN or phone",
        "To let members in, and to know who was let in",
        "Contract (Art. 6(1)(b)); legitimate interests in a safe entrance (Art. 6(1)(f))",
        _members(known),
        "Name, membership number, state and last day of the membership, cards, contact, PIN (sealed hash), a phone’s"
        " public key, passages, who looked at them",
        _kept(known, Subject.LAPSED_MEMBERS, Subject.PASSAGES, Subject.LINKS, Subject.IMPORTS),
        recipients=known.recipients,
    )


def _groups(of: Organisation, known: Known) -> Activity:
    return _own(
        of,
        known,
        "Comparing how often it is wrong between groups",
        "To see whether the system is wrong more often for some than for others",
        "Consent (Art. 6(1)(a)); explicit consent (Art. 9(2)(a)) where a group tells something of a special category",
        "Members who placed themselves in a group",
        f"The group ({', '.join(known.groups)}); what is published are counts of at least five people",
        "Until the member takes it back, or is erased",
    )


def _rights(of: Organisation, known: Known) -> Activity:
    return _own(
        of,
        known,
        "Requests and complaints about personal data",
        "To answer people who use their rights, and to show that it was done",
        "Legal obligation (Art. 6(1)(c); Arts. 12 to 22)",
        "Members and others who ask",
        "Name, where to answer, what was asked, what was answered and when",
        _kept(known, Subject.REQUESTS),
    )


def _requests(of: Organisation, known: Known) -> Activity:
    return _own(
        of,
        known,
        "Requests for information",
        "To answer requests for information about facial recognition, and to publish the answers without the requester",
        "Legal obligation (Art. 6(1)(c); Freedom of Information Act 2000)"
        if known.bound
        else "Legitimate interests in answering what the public asks (Art. 6(1)(f))",
        "People who ask",
        "Name, address for the answer, the request in their words, the answer",
        _kept(known, Subject.FOI),
    )


def _staff(of: Organisation, known: Known) -> Activity:
    return _own(
        of,
        known,
        "Staff accounts and the audit log",
        "To let only those in who may, and to be able to show who did what",
        "Legal obligation: security of processing, and being able to show it (Art. 6(1)(c); Arts. 5(2), 32)",
        "Staff with an account",
        "Name, roles, password hash and second factors, sessions, what was done when",
        f"{_kept(known, Subject.SESSIONS)}\nAccounts: {Because.STAFF}\nAudit log: {Because.AUDIT}",
    )


def _own(
    of: Organisation,
    known: Known,
    name: str,
    purposes: str,
    basis: str,
    people: str,
    data: str,
    kept: str,
    recipients: str = "",
) -> Activity:
    return Activity(
        Part.CONTROLLER,
        name,
        of.name,
        "None recorded",
        "Everywhere",
        purposes,
        basis,
        people,
        data,
        recipients or "Nobody outside the organisation",
        "None by this program",
        kept,
        _security(known),
        "Not of this activity",
    )


def _members(known: Known) -> str:
    if known.children is Children.OFF:
        return "Members of 18 and over"
    young = "13 to 17" if known.children is Children.FROM_13 else "under 18"
    return f"Members, among them children ({young}); their parents and guardians"


def _kept(known: Known, *subjects: Subject) -> str:
    return "\n".join(
        f"{RULES[one].label}: {how_long(known.days[one])} after {RULES[one].since}" for one in subjects
    )


def _security(known: Known) -> str:
    found = ["Roles with least rights; an audit log that cannot be changed unseen"]
    if known.safeguards.second_factor:
        found.append("staff sign in with a second factor")
    if known.safeguards.over_tls:
        found.append("pages over TLS only")
    if known.safeguards.backups:
        found.append("encrypted backups without templates or keys")
    return f"{'; '.join(found)}."
