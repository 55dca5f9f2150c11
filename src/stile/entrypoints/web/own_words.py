"""Requests, their clocks and the audit log in plain words, for the member and for whoever handles them."""

from collections.abc import Mapping
from datetime import date

from stile.domain.audit import Event
from stile.domain.held import Trace
from stile.domain.rights_request import CameBy, Clock, Ground, Kind, State, Step

KINDS = {
    Kind.ACCESS: "A copy of the data",
    Kind.RECTIFICATION: "Correct something",
    Kind.ERASURE: "Erase the data",
    Kind.RESTRICTION: "Keep it, but do not use it",
    Kind.PORTABILITY: "Take the data elsewhere",
    Kind.OBJECTION: "Objection",
    Kind.WITHDRAWAL: "Withdraw the consent",
    Kind.COMPLAINT: "Complaint",
}
STATES = {
    State.RECEIVED: "Received",
    State.IDENTITY_AWAITED: "Waiting for proof of identity",
    State.CLARIFICATION_AWAITED: "Waiting for a clarification",
    State.SEARCHING: "Being worked on",
    State.EXTENDED: "Being worked on, extended",
    State.ACKNOWLEDGED: "Acknowledged",
    State.LOOKED_INTO: "Being looked into",
    State.ANSWERED: "Answered",
    State.REFUSED: "Refused",
    State.CLOSED: "Closed",
}
STEPS = {
    Step.RECEIVE: "Received",
    Step.ASK_IDENTITY: "Asked for proof of identity",
    Step.IDENTITY_SHOWN: "Identity was shown",
    Step.ASK_CLARIFICATION: "Asked what exactly is meant",
    Step.CLARIFIED: "It was clarified",
    Step.SEARCH: "Work began",
    Step.EXTEND: "Extended by two months",
    Step.ACKNOWLEDGE: "Acknowledged",
    Step.LOOK_INTO: "Looked into",
    Step.TELL_PROGRESS: "Told how it goes",
    Step.ANSWER: "Answered",
    Step.REFUSE: "Refused",
    Step.TAKE_BACK: "Taken back by the person",
    Step.CLOSE: "Closed",
    Step.NOTE: "Note",
}
DO = {
    Step.ASK_IDENTITY: "Ask for proof of identity",
    Step.IDENTITY_SHOWN: "Identity was shown",
    Step.ASK_CLARIFICATION: "Ask what exactly is meant",
    Step.CLARIFIED: "It was clarified",
    Step.SEARCH: "Begin the work",
    Step.EXTEND: "Extend by two months",
    Step.ACKNOWLEDGE: "Acknowledge it",
    Step.LOOK_INTO: "Look into it",
    Step.TELL_PROGRESS: "Tell how it goes",
    Step.ANSWER: "It is answered",
    Step.REFUSE: "Refuse",
    Step.TAKE_BACK: "The person took it back",
    Step.CLOSE: "Close",
}
"""What stands on the button of a step."""
GROUNDS = {
    Ground.COMPLEX: "The request is complex",
    Ground.MANY_REQUESTS: "The person made many requests",
    Ground.MANIFESTLY_UNFOUNDED: "Manifestly unfounded",
    Ground.EXCESSIVE: "Excessive",
    Ground.EXEMPT: "An exemption applies",
    Ground.IDENTITY_NOT_SHOWN: "Identity was not shown",
}
CAME_BY = {
    CameBy.OWN_PAGE: "on the member’s own page",
    CameBy.DESK: "at the desk",
    CameBy.EMAIL: "by e-mail",
    CameBy.LETTER: "by letter",
    CameBy.TELEPHONE: "by telephone",
}
EVENTS: Mapping[str, str] = {
    Event.MEMBER_ADDED: "Your membership was entered",
    Event.MEMBER_CHANGED: "Something of your membership was changed",
    Event.MEMBER_SEEN: "Your data were looked at",
    Event.INVITATION_MADE: "A link to enrol was made for you",
    Event.INVITATION_SENT: "A link to enrol was sent to you",
    Event.INVITATION_ENDED: "A link to enrol was ended",
    Event.GUARDIAN_NAMED: "A parent or guardian of yours was named",
    Event.FAMILY_SAID: "You, or a parent or guardian, said something about coming in by face",
    Event.CONSENT_GIVEN: "You agreed to come in by face",
    Event.CONSENT_LAPSED: "Your consent came to its end",
    Event.CONSENT_WITHDRAWN: "Your consent was withdrawn",
    Event.TEMPLATE_STORED: "Your template was made and locked",
    Event.TEMPLATE_ERASED: "Your template and its key were destroyed",
    Event.TEMPLATE_EXPIRED: "Your template and its key were destroyed: its time was over",
    Event.WAY_LINK_MADE: "A link to set up a PIN or a phone was made for you",
    Event.PIN_SET: "Your PIN was set",
    Event.PIN_REMOVED: "Your PIN was ended",
    Event.PIN_RESTS: "Your PIN rests, after wrong tries at a lane",
    Event.PHONE_REGISTERED: "A phone was set up to show your code",
    Event.PHONE_ENDED: "The code on your phone was ended",
    Event.GROUP_CHOSEN: "You stated a group, for comparing error rates",
    Event.GROUP_REMOVED: "The group that you stated was deleted",
    Event.OWN_LINK_MADE: "A link to this page was made for you",
    Event.OWN_SIGNED_IN: "You opened this page",
    Event.OWN_SIGNED_OUT: "You closed this page",
    Event.DATA_EXPORTED: "A copy of your data was made",
    Event.FACE_RESTRICTED: "Your template was set aside, not to be used",
    Event.RESTRICTION_LIFTED: "Your template may be used again",
    Event.RIGHTS_REQUESTED: "You asked for something about your data",
    Event.RIGHTS_STEP_TAKEN: "A step was taken with what you asked",
}


def event(trace: Trace) -> str:
    """An entry of the audit log, to the person it is about. One of a later version is shown as it is written."""
    return EVENTS.get(trace.event, trace.event)


def about(trace: Trace) -> str:
    """What of the person's data it was about, where the entry says so."""
    said = str(trace.detail.get("what") or trace.detail.get("fields") or "")
    return said.replace(",", ", ").replace("_", " ")


def clock(read: Clock) -> str:
    """What the clock of a request shows, to whoever handles it."""
    if read.stopped_by is not None:
        return f"Stopped: {STATES[read.stopped_by].lower()}"
    if read.by is None:
        return read.for_what
    assert read.days_left is not None
    return f"{read.for_what} by {day(read.by)}"


def days(read: Clock) -> str:
    """How long is left."""
    if read.days_left is None:
        return ""
    if read.days_left < 0:
        return f"{-read.days_left} {_days(-read.days_left)} overdue"
    return "today" if read.days_left == 0 else f"{read.days_left} {_days(read.days_left)} left"


def promise(read: Clock) -> str:
    """The same, to the person who asked."""
    if read.stopped_by is not None:
        return "We are waiting for your answer; until then the time stands still."
    if read.by is None:
        return "We tell you the outcome without undue delay." if read.for_what else ""
    what = "You hear from us" if read.for_what == "Acknowledge" else "You have our answer"
    return f"{what} by {day(read.by)} at the latest."


def sentence(text: str) -> str:
    """An error as it is shown beside its form."""
    return text[:1].upper() + text[1:].rstrip(".") + "."


def day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


def _days(number: int) -> str:
    return "day" if number == 1 else "days"
