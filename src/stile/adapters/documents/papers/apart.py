"""Papers are looked into in a process of its own: a file made to break a parser breaks that process, with its memory
and its time bounded, and no lane waits for it (law 4).

It is told by one JSON object on its standard input, and answers with one on its standard output.
"""

import base64
import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from stile.adapters.documents.bounds import bound
from stile.adapters.documents.papers.limits import DAMAGED, TOO_LARGE
from stile.adapters.documents.papers.reader import HerePaperReader
from stile.domain.errors import NotConfigured, StileError, WrongValue
from stile.domain.foi_desk.redaction import Concealed, Finding, Known, Sensitive

MOST_SECONDS = 60
MOST_MEMORY = 2 * 1024**3
"""Bytes of address space; a workbook of 400,000 cells takes a fifth of it."""
WHAT: dict[str, Sensitive | Concealed] = {one.name: one for one in (*Sensitive, *Concealed)}

_one_at_a_time = threading.Lock()


class PaperReaderApart:
    """Implements the port `PaperReader`."""

    def look(self, name: str, content: bytes, known: Known) -> Sequence[Finding]:
        told = _ask("look", name, content, known)
        return [Finding(WHAT[what], where, found, times) for what, where, found, times in told["found"]]

    def clean(self, name: str, content: bytes) -> Sequence[tuple[str, bytes]]:
        told = _ask("clean", name, content, Known())
        return [(named, base64.b64decode(held)) for named, held in told["made"]]


def _ask(what: str, name: str, content: bytes, known: Known) -> dict[str, Any]:
    """Raises WrongValue and NotConfigured in the words of the other side."""
    asked = json.dumps(
        {"do": what, "name": name, "content": base64.b64encode(content).decode(), "known": asdict(known)}
    )
    with _one_at_a_time:
        try:
            done = subprocess.run(  # noqa: S603 our own interpreter, and this very module
                [sys.executable, "-I", "-m", __name__],
                input=asked.encode(),
                capture_output=True,
                timeout=MOST_SECONDS + 30,
                env={},
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise WrongValue(TOO_LARGE) from None
    try:
        told: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        if done.returncode < 0:  # ended by the system: out of time or memory, and could not even say so
            raise WrongValue(TOO_LARGE) from None
        raise NotConfigured(
            f"The process that looks into papers does not start (exit {done.returncode}). Is stile installed where "
            "its Python finds it?"
        ) from None
    if "error" in told:
        raise (NotConfigured if told["missing"] else WrongValue)(told["error"])
    return told


# --- the other side --------------------------------------------------------------------------------------------


def main() -> None:
    told = json.loads(sys.stdin.buffer.read())
    bound(MOST_SECONDS, MOST_MEMORY)
    name, content = told["name"], base64.b64decode(told["content"])
    reader = HerePaperReader()
    try:
        if told["do"] == "look":
            known = Known(**{whose: tuple(names) for whose, names in told["known"].items()})
            found = reader.look(name, content, known)
            answer: dict[str, Any] = {
                "found": [[one.what.name, one.where, one.found, one.times] for one in found]
            }
        else:
            made = reader.clean(name, content)
            answer = {"made": [[named, base64.b64encode(held).decode()] for named, held in made]}
    except StileError as error:
        answer = {"error": str(error), "missing": isinstance(error, NotConfigured)}
    except MemoryError:
        answer = {"error": TOO_LARGE, "missing": False}
    except Exception:  # noqa: BLE001 a file that breaks what reads it is damaged, and its words stay here
        answer = {"error": DAMAGED, "missing": False}
    # Half a character, which a file may hold, is told as such and must not break the line.
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))


if __name__ == "__main__":
    main()
