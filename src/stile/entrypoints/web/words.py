"""Every decision in plain words: for the person at the kiosk, and for the staff at the desk.

The kiosk accuses nobody: whatever a face attempt was referred for, the words are the same (a stranger, a blurred
picture and a suspected photograph read alike), except where only reception can help.
"""

from dataclasses import dataclass

from stile.application.attempt import Looking
from stile.application.gate import Concluded
from stile.domain.adjudication import Verdict
from stile.domain.challenge import Turn
from stile.domain.door import DoorState
from stile.domain.member import MembershipStatus
from stile.domain.passage import (
    Admit,
    AdmitReason,
    Method,
    Outcome,
    Refer,
    ReferReason,
    Refuse,
    RefuseReason,
)
from stile.domain.spot_checks import SpotAnswer


@dataclass(frozen=True, slots=True)
class Said:
    """What the kiosk shows. `outcome` chooses the picture and the colour; the words stand on their own. `offers`: ways
    that can be tried at once, each a button."""

    outcome: Outcome
    headline: str
    detail: str
    offers: tuple[Method, ...] = ()


USE_CARD = Said(
    Outcome.REFER,
    "Please use your card",
    "Or your PIN or phone. Each opens the same door, just as fast.",
    (Method.CARD, Method.PIN, Method.PASS),
)
USE_ANOTHER = Said(
    Outcome.REFER,
    "The keypad needs a pause",
    "Please use your card or your phone. Each opens the same door, just as fast.",
    (Method.CARD, Method.PASS),
)
SEE_RECEPTION = Said(
    Outcome.REFER, "Please see reception", "They will let you in. We are sorry for the wait."
)

REFUSED: dict[RefuseReason, Said] = {
    RefuseReason.LAPSED: Said(Outcome.REFUSE, "Your membership has run out", "Please see reception."),
    RefuseReason.EXPIRED: Said(Outcome.REFUSE, "Your membership has run out", "Please see reception."),
    RefuseReason.SUSPENDED: Said(Outcome.REFUSE, "Your membership is paused", "Please see reception."),
    RefuseReason.WRONG_CENTRE: Said(
        Outcome.REFUSE, "Your membership is for another centre", "Please see reception."
    ),
    RefuseReason.OUTSIDE_HOURS: Said(
        Outcome.REFUSE, "Your membership admits at other hours", "Please see reception."
    ),
    RefuseReason.ALREADY_INSIDE: Said(
        Outcome.REFUSE, "You seem to be inside already", "Please see reception."
    ),
    RefuseReason.CENTRE_FULL: Said(Outcome.REFUSE, "The centre is full just now", "Please see reception."),
    RefuseReason.UNKNOWN_CARD: Said(Outcome.REFUSE, "We do not know this card", "Please see reception."),
    RefuseReason.WRONG_PIN: Said(
        Outcome.REFUSE,
        "Number and PIN do not go together",
        "After five wrong tries a PIN rests for a while. Your card and phone go on working.",
        (Method.PIN, Method.CARD, Method.PASS),
    ),
    RefuseReason.UNKNOWN_PASS: Said(
        Outcome.REFUSE,
        "We do not know this code",
        "Show the code of your own phone, or please see reception.",
        (Method.PASS, Method.CARD, Method.PIN),
    ),
    RefuseReason.PASS_USED: Said(
        Outcome.REFUSE,
        "This code was used already",
        "Wait for the next one on your phone. It comes within 30 seconds.",
        (Method.PASS, Method.CARD, Method.PIN),
    ),
    RefuseReason.PASS_OUT_OF_DATE: Said(
        Outcome.REFUSE,
        "This code is out of date",
        "Show the one on your phone now. A picture of it does not work.",
        (Method.PASS, Method.CARD, Method.PIN),
    ),
}

AT_THE_DESK: dict[AdmitReason | RefuseReason | ReferReason, str] = {
    AdmitReason.FACE_MATCHED: "Face recognised",
    AdmitReason.CARD_ACCEPTED: "Card accepted",
    AdmitReason.PIN_ACCEPTED: "Number and PIN accepted",
    AdmitReason.PASS_ACCEPTED: "Code on the phone accepted",
    AdmitReason.FORGOT_CARD: "Forgot the card",
    AdmitReason.NOT_RECOGNISED: "Was not recognised",
    AdmitReason.READER_FAULT: "Reader or screen at fault",
    AdmitReason.GUEST: "Guest",
    AdmitReason.ACCESS_NEED: "Access need",
    AdmitReason.OTHER: "Other reason",
    RefuseReason.LAPSED: "Membership has lapsed",
    RefuseReason.SUSPENDED: "Membership is suspended",
    RefuseReason.EXPIRED: "Membership has run out",
    RefuseReason.WRONG_CENTRE: "Membership is for another centre",
    RefuseReason.OUTSIDE_HOURS: "Membership admits at other hours",
    RefuseReason.ALREADY_INSIDE: "Is inside already",
    RefuseReason.CENTRE_FULL: "Centre is full",
    RefuseReason.UNKNOWN_CARD: "Card is not known",
    RefuseReason.WRONG_PIN: "Number and PIN did not go together",
    RefuseReason.UNKNOWN_PASS: "Code on the phone is not known",
    RefuseReason.PASS_USED: "Code was used already",
    RefuseReason.PASS_OUT_OF_DATE: "Code was out of date",
    ReferReason.NO_MATCH: "Matched no member",
    ReferReason.AMBIGUOUS: "Too close between two members",
    ReferReason.NO_GOOD_FRAME: "No clear picture in time",
    ReferReason.NOT_SHOWN_LIVE: "Could not be sure of a live face",
    ReferReason.SPOOF: "Taken for a picture of a face",
    ReferReason.CHALLENGE_FAILED: "Head turns were not as asked",
    ReferReason.TOO_MANY_ATTEMPTS: "Several attempts in a row: asked for the card",
    ReferReason.NO_CONSENT: "No consent stands, or its use is paused",
    ReferReason.FACE_MODE_OFF: "Face mode is off in this lane",
    ReferReason.NOT_REGISTERED: "The register is not complete for this centre",
    ReferReason.NOBODY_ENROLLED: "No member is enrolled yet",
    ReferReason.NOT_CALIBRATED: "No measured error rate for this many members",
    ReferReason.VISION_DOWN: "Face recognition is not working",
    ReferReason.PIN_RESTS: "Many wrong PINs at this lane: its PIN keypad rests",
    ReferReason.PIN_NOT_CHECKED: "PINs cannot be checked: the site key is not the right one",
    ReferReason.CANNOT_RECORD: "Could not be recorded",
}

VERDICTS = {
    Verdict.RIGHT: "Right",
    Verdict.WRONG_PERSON: "Wrong person",
    Verdict.SHOULD_HAVE_OPENED: "Should have opened",
    Verdict.ATTACK: "Attack",
    Verdict.RIGHTLY_REFERRED: "Rightly asked for the card",
}
"""What somebody saw of a passage afterwards."""

SPOT_ANSWERS = {
    SpotAnswer.RIGHT: "Yes",
    SpotAnswer.WRONG_PERSON: "No, somebody else",
    SpotAnswer.ATTACK: "No, a picture or mask",
    SpotAnswer.NOT_SEEN: "I did not see",
}
"""What reception answers when a spot check asks whether it was the member."""

_BY_VALUE = {str(reason): words for reason, words in AT_THE_DESK.items()}

OUTCOMES = {Outcome.ADMIT: "Let in", Outcome.REFUSE: "Not let in", Outcome.REFER: "Asked for the card"}
METHODS = {
    Method.FACE: "Face",
    Method.CARD: "Card",
    Method.PIN: "PIN",
    Method.PASS: "Phone",
    Method.STAFF: "By hand",
}
STATUSES = {
    MembershipStatus.ACTIVE: "Active",
    MembershipStatus.LAPSED: "Lapsed",
    MembershipStatus.SUSPENDED: "Suspended",
}
DOORS = {DoorState.SHUT: "Shut", DoorState.OPEN: "Open", DoorState.FAULT: "At fault: see to it"}

TURNS = {
    Turn.LEFT: "Please turn your head to your left",
    Turn.RIGHT: "Please turn your head to your right",
}
HOLD_STILL = "Look straight at the camera"
UNREADABLE = "One moment, the picture did not arrive well"


NO_PINS_NOW = frozenset({ReferReason.PIN_RESTS, ReferReason.PIN_NOT_CHECKED})


def at_the_kiosk(concluded: Concluded) -> Said:
    """What the person is told. Never says why a face was not enough."""
    decision = concluded.decision
    if isinstance(decision, Admit):
        if not concluded.door_opened:
            return SEE_RECEPTION
        return Said(Outcome.ADMIT, _welcome(concluded.greeting), "Please come in.")
    if isinstance(decision, Refuse):
        return REFUSED[decision.reason]
    assert isinstance(decision, Refer)
    if decision.reason is ReferReason.CANNOT_RECORD:
        return SEE_RECEPTION
    return USE_ANOTHER if decision.reason in NO_PINS_NOW else USE_CARD


def while_looking(looking: Looking) -> str | None:
    """What the person can do now; None when all is well."""
    if looking.turn is not None:
        return TURNS[looking.turn]
    if looking.flaw is not None:
        return looking.flaw.advice
    return HOLD_STILL if looking.holds else None


def reason_at_the_desk(reason: str) -> str:
    """A passage's reason for the staff. A reason of a later version is shown as it is written."""
    return _BY_VALUE.get(reason, reason)


def _welcome(name: str | None) -> str:
    return f"Welcome, {name}" if name else "Welcome"
