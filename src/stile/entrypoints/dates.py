"""Days as people write them, in an address, a form or an option."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from stile.domain.errors import WrongValue


def day(text: str | None) -> date | None:
    """None for nothing. Raises WrongValue."""
    if text is None or not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise WrongValue(f"A date is written like 2026-12-31, not “{text.strip()[:40]}”.") from None


def begins(text: str | None, zone: str) -> datetime | None:
    """When that day begins at the centre. None for nothing. Raises WrongValue."""
    found = day(text)
    return None if found is None else datetime.combine(found, time(), ZoneInfo(zone))
