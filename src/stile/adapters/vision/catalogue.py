"""The model packs that Stile knows, so that an operator sees, before choosing, whether they may lawfully use one.

A pack is a detector and a recogniser, and a liveness model where there is one. Entries stand in
`catalogue.toml`; the same tables in a `catalogue.toml` of the models folder are laid over them.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from stile.domain.calibration import Calibration, OperatingPoint
from stile.domain.errors import NotConfigured, NotFound, WrongValue
from stile.domain.ids import PackId

FORMAT = 1
OVERLAY = "catalogue.toml"


class Role(StrEnum):
    DETECTOR = "detector"
    RECOGNISER = "recogniser"
    LIVENESS = "liveness"


class CommercialUse(StrEnum):
    """Whether an operator who charges its members may use it, as far as the publisher says."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


class Output(StrEnum):
    """What a classifier's last layer gives."""

    PROBABILITIES = "probabilities"
    LOGITS = "logits"


@dataclass(frozen=True, slots=True)
class Published:
    """One file as its publisher gives it. `url` is None where nobody publishes it at an address."""

    name: str
    bytes: int
    sha256: str
    url: str | None = None
    output: Output = Output.PROBABILITIES
    note: str = ""

    def __post_init__(self) -> None:
        if Path(self.name).name != self.name or self.name.startswith("."):
            raise WrongValue(f"a model file has a plain name, not “{self.name}”")
        if len(self.sha256) != 64 or set(self.sha256) - set("0123456789abcdef"):
            raise WrongValue(f"the hash of {self.name} is 64 hexadecimal digits, not “{self.sha256}”")
        if self.bytes < 1:
            raise WrongValue(f"{self.name} has at least one byte, not {self.bytes}")


@dataclass(frozen=True, slots=True)
class Needed:
    """A file that a part needs; any of the published ones will do. `crop_scale`: of a liveness model, how
    many times the face's box it looks at."""

    any_of: tuple[Published, ...]
    crop_scale: float = 1.0

    def __post_init__(self) -> None:
        if not self.any_of:
            raise WrongValue("a needed file names at least one published file")

    @property
    def pulled(self) -> Published | None:
        """The one that `stile models pull` fetches."""
        return next((one for one in self.any_of if one.url), None)


@dataclass(frozen=True, slots=True)
class InputContract:
    """What a network wants to see: side × side pixels, (value − mean) ÷ std per channel of 0 to 255, in the
    order that `colours` names."""

    size: int
    colours: str = "RGB"
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[float, float, float] = (1.0, 1.0, 1.0)

    def __post_init__(self) -> None:
        if self.colours not in ("RGB", "BGR"):
            raise WrongValue(f"the colours are RGB or BGR, not “{self.colours}”")
        if not 16 <= self.size <= 1024:
            raise WrongValue(f"an input has 16 to 1024 pixels a side, not {self.size}")
        if len(self.mean) != 3 or len(self.std) != 3 or min(self.std) <= 0:
            raise WrongValue("mean and std have three values each, and std is positive")


@dataclass(frozen=True, slots=True)
class Part:
    """A detector, a recogniser or a liveness model, with what is known of it."""

    name: str
    role: Role
    kind: str
    title: str
    publisher: str
    licence: str
    commercial_use: CommercialUse
    commercial_use_why: str
    training_data: str
    files: tuple[Needed, ...]
    distributions: tuple[str, ...] = ()
    input: InputContract | None = None
    template: tuple[tuple[float, float], ...] = ()
    dimensions: int = 0
    bona_fide_class: int = 1

    def __post_init__(self) -> None:
        if self.role is Role.RECOGNISER and (self.dimensions < 2 or self.input is None):
            raise WrongValue(f"the recogniser {self.name} states its input and its dimensions")
        if self.kind == "onnx" and len(self.template) != 5:
            raise WrongValue(f"the recogniser {self.name} states five alignment points")

    @property
    def contract(self) -> InputContract:
        """Raises WrongValue where the catalogue states none."""
        if self.input is None:
            raise WrongValue(f"the catalogue states no input contract for {self.name}")
        return self.input


@dataclass(frozen=True, slots=True)
class PackEntry:
    """One pack. `calibration` is None until it was measured; such a pack cannot open face mode (law 7). `frames`: how
    many an attempt should fuse (docs/decisions/0011)."""

    id: PackId
    title: str
    rank: int
    detector: Part
    recogniser: Part
    liveness: Part | None
    calibration: Calibration | None
    frames: int = 3

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(part for part in (self.detector, self.recogniser, self.liveness) if part)

    @property
    def files(self) -> tuple[Needed, ...]:
        return tuple(file for part in self.parts for file in part.files)

    @property
    def distributions(self) -> tuple[str, ...]:
        """The PyPI packages that carry its files; empty when the files are pulled."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.distributions))

    @property
    def commercial_use(self) -> CommercialUse:
        """The most cautious answer among its parts."""
        answers = {part.commercial_use for part in self.parts}
        cautious = (CommercialUse.NO, CommercialUse.UNCLEAR, CommercialUse.YES)
        return next(one for one in cautious if one in answers)


Catalogue = Mapping[PackId, PackEntry]


def catalogue(models_folder: Path | None = None) -> Catalogue:
    """Every pack, best rank first. Raises NotConfigured when a catalogue cannot be read."""
    overlay = models_folder / OVERLAY if models_folder else None
    if overlay is None or not overlay.is_file():
        return _packaged()
    tables = {**_read(files(__package__).joinpath("catalogue.toml").read_text("utf-8"), "the catalogue")}
    over = _read(overlay.read_text("utf-8"), str(overlay))
    tables["format"] = over.get("format", FORMAT)
    for table in ("part", "pack", "calibration"):
        tables[table] = {**tables.get(table, {}), **over.get(table, {})}
    return _built(tables, str(overlay))


def find(name: str, models_folder: Path | None = None) -> PackEntry:
    """Raises NotFound with the names there are."""
    packs = catalogue(models_folder)
    if entry := packs.get(PackId(name)):
        return entry
    raise NotFound(f"There is no model pack “{name}”; there are: {', '.join(sorted(packs))}.")


@cache
def _packaged() -> Catalogue:
    text = files(__package__).joinpath("catalogue.toml").read_text("utf-8")
    return _built(_read(text, "the catalogue"), "the catalogue")


def _read(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotConfigured(f"{where} is not TOML: {error}.") from None


def _built(tables: Mapping[str, Any], where: str) -> Catalogue:
    if tables.get("format") != FORMAT:
        raise NotConfigured(f"{where} has format {tables.get('format')}; expected {FORMAT}.")
    try:
        parts = {name: _part(name, table) for name, table in tables["part"].items()}
        measured = {name: _calibration(name, table) for name, table in tables.get("calibration", {}).items()}
        packs = [_pack(name, table, parts, measured.get(name)) for name, table in tables["pack"].items()]
    except (KeyError, TypeError, ValueError) as error:
        raise NotConfigured(f"{where} has a wrong entry: {error}.") from None
    return {pack.id: pack for pack in sorted(packs, key=lambda pack: -pack.rank)}


def _part(name: str, table: Mapping[str, Any]) -> Part:
    given = {key: value for key, value in table.items() if key not in ("file", "input", "template")}
    given["role"] = Role(given["role"])
    given["commercial_use"] = CommercialUse(given["commercial_use"])
    given["distributions"] = tuple(given.get("distributions", ()))
    stated = table.get("input")
    return Part(
        name=name,
        files=tuple(_needed(one) for one in table["file"]),
        input=_contract(stated) if stated else None,
        template=tuple((float(x), float(y)) for x, y in table.get("template", ())),
        **given,
    )


def _needed(table: Mapping[str, Any]) -> Needed:
    published = tuple(
        Published(**{**one, "output": Output(one.get("output", "probabilities"))}) for one in table["any_of"]
    )
    return Needed(published, float(table.get("crop_scale", 1.0)))


def _contract(table: Mapping[str, Any]) -> InputContract:
    return InputContract(
        int(table["size"]),
        table.get("colours", "RGB"),
        _three(table.get("mean", (0.0, 0.0, 0.0))),
        _three(table.get("std", (1.0, 1.0, 1.0))),
    )


def _three(values: Sequence[float]) -> tuple[float, float, float]:
    a, b, c = values
    return float(a), float(b), float(c)


def _calibration(name: str, table: Mapping[str, Any]) -> Calibration:
    if "people" not in table:  # written before the tail was fitted; its points end where the data did
        raise ValueError(
            f"calibration.{name} has no `people`; make it anew with `stile evaluate recognition`"
        )
    points = [OperatingPoint(float(t), float(fmr), float(fnmr)) for t, fmr, fnmr in table["points"]]
    return Calibration(PackId(name), table["data"], int(table["comparisons"]), int(table["people"]), points)


def _pack(
    name: str, table: Mapping[str, Any], parts: Mapping[str, Part], calibration: Calibration | None
) -> PackEntry:
    liveness = table.get("liveness")
    return PackEntry(
        PackId(name),
        table["title"],
        int(table["rank"]),
        parts[table["detector"]],
        parts[table["recogniser"]],
        parts[liveness] if liveness else None,
        calibration,
        int(table.get("frames", 3)),
    )
