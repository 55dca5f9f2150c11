"""A letter as a page of its own: HTML, and of the same page a tagged PDF."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from stile.domain.errors import NotConfigured
from stile.domain.foi_desk.letter import FoiLetter
from stile.domain.foi_desk.sentences import day

ENDLESS = re.compile(r"\S{1000,}")


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=breakable,
    )
    environment.globals.update(day=day, said=said)
    return environment.get_template("letter.html")


def breakable(value: Any) -> Any:
    """Of a word longer than any, as a stranger may send, each few letters may end a line: to find where it may be
    broken takes minutes for a hundred thousand letters. Addresses stay whole, to be copied."""
    return ENDLESS.sub(_broken, value) if isinstance(value, str) else value


def _broken(found: re.Match[str]) -> str:
    return re.sub(r"\S{40}", "\\g<0>\N{ZERO WIDTH SPACE}", found[0])


def said(line: str) -> str:
    """An answer without its number, which stands with the question."""
    return re.sub(r"^\d+\. ", "", line)


def html(letter: FoiLetter) -> bytes:
    """UTF-8. Names nobody but whom the letter is to; loads nothing from elsewhere."""
    return _template().render(letter=letter).encode()


def pdf(letter: FoiLetter) -> bytes:
    """Tagged, so that a screen reader can read it (PDF/UA-1, ISO 14289-1).

    Raises NotConfigured where WeasyPrint or the Pango library is missing.
    """
    try:
        from weasyprint import HTML
    except (ImportError, OSError):  # OSError: the package is there and the system's Pango is not
        raise NotConfigured(
            "For PDF install the extra “documents” and the library Pango: pip install 'stile[documents]' and "
            "apt install libpango-1.0-0 libpangoft2-1.0-0."
        ) from None

    # The letter brings its own styles and no pictures: nothing is fetched, whatever stands in a request's words.
    written: bytes = HTML(string=html(letter).decode(), url_fetcher=_nothing).write_pdf(
        pdf_variant="pdf/ua-1"
    )
    return written


def _nothing(url: str) -> dict[str, object]:  # noqa: ARG001 as WeasyPrint calls it
    raise ValueError("a letter loads nothing")
