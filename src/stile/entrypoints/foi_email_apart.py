"""An e-mail of a stranger is read in a process of its own: headers that were made to keep a parser busy for hours keep
that process busy, with its memory and its time bounded, and no lane waits for it (law 4).
"""

import json
import subprocess
import sys
import threading
from datetime import date
from typing import Any

from stile.adapters.documents.bounds import bound
from stile.domain.errors import NotConfigured, WrongValue
from stile.domain.foi_desk.request import Requester
from stile.entrypoints import foi_email
from stile.entrypoints.foi_email import Email

MOST_SECONDS = 10
MOST_MEMORY = 1024**3
"""Bytes of address space; an e-mail of 10 MB takes a tenth of it."""
TOO_MUCH = "This e-mail takes too much to read. Please paste its words."

_one_at_a_time = threading.Lock()


def read_email(content: bytes, zone: str = "Europe/London") -> Email:
    """As `foi_email.read_email`. Raises NotConfigured where the process does not start."""
    if len(content) > foi_email.LARGEST:
        raise WrongValue(foi_email.TOO_LARGE)
    with _one_at_a_time:
        try:
            done = subprocess.run(  # noqa: S603 our own interpreter, and this very module
                [sys.executable, "-I", "-m", __name__, zone],
                input=content,
                capture_output=True,
                timeout=3 * MOST_SECONDS,
                env={},
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise WrongValue(TOO_MUCH) from None
    try:
        told: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        if done.returncode < 0:  # ended by the system: out of time or memory
            raise WrongValue(TOO_MUCH) from None
        raise NotConfigured(
            "The process that reads e-mails does not start. Please paste the words."
        ) from None
    if "error" in told:
        raise WrongValue(told["error"])
    received = date.fromisoformat(told["received"]) if told["received"] else None
    return Email(told["text"], Requester(told["name"], told["address"]), received, tuple(told["attached"]))


# --- the other side --------------------------------------------------------------------------------------------


def main() -> None:
    content = sys.stdin.buffer.read()
    bound(MOST_SECONDS, MOST_MEMORY)
    try:
        found = foi_email.read_email(content, sys.argv[1])
        answer: dict[str, Any] = {
            "text": found.text,
            "name": found.requester.name,
            "address": found.requester.address,
            "received": found.received and found.received.isoformat(),
            "attached": found.attached,
        }
    except WrongValue as error:
        answer = {"error": str(error)}
    except MemoryError:
        answer = {"error": TOO_MUCH}
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))


if __name__ == "__main__":
    main()
