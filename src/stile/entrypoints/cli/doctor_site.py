"""What the doctor looks at in an operator's site: what sees, the lanes, the members."""

from collections.abc import Collection, Iterator

from stile.adapters.vision.catalogue import catalogue
from stile.application.setup import SECONDS_A_FRAME
from stile.bootstrap import Site
from stile.domain.attempts import fpir_of_a_person
from stile.domain.calibration import Threshold
from stile.domain.ids import CentreId
from stile.domain.liveness import LivenessMode
from stile.domain.passage import ReferReason
from stile.domain.places import Ask, Lane
from stile.entrypoints.cli.doctor_finding import Finding, data_folder, tls


def look_at(site: Site) -> Iterator[Finding]:
    yield from data_folder(site, "templates")
    if site.pool is None:
        yield Finding("Coming in by face", "bad", site.blind_because or "", "stile models list")
    else:
        yield Finding("Model pack", "good", site.pool.pack)
        if not site.pool.detects_liveness:
            yield Finding(
                "Liveness",
                "look",
                f"the pack {site.pool.pack} has no model for it: everybody is asked to turn their head, which "
                "a tilted print can imitate with this pack's landmarks",
                "stile models pull mobilefacenet",
            )
    if not site.setup.is_done:
        yield Finding("Set-up", "bad", "nothing is set up here", "stile init")
        return
    yield from _look_at_lanes(site)
    yield from tls(site, "browsers then open a camera only on this machine itself")


def _look_at_lanes(site: Site) -> Iterator[Finding]:
    with site.store.read() as work:
        for pack in catalogue(site.settings.models_folder):
            count = work.templates.count(pack)
            if count and (site.pool is None or pack != site.pool.pack):
                yield Finding(
                    "Members",
                    "look",
                    f"{count} enrolled with the pack {pack}, which is not in use: they come in by card, or enrol again",
                    f"to go back to it: STILE_PACK={pack}",
                )
        lanes = work.lanes.all()
        members = work.members.count()
    yield from _look_at_the_register(site, {lane.centre for lane in lanes})
    yield Finding("Members", "good", f"{members}, of whom {len(site.gallery or [])} come in by face")
    for lane in lanes:
        name = f"Lane {lane.slug}"
        closed = site.admit_by_face.closed(lane)
        threshold = site.admit_by_face.threshold(lane)
        if closed is ReferReason.NOT_CALIBRATED:
            yield Finding(
                name,
                "bad",
                "the gallery is larger than the pack's calibration can answer for",
                f"stile lanes change {lane.slug} --fpir {lane.fpir * 10:g}",
            )
        elif closed is not None or threshold is None:
            yield Finding(name, "look", f"face mode closed: {closed}; the card works")
        else:
            beyond = ", beyond what the calibration's data showed" if threshold.extrapolated else ""
            yield Finding(
                name,
                "look" if beyond else "good",
                f"threshold {threshold.value:.3f} for {_promised(lane)}{beyond}",
            )
            yield from _look_at_misses(site, lane, name, threshold)
        if lane.liveness is LivenessMode.PASSIVE and site.pool is not None and site.pool.detects_liveness:
            yield Finding(
                name,
                "look",
                "liveness is passive: a cut-out or a worn mask may pass where nobody looks on",
                f"stile lanes change {lane.slug} --liveness passive+active",
            )
        if lane.attempts > MANY_ATTEMPTS:
            yield Finding(
                name,
                "look",
                f"{lane.attempts} attempts in a row: each has its own chance of a false match",
                f"stile lanes change {lane.slug} --attempts 2",
            )
        if lane.liveness is LivenessMode.OFF:
            yield Finding(
                name,
                "look",
                "liveness is off: a photograph may open this lane",
                f"stile lanes change {lane.slug} --liveness passive",
            )


def _look_at_the_register(site: Site, centres: Collection[CentreId]) -> Iterator[Finding]:
    """Law 5."""
    for centre in centres:
        if lacks := site.go_live.lacks(centre):
            first = ", ".join(f"that {one.value}" for one in lacks)
            yield Finding(
                "Register",
                "look",
                f"lanes are closed to faces; missing: {first}",
                "open /console/register, or: stile register missing",
            )
        elif last := site.go_live.closes_soon(centre):
            yield Finding(
                "Register",
                "look",
                f"lanes close to faces after {last.isoformat()} unless the assessment is reviewed before",
                "open /console/register",
            )
        else:
            yield Finding("Register", "good", f"complete; to be reviewed by {site.go_live.review_on(centre)}")


def _promised(lane: Lane) -> str:
    if lane.ask is Ask.CARD_FIRST:
        return f"FMR {lane.fmr:g}, one to one"
    person = fpir_of_a_person(lane.fpir, lane.attempts)
    return f"FPIR {lane.fpir:g} an attempt, at most {person:.2g} for {lane.attempts} in a row"


MANY_ATTEMPTS = 5
MANY_MISSES = 0.02
"""Share of members' attempts that are asked for the card, from which on it is worth a word."""


def _look_at_misses(site: Site, lane: Lane, name: str, threshold: Threshold) -> Iterator[Finding]:
    """What the pack's own measurement says of members at this threshold, and what helps."""
    assert site.pool is not None
    if lane.frames < site.pool.frames:
        yield Finding(
            name,
            "look",
            f"an attempt fuses {lane.frames} frames; with the pack {site.pool.pack} it should fuse {site.pool.frames}",
            f"stile lanes change {lane.slug} --frames {site.pool.frames} "
            f"--seconds {site.pool.frames * SECONDS_A_FRAME:g}",
        )
    points = site.pool.calibration.points
    misses = next((one.fnmr for one in points if one.threshold >= threshold.value), points[-1].fnmr)
    if misses is None or misses < MANY_MISSES:
        return
    better = "stile models pull mobilefacenet"
    if lane.ask is not Ask.CARD_FIRST:
        better += f", or compare one to one: stile lanes change {lane.slug} --ask 'card first'"
    yield Finding(
        name,
        "look",
        f"about {misses:.0%} of members' attempts will be asked for the card: the pack {site.pool.pack} tells "
        f"no more at this rate and size",
        better,
    )
