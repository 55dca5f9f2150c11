"""A paired screen without its page."""

from stile.bootstrap import Site
from stile.domain.places import Lane


def paired(site: Site, lane: Lane) -> str:
    """The token of a screen that was approved for the lane: what its cookie holds."""
    asked = site.kiosks.ask("127.0.0.1", "Chrome on Android", lane.id)
    site.kiosks.approve(asked.waiting.code, lane.id, "Test screen", "test")
    collected = site.kiosks.collect(asked.secret)
    assert collected is not None
    return collected.token
