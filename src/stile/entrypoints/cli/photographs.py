"""A folder of photographs, `person/photo.jpg`, as measuring reads it: for measuring, never kept."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from stile.adapters.vision.pictures import PillowReader
from stile.domain.errors import BadPicture, NotFound
from stile.domain.faces import Frame
from stile.entrypoints.cli.common import complaints

PHOTOS = {".jpg", ".jpeg", ".png", ".webp"}


@dataclass(slots=True)
class LeftOut:
    """Photographs that were not used. `copies`: files whose every byte another one before them had: as a probe such a
    one would be compared with itself, and under two names it would be a false match of nobody's making."""

    unread: list[Path] = field(default_factory=list)
    copies: list[Path] = field(default_factory=list)
    _known: set[bytes] = field(default_factory=set, repr=False)

    def is_copy(self, data: bytes) -> bool:
        fingerprint = hashlib.sha256(data).digest()
        if fingerprint in self._known:
            return True
        self._known.add(fingerprint)
        return False


def people_in(folder: Path) -> dict[str, list[Path]]:
    """Person → photographs, both sorted. Raises NotFound when there is no such folder, or nobody in it."""
    if not folder.is_dir():
        raise NotFound(f"{folder} is not a folder.")
    try:
        people = {
            one.name: sorted(path for path in one.iterdir() if path.suffix.lower() in PHOTOS)
            for one in sorted(folder.iterdir())
            if one.is_dir()
        }
    except OSError as error:
        raise NotFound(f"{error.filename} cannot be read: {error.strerror}.") from None
    people = {name: photos for name, photos in people.items() if photos}
    if not people:
        raise NotFound(f"{folder} has no folders of photographs, one for each person.")
    return people


def frames_of(reader: PillowReader, photographs: list[Path], left_out: LeftOut) -> Iterator[Frame]:
    """One at a time; those that cannot be read, and copies of those that were, are left out."""
    for path in photographs:
        try:
            data = path.read_bytes()
            if left_out.is_copy(data):
                left_out.copies.append(path)
                continue
            yield reader.read(data)
        except (BadPicture, OSError):
            left_out.unread.append(path)


@contextmanager
def people_bar(count: int) -> Iterator[Callable[[], None]]:
    """A progress bar on stderr; call what it gives after each person."""
    columns = (TextColumn("people"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=complaints) as bar:
        task = bar.add_task("people", total=count)
        yield lambda: bar.advance(task)
