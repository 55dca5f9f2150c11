"""Model files come from their publishers, a mirror or a folder, and get their names only after size and hash
were found to be those of the catalogue. Until then they lie beside, as `.part`, and can be continued."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import httpx

from stile.adapters.vision.catalogue import Needed, PackEntry, Published
from stile.adapters.vision.packs import how_to_install, place, verified
from stile.domain.errors import BadModel, NotConfigured, NotFound

ATTEMPTS = 3
TIMEOUT = httpx.Timeout(30.0, connect=10.0)

Progress = Callable[[Published, int], None]
"""Called with the file and how many of its bytes are here now."""


class FileState(StrEnum):
    GOOD = "good"
    MISSING = "missing"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Checked:
    """One file of a pack, looked at."""

    part: str
    name: str
    state: FileState
    message: str


def _no_progress(published: Published, done: int) -> None:
    """For callers who do not look."""


def check(entry: PackEntry, models_folder: Path) -> list[Checked]:
    """Every file of the pack, with its hash read. Loads nothing."""
    found = []
    for part in entry.parts:
        for needed in part.files:
            placed = place(needed, part, models_folder)
            if placed is None:
                name = (needed.pulled or needed.any_of[0]).name
                found.append(Checked(part.name, name, FileState.MISSING, f"{name} is missing."))
                continue
            published, path = placed
            try:
                verified(published, path)
            except BadModel as error:
                found.append(Checked(part.name, published.name, FileState.BAD, str(error)))
            else:
                found.append(Checked(part.name, published.name, FileState.GOOD, "as pinned"))
    return found


def to_pull(entry: PackEntry, models_folder: Path) -> list[Needed]:
    """The needed files that are not there yet, or not good."""
    wanted = []
    for part in entry.parts:
        for needed in part.files:
            placed = place(needed, part, models_folder)
            try:
                if placed is not None:
                    verified(*placed)
                    continue
            except BadModel:
                pass
            wanted.append(needed)
    return wanted


def pull(
    entry: PackEntry, models_folder: Path, mirror: str | None = None, progress: Progress = _no_progress
) -> list[Path]:
    """Fetches what is missing, from the mirror (a folder or an http(s) address) where one is given.

    Returns the files that came. Raises BadModel for a wrong or incomplete file, NotFound where nobody has
    it, NotConfigured for a pack that comes with PyPI packages. Running it again continues where it stopped.
    """
    if entry.distributions:
        raise NotConfigured(f"The model pack “{entry.id}” is not pulled: {how_to_install(entry)}.")
    with _writing(models_folder):
        wanted = to_pull(entry, models_folder)
        return [_fetch_one(needed, models_folder, mirror, progress) for needed in wanted]


def add(entry: PackEntry, models_folder: Path, source: Path, progress: Progress = _no_progress) -> list[Path]:
    """Copies the pack's files from a folder, found by name, or by size and hash under another name.

    Raises NotFound for a file that is not in the folder, BadModel for one that is not as pinned.
    """
    if entry.distributions:
        raise NotConfigured(f"The model pack “{entry.id}” is not added: {how_to_install(entry)}.")
    if not source.is_dir():
        raise NotFound(f"{source} is not a folder.")
    with _writing(models_folder):
        wanted = to_pull(entry, models_folder)
        return [_copy_one(needed, models_folder, source, progress) for needed in wanted]


@contextmanager
def _writing(models_folder: Path) -> Iterator[None]:
    """The folder, made where it is missing. A full disk or a forbidden folder is one line."""
    try:
        models_folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise NotConfigured(
            f"The models folder {models_folder} cannot be written: {error.strerror or error}."
        ) from None


def _fetch_one(needed: Needed, folder: Path, mirror: str | None, progress: Progress) -> Path:
    if mirror is None:
        published = needed.pulled
        if published is None or published.url is None:
            raise NotFound(f"{needed.any_of[0].name} is published nowhere: use `stile models add`.")
        return _download(published, published.url, folder, progress)
    if not mirror.startswith(("http://", "https://")):
        return _copy_one(needed, folder, Path(mirror).expanduser(), progress)
    for published in needed.any_of:
        try:
            return _download(published, f"{mirror.rstrip('/')}/{published.name}", folder, progress)
        except NotFound:
            continue
    names = " or ".join(one.name for one in needed.any_of)
    raise NotFound(f"The mirror {mirror} does not have {names}.") from None


def _copy_one(needed: Needed, folder: Path, source: Path, progress: Progress) -> Path:
    found = _in_folder(needed, source)
    if found is None:
        raise NotFound(f"{source} has no {' or '.join(one.name for one in needed.any_of)}.")
    published, path = found
    data = verified(published, path)
    part = _part(published, folder)
    part.write_bytes(data)
    progress(published, len(data))
    return _name(part, published, folder)


def _in_folder(needed: Needed, source: Path) -> tuple[Published, Path] | None:
    for published in needed.any_of:
        if (path := source / published.name).is_file():
            return published, path
    sizes = {published.bytes: published for published in needed.any_of}
    for path in sorted(source.iterdir()) if source.is_dir() else []:
        if path.is_file() and (published_by_size := sizes.get(path.stat().st_size)):
            with suppress(BadModel):
                verified(published_by_size, path)
                return published_by_size, path
    return None


def _download(published: Published, url: str, folder: Path, progress: Progress) -> Path:
    part = _part(published, folder)
    resumed = part.is_file() and part.stat().st_size > 0
    for attempt in range(ATTEMPTS):
        try:
            _stream(published, url, part, progress)
            break
        except (httpx.TransportError, httpx.StreamError) as error:
            if attempt == ATTEMPTS - 1:
                raise BadModel(_stopped(published, url, part, error)) from None
    try:
        verified(published, part)
    except BadModel:
        part.unlink(missing_ok=True)
        if resumed:  # what lay there may have been the beginning of another file
            return _download(published, url, folder, progress)
        raise BadModel(
            f"{url} is not the file that the catalogue pins as {published.name}: its hash is another. "
            "Nothing was kept."
        ) from None
    return _name(part, published, folder)


def _stream(published: Published, url: str, part: Path, progress: Progress) -> None:
    """Continues the part file. Raises httpx's transport errors when the line breaks."""
    done = part.stat().st_size if part.is_file() else 0
    if done > published.bytes:
        part.unlink()
        done = 0
    progress(published, done)
    if done == published.bytes:
        return
    headers = {"Accept-Encoding": "identity"}
    if done:
        headers["Range"] = f"bytes={done}-"
    with (
        httpx.Client(follow_redirects=True, timeout=TIMEOUT) as client,
        client.stream("GET", url, headers=headers) as response,
    ):
        if response.status_code in (404, 410):
            raise NotFound(f"{url} does not exist ({response.status_code}).")
        if response.status_code == 416:
            part.unlink(missing_ok=True)
            raise httpx.ReadError("the part does not belong to this file")
        if response.status_code not in (200, 206):
            raise BadModel(f"{url} answered {response.status_code} {response.reason_phrase}.")
        continues = response.status_code == 206
        with part.open("ab" if continues else "wb") as out:
            done = done if continues else 0
            for chunk in response.iter_raw():  # as it comes: a chunk of a fixed size would lose its beginning
                done += len(chunk)
                if done > published.bytes:
                    out.truncate(0)
                    raise BadModel(
                        f"{url} sends more than the {published.bytes:,} bytes of {published.name}. "
                        "Nothing was kept."
                    )
                out.write(chunk)
                progress(published, done)
        if done < published.bytes:
            raise httpx.ReadError("the line ended early")


def _stopped(published: Published, url: str, part: Path, error: Exception) -> str:
    done = part.stat().st_size if part.is_file() else 0
    if not done:
        return f"{url} cannot be reached: {_said(error)}."
    return (
        f"{published.name} stopped after {done:,} of {published.bytes:,} bytes; "
        "run the same command again to continue."
    )


def _said(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:120].rstrip(".") if lines else type(error).__name__


def _part(published: Published, folder: Path) -> Path:
    return folder / f".{published.name}.{published.sha256[:12]}.part"


def _name(part: Path, published: Published, folder: Path) -> Path:
    """The file gets its name, durably. Its bytes were checked by the caller."""
    with part.open("rb+") as out:
        os.fsync(out.fileno())
    final = folder / published.name
    part.replace(final)
    return final
