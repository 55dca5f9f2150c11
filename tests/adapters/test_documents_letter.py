"""A letter is laid out in its time, whatever a stranger wrote."""

from stile.adapters.documents.letter_html import html
from stile.application.answer_foi import Incoming
from tests.conftest import Here

BREAK = "\N{ZERO WIDTH SPACE}"
ADDRESS = "https://barnstone.example/" + "a" * 200


def test_a_word_without_end_may_be_broken_and_an_address_may_be_copied(here: Here) -> None:
    """To find where 50,000 letters may be broken took over a minute; with places for it, a second."""
    desk = here.site.answer_foi
    asked = desk.log(Incoming(f"1. Where is {'x' * 50_000}?\n2. And {ADDRESS}?", here.clock.today()), "test")
    desk.draft(asked.ref, "test")
    page = html(here.site.foi_letters.preview(asked.ref)).decode()
    assert "x" * 50_000 in page.replace(BREAK, "")
    assert "x" * 41 not in page
    assert ADDRESS in page
