"""What the doctor finds, and what it looks at whichever organisation it is."""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from stile.office import Office

State = Literal["good", "look", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`state`: good, look (works, but read it) or bad (something will not work)."""

    what: str
    state: State
    is_so: str
    mend: str = ""


def data_folder(office: Office, what_it_opens: str) -> Iterator[Finding]:
    """`what_it_opens`: what the site key is for."""
    yield Finding("Data folder", "good", str(office.settings.data))
    key = office.settings.data / "site.key"
    if office.settings.site_key is not None:
        yield Finding("Site key", "good", "from STILE_SITE_KEY")
    elif not key.exists():
        yield Finding(
            "Site key",
            "bad",
            f"{key} is missing: {what_it_opens} cannot be opened",
            "put it back from its copy",
        )
    else:
        loose = stat.S_IMODE(key.stat().st_mode) & 0o077
        yield Finding(
            "Site key",
            "bad" if loose else "good",
            "a file others can read" if loose else "a file only you can read",
            f"chmod 600 {key}" if loose else "",
        )


def tls(office: Office, without: str) -> Iterator[Finding]:
    """`without`: what follows from pages that are served without it."""
    if not office.settings.secure:
        yield Finding(
            "TLS",
            "look",
            f"pages are served without it; {without}",
            "set tls_certificate and tls_key, or public_url behind a proxy",
        )
