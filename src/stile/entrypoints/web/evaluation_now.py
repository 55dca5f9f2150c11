"""What the evaluation page shows: what each lane's threshold rests on, what was measured, and what is on file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from markupsafe import Markup

from stile.adapters.documents import Curve, det
from stile.application.evaluation.lane import LaneEvidence, evaluate_lane
from stile.domain.calibration import Calibration, Threshold, required_fmr
from stile.domain.places import Ask, Lane
from stile.domain.site_calibration import LEAST_MEMBERS, SiteCalibration
from stile.entrypoints.web.context import Web
from stile.entrypoints.web.rate_picture import Source, picture

HISTORY = 12
"""Calibrations of the site's own that are listed."""


@dataclass(frozen=True, slots=True)
class LaneView:
    """`promise`, `stands_on`: in words. `threshold`: in force; None where the lane is closed to faces without one."""

    lane: Lane
    promise: str
    stands_on: Sequence[str]
    threshold: Threshold | None
    picture: Markup | None
    evidence: LaneEvidence


@dataclass(frozen=True, slots=True)
class PackView:
    calibration: Calibration
    picture: Markup | None


@dataclass(frozen=True, slots=True)
class HistoryRow:
    made: SiteCalibration
    threshold: float | None
    """For the first lane's promise, at the size that the gallery had."""


@dataclass(frozen=True, slots=True)
class Report:
    name: str
    at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class Evaluated:
    lanes: Sequence[LaneView]
    pack: PackView | None
    blind_because: str | None
    members: int
    least_members: int
    look_alikes: int
    history: Sequence[HistoryRow]
    reports: Sequence[Report]
    reports_folder: Path


def now(web: Web, since: datetime | None = None) -> Evaluated:
    site = web.site
    members = len(site.gallery) if site.gallery is not None else 0
    with site.store.read() as work:
        lanes = work.lanes.all()
        pack = site.pool.pack if site.pool else None
        history = work.calibrations.history(pack, HISTORY) if pack else []
        look_alikes = work.look_alikes.count(pack) if pack else 0
    return Evaluated(
        [_lane(web, lane, members, since) for lane in lanes],
        PackView(site.pool.calibration, _det(site.pool.calibration)) if site.pool else None,
        site.blind_because,
        members,
        LEAST_MEMBERS,
        look_alikes,
        [HistoryRow(one, _promised(one, lanes)) for one in history],
        reports(web),
        _folder(web),
    )


# --- thresholds ------------------------------------------------------------------------------------------


def one_in(rate: float) -> str:
    return f"1 in {1 / rate:,.0f}"


def _lane(web: Web, lane: Lane, members: int, since: datetime | None) -> LaneView:
    site = web.site
    fmr = lane.fmr if lane.ask is Ask.CARD_FIRST else required_fmr(lane.fpir, max(members, 1))
    evidence = evaluate_lane(site.store, lane.slug, since)
    promise = _promise(lane, fmr, members)
    if site.pool is None:
        return LaneView(lane, promise, [], None, None, evidence)
    pack, own = site.pool.calibration, site.calibrate_site.current()
    in_force = site.admit_by_face.threshold(lane)
    said = _stands_on(fmr, in_force, pack, own)
    sources = [Source("The pack", pack)]
    if own is not None:
        sources.append(Source("This site", own))
    value = in_force.value if in_force else None
    drawn = picture(f"rates-{lane.slug}", " ".join([promise, *said]), sources, fmr, value)
    return LaneView(lane, promise, said, in_force, Markup(drawn), evidence)  # noqa: S704 made above, words escaped


def _promise(lane: Lane, fmr: float, members: int) -> str:
    if lane.ask is Ask.CARD_FIRST:
        return f"A number is given first. Of attempts with another's number, {one_in(fmr)} at most ends in a match."
    among = f"Among {members:,} members" if members > 1 else "With one member"
    return (
        f"Of attempts by people who are no members, {one_in(lane.fpir)} at most ends in a match. {among} that "
        f"allows one false match in {1 / fmr:,.0f} comparisons."
    )


def _stands_on(
    fmr: float, in_force: Threshold | None, pack: Calibration, own: SiteCalibration | None
) -> list[str]:
    if in_force is None:
        return [
            f"The pack's calibration answers for {one_in(pack.rarest_fmr)} at the rarest, so the lane is closed to "
            "faces. A looser rate, fewer members or another pack opens it."
        ]
    of_pack, of_site = pack.threshold_at(fmr), own.threshold_at(fmr) if own else None
    if of_pack is None:
        stands = (
            f"It comes from the site's own members: the pack's calibration answers for {one_in(pack.rarest_fmr)} "
            "at the rarest."
        )
    elif own is None or of_site is None:
        stands = "It comes from the pack's calibration; the site has none of its own yet."
    elif of_site.value > of_pack.value:
        stands = (
            f"It comes from the site's own members; the pack's calibration asks for {of_pack.value:.3f} only."
        )
    else:
        stands = (
            f"It comes from the pack's calibration; the site's own members ask for {of_site.value:.3f} only."
        )
    by_site = of_site is not None and (of_pack is None or of_site.value > of_pack.value)
    source: Calibration = own if by_site and own is not None else pack
    shown = f"{source.comparisons:,} comparisons, which show rates down to {one_in(source.shown_fmr)}"
    if in_force.extrapolated:
        return [stands, f"It is extrapolated: it rests on {shown}, and the promise is rarer than that."]
    return [stands, f"It rests on {shown}."]


def _promised(made: SiteCalibration, lanes: Sequence[Lane]) -> float | None:
    for lane in lanes:
        found = made.threshold_for(lane.fpir, made.gallery)
        return found.value if found else None
    return None


def _det(calibration: Calibration) -> Markup | None:
    rates = [(one.fmr, one.fnmr) for one in calibration.points if one.fnmr is not None]
    if len(rates) < 2:
        return None
    x, y = (np.array(one, np.float64) for one in zip(*rates, strict=True))
    described = "; ".join(f"at {one_in(fmr)}, {fnmr:.2%} of members are not matched" for fmr, fnmr in rates)
    drawn = det(
        "False matches against false non-matches",
        f"As the false-match rate falls: {described}.",
        ("False-match rate", "False non-match rate"),
        [Curve("Probe against template", x, y)],
    )
    return Markup(drawn)  # noqa: S704 made by det, which escapes its words


# --- reports on file -------------------------------------------------------------------------------------


def _folder(web: Web) -> Path:
    return web.site.settings.data / "reports"


def reports(web: Web) -> list[Report]:
    """HTML files in the folder, newest first. Links that lead out of it are not followed."""
    try:
        files = [
            (path, path.stat())
            for path in _folder(web).iterdir()
            if path.suffix == ".html" and path.is_file() and not path.is_symlink()
        ]
    except OSError:
        return []
    found = [Report(path.name, datetime.fromtimestamp(at.st_mtime, UTC), at.st_size) for path, at in files]
    return sorted(found, key=lambda one: (one.at, one.name), reverse=True)


def report(web: Web, name: str) -> Path | None:
    """The file of a listed report; a name that is not in the list is no path to anything."""
    return next((_folder(web) / one.name for one in reports(web) if one.name == name), None)
