"""Lanes, and the screens at them."""

from collections.abc import Callable, Iterator
from typing import Protocol, cast

from stile.application.notice import Notices
from stile.domain.errors import NotConfigured
from stile.domain.liveness import LivenessMode
from stile.domain.places import Lane
from stile.entrypoints.hardening.weakness import LONG_AGO, Look, Severity, Weakness

MANY_ATTEMPTS = 5
SINGLE_FPIR = 0.01


def liveness_is_off(look: Look) -> Iterator[Weakness]:
    for lane in _where(look, lambda lane: lane.liveness is LivenessMode.OFF):
        is_so, mend = "a photograph of a member opens this lane", _change(lane, "--liveness passive+active")
        yield Weakness("liveness-off", Severity.SEVERE, is_so, mend, lane.slug)


def liveness_is_passive(look: Look) -> Iterator[Weakness]:
    for lane in _where(look, lambda lane: lane.liveness is LivenessMode.PASSIVE):
        is_so = "a cut-out or a worn mask may pass where nobody looks on"
        mend = f"{_change(lane, '--liveness passive+active')}, or keep the lane in sight."
        yield Weakness("liveness-passive", Severity.WEAK, is_so, mend, lane.slug)


def many_attempts(look: Look) -> Iterator[Weakness]:
    for lane in _where(look, lambda lane: lane.attempts > MANY_ATTEMPTS):
        is_so = f"{lane.attempts} attempts in a row, each with its own chance of a false match"
        yield Weakness("attempts-many", Severity.WEAK, is_so, _change(lane, "--attempts 2"), lane.slug)


def a_high_rate(look: Look) -> Iterator[Weakness]:
    for lane in _where(look, lambda lane: lane.fpir > SINGLE_FPIR):
        is_so = f"one stranger in {1 / lane.fpir:.0f} may be taken for a member"
        yield Weakness("rate-high", Severity.WEAK, is_so, _change(lane, "--fpir 0.001"), lane.slug)


def _where(look: Look, is_weak: Callable[[Lane], bool]) -> Iterator[Lane]:
    """Lanes that look at faces, and have the weakness."""
    return (lane for lane in look.lanes if lane.face_mode and is_weak(lane))


def _change(lane: Lane, to: str) -> str:
    return f"`stile lanes change {lane.slug} {to}`"


class _WithNotices(Protocol):
    """An operator's site: its name here would be an import of what sees."""

    @property
    def notices(self) -> Notices: ...


def faces_without_a_notice(look: Look) -> Iterator[Weakness]:
    if not any(lane.face_mode for lane in look.lanes):
        return
    try:
        cast(_WithNotices, look.office).notices.current()  # only a site is asked (`OF_BOTH`)
    except NotConfigured as error:
        yield Weakness(
            "face-without-notice",
            Severity.SEVERE,
            f"faces are looked at, and no notice can be shown to whoever is asked for theirs: {error}",
            "Mend what it names, or `stile lanes change LANE --no-face`.",
        )


def nobody_for_privacy(look: Look) -> Iterator[Weakness]:
    if not look.settings.privacy_contact:
        yield Weakness(
            "privacy-contact-missing",
            Severity.WEAK,
            "the notice does not say how to reach the data protection officer",
            "Set `privacy_contact`.",
        )


def nobody_to_write_to(look: Look) -> Iterator[Weakness]:
    if not look.settings.operator_address:
        yield Weakness(
            "operator-address-missing",
            Severity.WEAK,
            "the notice does not say where the controller is reached (UK GDPR Art. 13(1)(a))",
            "Set `operator_address`.",
        )


def devices_not_seen(look: Look) -> Iterator[Weakness]:
    for device in look.work.devices.all():
        seen = device.last_seen or device.paired_at
        if device.works and seen is not None and look.now - seen > LONG_AGO:
            yield Weakness(
                "device-unseen",
                Severity.WEAK,
                f"was last seen on {seen.date().isoformat()}, and would still be let in",
                f"End it in the console, at Devices, or `stile devices revoke {device.id}`",
                device.name or "a screen",
            )
