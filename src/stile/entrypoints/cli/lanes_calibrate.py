"""`stile lanes calibrate`: the site's own calibration, at once."""

from collections.abc import Mapping

from stile.application.calibrate_site import Calibrated, TooLittle
from stile.domain.calibration import Threshold
from stile.domain.errors import NotConfigured
from stile.entrypoints.cli.common import Data, Json, print_json, print_line, site


def calibrate(data: Data = None, json: Json = False) -> None:
    """Compare the enrolled members with each other, and set the lanes' thresholds by what comes out.

    A running `stile serve` does so by itself as members come and go, and takes this one up within a minute.
    """
    with site(data, see=True) as here:
        if here.pool is None:
            raise NotConfigured(here.blind_because or "No model pack is installed.")
        made = here.calibrate_site.make("command line")
        with here.store.read() as work:
            known = work.look_alikes.count(here.pool.pack)
            lanes = [lane for lane in work.lanes.all() if lane.face_mode]
        thresholds = {lane.slug: here.admit_by_face.threshold(lane) for lane in lanes}
    if json:
        print_json(_calibrated(made, known, thresholds))
        return
    if isinstance(made, TooLittle):
        print_line(f"No calibration of the site's own yet. {made.why} The pack's calibration stands alone.")
    else:
        own = made.calibration
        print_line(
            f"Measured {own.data}: {own.comparisons:,} pairs, which show rates down to 1 in {1 / own.shown_fmr:,.0f}."
        )
    print_line(
        f"Look-alikes, who are asked for the card as well: {known} pairs, {made.look_alikes} of them new."
    )
    for slug, threshold in thresholds.items():
        stands = (
            f"threshold {threshold.value:.4f}"
            if threshold
            else "closed to faces: no calibration reaches so far"
        )
        print_line(f"Lane {slug}: {stands}.")


def _calibrated(
    made: Calibrated | TooLittle, known: int, lanes: Mapping[str, Threshold | None]
) -> dict[str, object]:
    own = made.calibration if isinstance(made, Calibrated) else None
    return {
        "calibrated": own is not None,
        "why": made.why if isinstance(made, TooLittle) else None,
        "members": own.people if own else made.members if isinstance(made, TooLittle) else 0,
        "comparisons": own.comparisons if own else None,
        "left_out": own.left_out if own else None,
        "points": [{"threshold": one.threshold, "fmr": one.fmr} for one in own.points] if own else [],
        "look_alikes": known,
        "look_alikes_new": made.look_alikes,
        "lanes": [
            {"lane": slug, "threshold": one and one.value, "extrapolated": one and one.extrapolated}
            for slug, one in lanes.items()
        ],
    }
