"""A folder of photographs, `person/photo.jpg`, as calibrating and evaluating read it: for measuring, never kept."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from stile.adapters.vision.pictures import PillowReader
from stile.domain.errors import BadPicture, NotFound
from stile.domain.faces import Frame
from stile.entrypoints.cli.common import complaints

PHOTOS = {".jpg", ".jpeg", ".png", ".webp"}


def people_in(folder: Path) -> dict[str, list[Path]]:
    """Person → photographs, both sorted. Raises NotFound when there is no such folder, or nobody in it."""
    if not folder.is_dir():
        raise NotFound(f"{folder} is not a folder.")
    people = {
        one.name: sorted(path for path in one.iterdir() if path.suffix.lower() in PHOTOS)
        for one in sorted(folder.iterdir())
        if one.is_dir()
    }
    people = {name: photos for name, photos in people.items() if photos}
    if not people:
        raise NotFound(f"{folder} has no folders of photographs, one for each person.")
    return people


def frames_of(reader: PillowReader, photographs: list[Path], unread: list[Path]) -> Iterator[Frame]:
    """One at a time; those that cannot be read go into `unread`."""
    for path in photographs:
        try:
            yield reader.read(path.read_bytes())
        except (BadPicture, OSError):
            unread.append(path)


@contextmanager
def people_bar(count: int) -> Iterator[Callable[[], None]]:
    """A progress bar on stderr; call what it gives after each person."""
    columns = (TextColumn("people"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=complaints) as bar:
        task = bar.add_task("people", total=count)
        yield lambda: bar.advance(task)
