"""`stile enrol`: a member from photographs, under a consent that was given on paper."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from stile.application.enrol import LEAST_SHOTS, ShotRefused
from stile.application.may_enrol import must
from stile.domain.consent import Channel
from stile.domain.errors import BadPicture, NotConfigured
from stile.entrypoints.cli.common import Data, complaints, print_line, site


def enrol(
    member: Annotated[str, typer.Argument(help="Membership number.")],
    photos: Annotated[list[Path], typer.Argument(help="Three to five photographs of the member.")],
    consent: Annotated[
        str | None,
        typer.Option(help="Reference of the signed consent form; not needed when one is recorded."),
    ] = None,
    look_alike: Annotated[
        bool,
        typer.Option(
            "--look-alike",
            help="You have seen that this member is another person than the one they look like, who is enrolled.",
        ),
    ] = False,
    data: Data = None,
) -> None:
    """Enrol a member from three to five photographs. Needs their recorded consent."""
    with site(data, see=True) as here:
        if here.pool is None:
            raise NotConfigured(here.blind_because or "No model pack is installed.")
        who = here.membership.by_number(member)
        here.go_live.check_enrolment(who.centre)
        if consent:
            _, decision = here.may_enrol.of(who.id)
            words = here.notices.show(must(decision).audience)
            here.enrol.consent(who.id, words, Channel.PAPER, f"form {consent}")
        enrolment = here.enrol.begin(who.id)
        for photo in track(photos, "Looking at the photographs", console=complaints, transient=True):
            if enrolment.is_full:
                break
            try:
                shot = here.enrol.shot(enrolment, here.pictures.read(photo.read_bytes()))
            except (BadPicture, OSError) as error:
                _refused(photo, str(error))
                continue
            if isinstance(shot, ShotRefused):
                _refused(photo, shot.flaw.advice)
        if not enrolment.has_enough:
            complaints.print(
                f"stile: {len(enrolment.shots)} good photographs, {LEAST_SHOTS} are needed. Nothing was stored.",
                style="red",
            )
            raise typer.Exit(1)
        shots = len(enrolment.shots)
        here.enrol.finish(enrolment, actor="command line", look_alike_allowed=look_alike)
    print_line(
        f"{who.number} {who.full_name} can come in by face ({shots} photographs, which were not kept)."
    )


def _refused(photo: Path, why: str) -> None:
    complaints.print(f"{photo.name}: {why}", style="yellow", highlight=False, markup=False, soft_wrap=True)
