"""The two people of the demonstration, from photographs in the public domain that installed packages carry:
Eileen Collins (NASA; `skimage.data.astronaut()`) and Grace Hopper (US Navy; matplotlib's sample data).

One photograph is all there is of each, so further views are made of it: light, scale, blur, a slight turn.
"""

import io
from datetime import date
from importlib import import_module
from pathlib import Path

from PIL import Image, ImageEnhance, ImageFilter

from stile.application.enrol import ShotRefused
from stile.application.membership import NewMember
from stile.bootstrap import Site
from stile.domain.consent import Channel
from stile.domain.errors import NotConfigured
from stile.domain.ids import CentreId
from stile.domain.member import Member

ACTOR = "demo"


def eileen() -> Image.Image:
    """Head and shoulders, at the size that a kiosk's camera gives them: 640 × 640."""
    whole = Image.fromarray(_package("skimage.data").astronaut())
    return whole.crop((64, 0, 384, 320)).resize((640, 640), Image.Resampling.LANCZOS)


def grace() -> Image.Image:
    """Head and shoulders, 512 × 600."""
    folder = Path(_package("matplotlib").get_data_path())
    with Image.open(folder / "sample_data" / "grace_hopper.jpg") as picture:
        return picture.convert("RGB")


def view(
    picture: Image.Image,
    *,
    light: float = 1.0,
    contrast: float = 1.0,
    scale: float = 1.0,
    blur: float = 0.0,
    turn: float = 0.0,
) -> bytes:
    """The picture as another camera might have taken it, as JPEG. `turn`: degrees in the picture's plane;
    `blur`: radius in pixels."""
    size = (round(picture.width * scale), round(picture.height * scale))
    made = picture.rotate(turn, Image.Resampling.BICUBIC, fillcolor=(128, 128, 128)).resize(size)
    if blur:
        made = made.filter(ImageFilter.GaussianBlur(blur))
    made = ImageEnhance.Contrast(ImageEnhance.Brightness(made).enhance(light)).enhance(contrast)
    out = io.BytesIO()
    made.save(out, "JPEG", quality=92)
    return out.getvalue()


ENROLMENT_VIEWS: tuple[dict[str, float], ...] = (
    {},
    {"turn": 4.0, "light": 1.1},
    {"turn": -4.0, "scale": 0.9},
    {"light": 0.85, "contrast": 1.1},
)


def enrol_eileen(site: Site, centre: CentreId) -> Member:
    """Adds Eileen (1001, with a card) and a second member without a face (1002); Eileen consents and enrols."""
    member = site.membership.add(
        centre, NewMember("1001", "Eileen", "Collins", ("5500 1001",), born_on=date(1956, 11, 19)), ACTOR
    )
    site.membership.add(
        centre, NewMember("1002", "Sam", "Visitor", ("5500 1002",), born_on=date(1990, 5, 1)), ACTOR
    )
    site.enrol.consent(member.id, site.notices.current(), Channel.PAPER, "the demonstration")
    enrolment = site.enrol.begin(member.id)
    portrait = eileen()
    for changes in ENROLMENT_VIEWS:
        shot = site.enrol.shot(enrolment, site.pictures.read(view(portrait, **changes)))
        if isinstance(shot, ShotRefused):
            raise NotConfigured(f"The demonstration's portrait was refused: {shot.flaw.advice}.")
    site.enrol.finish(enrolment, actor=ACTOR)
    return member


def _package(name: str):  # type: ignore[no-untyped-def]
    try:
        return import_module(name)
    except ImportError:
        raise NotConfigured(
            "The demonstration needs the packages that see: install Stile with the extra “vision”."
        ) from None
