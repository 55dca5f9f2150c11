"""Why a socket was hung up."""

from enum import IntEnum


class Closed(IntEnum):
    """Codes of our own (RFC 6455 leaves 4000 to 4999 to applications); the pages know them by number."""

    DONE = 1000
    NOT_UNDERSTOOD = 4400
    WHO_ARE_YOU = 4401
    FOREIGN = 4403
    TAKEN_OVER = 4409
    TIME_IS_UP = 4408
    TOO_LARGE = 1009
