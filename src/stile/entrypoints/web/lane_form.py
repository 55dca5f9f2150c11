"""A lane's own settings as a form: what each field is called, takes and may not be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from stile.domain.errors import WrongValue
from stile.domain.liveness import LivenessMode
from stile.domain.places import Ask, Lane
from stile.domain.zone import Zone


@dataclass(frozen=True, slots=True)
class Field:
    """`write`: the lane's value as the form shows it. `read`: what was typed as the lane's value; raises ValueError.
    `choices`: value and words, where one of few is chosen. `tick`: whether it is a yes or no."""

    name: str
    label: str
    hint: str
    write: Callable[[Lane], str]
    read: Callable[[str], Any]
    expects: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    tick: bool = False


def _number(name: str) -> Callable[[Lane], str]:
    """Never as 1e-05: not everybody reads that."""
    return lambda lane: format(Decimal(f"{getattr(lane, name):g}"), "f")


def _text(name: str) -> Callable[[Lane], str]:
    return lambda lane: str(getattr(lane, name))


def _ticked(name: str) -> Callable[[Lane], str]:
    return lambda lane: "yes" if getattr(lane, name) else ""


def _zone_written(lane: Lane) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in lane.zone.corners) if lane.zone else ""


def _zone_read(text: str) -> Zone | None:
    if not text.strip():
        return None
    corners = [tuple(map(float, corner.split(","))) for corner in text.split()]
    if any(len(corner) != 2 for corner in corners):
        raise ValueError
    return Zone(tuple((x, y) for x, y in corners))


def _door_read(text: str) -> str:
    """The kept password is not sent on to an address that somebody else chose."""
    if "…" in text:
        raise WrongValue("Type the password anew, or leave the whole address as it stands.")
    return text.strip()


NUMBER = "a number"
WHOLE = "a whole number"

FIELDS: tuple[Field, ...] = (
    Field("name", "Name", "As people read it.", _text("name"), str.strip),
    Field(
        "door",
        "Door",
        "“sim:” for a simulated one, or the https address of a relay. A password in it is not shown; leave it as it"
        " stands to keep it.",
        lambda lane: lane.door_shown,
        _door_read,
    ),
    Field(
        "face_mode",
        "Look at faces",
        "Without it the lane takes cards, PINs and phones only.",
        _ticked("face_mode"),
        bool,
        tick=True,
    ),
    Field(
        "liveness",
        "Liveness",
        "Off only where a receptionist looks on; passive where somebody is near.",
        lambda lane: lane.liveness.value,
        LivenessMode,
        choices=(
            ("off", "Off"),
            ("passive", "Passive: a head turn where looking left it unsure"),
            ("passive+active", "Passive and active: everybody turns their head"),
        ),
    ),
    Field(
        "ask",
        "How somebody asks",
        "Nobody is looked at before.",
        lambda lane: lane.ask.value,
        Ask,
        choices=(
            ("touch", "By a touch on the screen"),
            ("zone", "By standing in the marked zone"),
            ("card first", "By a number first, then one to one"),
        ),
    ),
    Field(
        "zone",
        "Marked zone",
        "Corners as shares of the picture, such as “0.3,0 0.7,0 0.7,1 0.3,1”. Empty for none.",
        _zone_written,
        _zone_read,
        "corners as “0.3,0 0.7,0 0.7,1 0.3,1”",
    ),
    Field(
        "least_face",
        "Least width of a face",
        "In the zone, as a share of the picture.",
        _number("least_face"),
        float,
        NUMBER,
    ),
    Field(
        "fpir",
        "False-positive rate of an attempt",
        "0.001: one stranger in a thousand may be taken for a member.",
        _number("fpir"),
        float,
        NUMBER,
    ),
    Field(
        "fmr", "False-match rate, one to one", "Where a number comes first.", _number("fmr"), float, NUMBER
    ),
    Field(
        "attempts",
        "Attempts of a person",
        "Before the card is asked for. Each adds its own chance of a false match.",
        _number("attempts"),
        int,
        WHOLE,
    ),
    Field("frames", "Frames of an attempt", "How many good ones are fused.", _number("frames"), int, WHOLE),
    Field(
        "seconds",
        "Seconds",
        "From the first of them to the last, at most.",
        _number("seconds"),
        float,
        NUMBER,
    ),
    Field(
        "patience",
        "Patience",
        "Seconds that the lane waits for somebody who can be looked at.",
        _number("patience"),
        float,
        NUMBER,
    ),
    Field(
        "anti_passback",
        "Nobody twice",
        "Who is inside already is not let in again. Leaving is never asked for anything.",
        _ticked("anti_passback"),
        bool,
        tick=True,
    ),
)


def shown(lane: Lane) -> dict[str, str]:
    return {field.name: field.write(lane) for field in FIELDS}


def changes(lane: Lane, given: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """What is to change, and what is wrong with which field; “” for what is wrong with them together. A tick that is
    not there is a no; any other field that is not there stays."""
    to: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for field in FIELDS:
        if field.name not in given and not field.tick:
            continue
        text = given.get(field.name, "")[:400]
        if text.strip() == field.write(lane):
            continue
        try:
            value = field.read(text)
            _alone(lane, field.name, value)
        except WrongValue as error:
            problems[field.name] = str(error)
        except ValueError:
            problems[field.name] = f"Expected {field.expects or 'one of the choices'}."
        else:
            to[field.name] = value
    if not problems:
        try:
            replace(lane, **to)
        except WrongValue as error:
            problems[""] = str(error)
    return to, problems


def _alone(lane: Lane, name: str, value: Any) -> None:
    """Raises WrongValue."""
    if name == "zone" or name == "ask":
        return
    if name == "seconds":
        replace(lane, seconds=value, patience=60.0)
    elif name == "patience":
        replace(lane, patience=value, seconds=min(lane.seconds, 0.001))
    else:
        replace(lane, **{name: value})
