"""How figures are said in a sentence: always with what they are a share of, and with their interval. Where there is
none, why."""

from stile.domain.disclosure import Hidden, NotMeasured, Suppressed, Unmeasured
from stile.domain.figures import Estimate, Figure, Measure, Rate, Share
from stile.domain.member_groups import GroupMeasure

M = Measure

LABELS: dict[Measure, str] = {
    M.ATTEMPTS: "Attempts by face",
    M.NOT_LOOKED_AT: "Referred before a face was looked at",
    M.MATCHES: "Matches",
    M.ADMISSIONS: "Admitted by face",
    M.MEMBERSHIP_REFUSALS: "Recognised, membership does not admit",
    M.REFERRALS: "Referred to the card",
    M.FALSE_ALERTS: "False alerts",
    M.FALSE_ADMISSIONS: "False admissions",
    M.SPOT_CHECKS: "Spot checks drawn",
    M.SPOT_CHECKS_ANSWERED: "Spot checks answered",
    M.FALSE_REFUSALS: "False refusals",
    M.GENUINE_ATTEMPTS: "Attempts of members as themselves",
    M.FAILURES_TO_ACQUIRE: "Failures to acquire",
    M.ENROLMENTS: "Enrolments begun",
    M.FAILURES_TO_ENROL: "Failures to enrol",
    M.SUSPECTED_ATTACKS: "Taken for attacks",
    M.ATTACKS: "Attacks seen by staff",
    M.ATTACKS_ADMITTED: "Attacks let in",
    M.FALSE_ATTACK_ALARMS: "Taken for attacks, and were none",
    M.OVERRIDES: "Let in by hand",
    M.OVERRIDES_OF_FACE: "Let in by hand, face not recognised",
    M.ENTRIES: "Entries by every way",
    M.BY_CARD: "Entries by card",
    M.BY_PIN: "Entries by PIN",
    M.BY_PASS: "Entries by code on the phone",
}

OF: dict[Measure, str] = {
    M.ATTEMPTS: "all attempts",
    M.MATCHES: "all matches",
    M.ADMISSIONS: "all admissions",
    M.SPOT_CHECKS: "those drawn",
    M.GENUINE_ATTEMPTS: "attempts of members as themselves",
    M.ENROLMENTS: "enrolments begun",
    M.ATTACKS: "attacks seen",
    M.SUSPECTED_ATTACKS: "those taken for attacks",
    M.ENTRIES: "all entries",
}
"""What a share is of, after “of”. Every denominator that is used stands here; a test looks."""

MEANS: dict[Measure, str] = {
    M.FALSE_ALERTS: "A member was named, and somebody else stood there.",
    M.FALSE_ADMISSIONS: "Spot-checked admissions for which the door opened to somebody else than the member named.",
    M.FALSE_REFUSALS: "A member was not let in by face who should have been.",
    M.FAILURES_TO_ACQUIRE: "No picture was good enough to compare.",
    M.FAILURES_TO_ENROL: "Somebody sat down before the camera, and no template came of it.",
    M.MATCHES: "Attempts in which a member was named.",
    M.GENUINE_ATTEMPTS: "As far as was noticed.",
}

WHY: dict[Unmeasured, str] = {
    Unmeasured.NOT_COUNTED: "nobody counted it",
    Unmeasured.NOTHING_TO_MEASURE: "there was nothing to measure it on",
    Unmeasured.NOBODY_LOOKED: "nobody looked into one",
    Unmeasured.GONE: "the passages it would be counted from were deleted",
}


GROUP_LABELS: dict[GroupMeasure, str] = {
    GroupMeasure.MATCHES: "matches",
    GroupMeasure.FALSE_ALERTS: "False alerts",
    GroupMeasure.ENTRIES: "entries of enrolled members",
    GroupMeasure.OTHERWISE: "By card, PIN or phone",
    GroupMeasure.ENROLMENTS: "enrolments begun",
    GroupMeasure.FAILURES_TO_ENROL: "Failures to enrol",
}


HIDDEN: dict[Hidden, str] = {Hidden.SMALL: "too few", Hidden.PROTECTS: "it would give another away"}


def percent(share: float) -> str:
    """Two significant digits below 10 %, one decimal above: `0 %`, `0.024 %`, `3.1 %`, `42.7 %`, `100 %`."""
    value = share * 100
    if value == 0 or value == 100:
        return f"{value:.0f} %"
    if value >= 99.95:
        return "over 99.9 %"
    if value >= 10:
        return f"{value:.1f} %"
    digits = 1
    while value < 10 ** (1 - digits) and digits < 6:
        digits += 1
    return f"{value:.{digits}f} %"


def said(rate: Rate) -> str:
    """`0.31 % (95 % interval 0.064 % to 0.9 %)`, or that it was not measured and why."""
    if isinstance(rate, Estimate):
        between = f"{percent(rate.interval.lower)} to {percent(rate.interval.upper)}"
        return f"{percent(rate.value)} (95 % interval {between})"
    if isinstance(rate, NotMeasured):
        return f"not measured: {WHY[rate.because]}"
    return hidden(rate)


def hidden(one: Suppressed) -> str:
    return f"not shown: {HIDDEN[one.because]}"


def number(count: object) -> str:
    """A raw count; in words where there is none."""
    if isinstance(count, int):
        return f"{count:,}"
    return "not shown" if isinstance(count, Suppressed) else "not measured"


def of(share: Share) -> str:
    """`0.31 % of all attempts (95 % interval 0.064 % to 0.9 %)`."""
    if isinstance(share.rate, Estimate):
        return said(share.rate).replace(" (", f" of {OF[share.of]} (", 1)
    return f"of {OF[share.of]}: {said(share.rate)}"


def measured(figure: Figure) -> bool:
    """Whether there is a rate at all."""
    return any(isinstance(one.rate, Estimate) for one in figure.shares)
