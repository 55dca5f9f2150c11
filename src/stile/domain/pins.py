"""Law 4: a PIN is one of the ways in without a face. A number and a PIN of 4 to 8 digits together: a PIN alone names
nobody, and two members may have the same.

Ten thousand PINs of four digits are few. What keeps one from being guessed is not its length but how seldom it may be
tried: each member's PIN rests after wrong tries, for longer each time, and so does each screen's keypad. Neither ever
touches the card, the code on the phone or the face of that member (`stile.application.alternative`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from stile.domain.errors import WrongValue
from stile.domain.ids import MemberId

SHORTEST, LONGEST = 4, 8
FREE_TRIES = 5
"""Wrong tries in a row before a member's PIN rests."""
FIRST_REST = timedelta(minutes=1)
LONGEST_REST = timedelta(hours=6)
"""Rests double from the first to this: whoever goes on guessing one member's PIN has 16 tries on the first day and 4 on
every further one, of ten thousand."""
KEYPAD_TRIES = 20
"""Wrong tries at one lane's screens within `KEYPAD_MEMORY`, by whomever, before its PIN keypad rests: trying one common
PIN with every number there is must be as slow as trying every PIN with one number."""
KEYPAD_MEMORY = 3600.0
KEYPAD_REST = 30.0
KEYPAD_LONGEST_REST = 900.0
"""Seconds."""

COMMON = frozenset(
    """0070 0852 0987 1004 1010 1122 112233 1212 121212 123123 1234321 123321 1313 1357 1379 147258 159753 2121 2468
    2580 5683 6969 696969 7890 9876""".split()  # noqa: SIM905 a list of them would be thirty lines
)
"""With runs, repeated digits and years: what people choose so often that whoever tries these first is right in one case
of ten (Bonneau and others, A Birthday Present Every Eleven Wallets, FC 2012; Wang and others, Understanding
Human-Chosen PINs, AsiaCCS 2017)."""


def pin(text: str) -> str:
    """A PIN that a member may choose. Raises WrongValue, which never repeats what was typed."""
    plain = re.sub(r"[\s-]+", "", text)
    if not re.fullmatch(rf"[0-9]{{{SHORTEST},{LONGEST}}}", plain):
        raise WrongValue(f"A PIN has {SHORTEST} to {LONGEST} digits.")
    if plain in COMMON or _is_a_run(plain) or len(set(plain)) == 1:
        raise WrongValue("That PIN is one of the first that anybody would try. Please choose another.")
    if len(plain) == 4 and 1930 <= int(plain) <= 2029:
        raise WrongValue("That PIN looks like a year, which is tried early. Please choose another.")
    return plain


def tried(text: str) -> str | None:
    """What was typed at the keypad as it is compared; None for what is no PIN at all."""
    plain = re.sub(r"[\s-]+", "", text)
    return plain if re.fullmatch(rf"[0-9]{{{SHORTEST},{LONGEST}}}", plain) else None


def _is_a_run(digits: str) -> bool:
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(digits)}
    return steps in ({1}, {9})


@dataclass(frozen=True, slots=True)
class PinKept:
    """A member's PIN as it lies in the store. `sealed`: its argon2id hash under the site key. `failures`: wrong tries
    in a row. `rests_until`: nothing is right before."""

    member: MemberId
    sealed: bytes
    set_at: datetime
    failures: int = 0
    rests_until: datetime | None = None

    def __post_init__(self) -> None:
        if self.set_at.tzinfo is None or (self.rests_until is not None and self.rests_until.tzinfo is None):
            raise WrongValue("times carry their zone")
        if self.failures < 0:
            raise WrongValue(f"wrong tries are 0 or more, not {self.failures}")

    def rests(self, at: datetime) -> bool:
        return self.rests_until is not None and at < self.rests_until

    def after_failure(self, at: datetime) -> tuple[int, datetime | None]:
        """How many wrong tries in a row there are now, and until when the PIN rests."""
        failures = self.failures + 1
        rest = rest_after(failures)
        return failures, at + rest if rest else None


def rest_after(failures: int) -> timedelta:
    """None for the first tries; then a minute, doubling with each."""
    beyond = failures - FREE_TRIES
    if beyond < 0:
        return timedelta(0)
    return min(FIRST_REST * (1 << min(beyond, 16)), LONGEST_REST)


def keypad_rests(wrong: Sequence[float], now: float) -> float:
    """Seconds that a lane's PIN keypad rests from now. `wrong`: when its wrong tries were, in order, seconds on a
    monotonic clock. Somebody's right PIN does not wipe them out, or one's own would open the way to guess others'."""
    recent = [at for at in wrong if now - at < KEYPAD_MEMORY]
    beyond = len(recent) - KEYPAD_TRIES
    if beyond < 0 or not recent:
        return 0.0
    rest = min(KEYPAD_REST * 2.0 ** min(beyond, 16), KEYPAD_LONGEST_REST)
    return max(0.0, recent[-1] + rest - now)
