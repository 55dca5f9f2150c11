"""What is asked: the questions of a request, one by one, what each is about, and under which law it falls.

Words are matched, nothing is guessed: a question that no rule fits is left to the officer, and says so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Regime(StrEnum):
    """Under which law a request is handled."""

    FOI = "Freedom of Information Act 2000"
    EIR = "Environmental Information Regulations 2004"
    SUBJECT_ACCESS = "subject access (UK GDPR Art. 15)"
    BUSINESS_AS_USUAL = "business as usual"


class Topic(StrEnum):
    """What a question is about, as far as the register can answer it."""

    USE = "whether it is used"
    WHERE_WHEN_WHY = "when, where and why"
    RESULTS = "what came of it"
    ACCURACY = "how often it was wrong"
    INVOLVED = "who else was involved"
    ICO = "referrals to the Information Commissioner"
    BASIS = "lawful basis and assessment"
    RETENTION = "how long data is kept"
    ALTERNATIVE = "the alternative"
    COMPLAINTS = "complaints and breaches"
    DATA_REQUESTS = "requests for data"


USES = r"\b(?:use|used|uses|using|deploy\w*|trial\w*|pilot\w*|operate\w*)\b"
FACES = r"(?:facial|face|biometric|recognition)"

RULES: dict[Topic, str] = {
    Topic.USE: rf"{USES}.{{0,80}}{FACES}|{FACES}.{{0,60}}{USES}",
    Topic.WHERE_WHEN_WHY: (
        r"\bdates?\b|\blocations?\b|\bpurposes?\b|\bwhere\b|\bwhen\b|which (?:site|centre|building)s?"
    ),
    Topic.RESULTS: r"\bresults?\b|arrest\w*|civil order|outcome",
    Topic.ACCURACY: (
        r"false[ -](?:alert|positive|match|accept|admi|negative|reject)\w*"
        r"|accura\w+|error rate|misidentif\w+|wrongly"
    ),
    Topic.INVOLVED: (
        r"private (?:firm|compan|organisation)\w*|police force|supplier|processor|third part\w+ involved"
        r"|who (?:runs|supplies)|\bpolice\b.{0,40}\binvolve|involv\w+.{0,40}\bpolice"
    ),
    Topic.ICO: r"information commissioner|\bico\b",
    Topic.BASIS: r"(?:lawful|legal) basis|\bdpia\b|impact assessment|article 9|consent",
    Topic.RETENTION: r"\bretain\w*|retention|how long|\bkept\b|\bdelet\w+",
    Topic.ALTERNATIVE: r"alternative|without (?:a |their )?face|opt(?:ed|ing)? out|refus\w+ to",
    Topic.COMPLAINTS: r"complain\w*|\bdata breach|\bbreaches of data",
    Topic.DATA_REQUESTS: (
        r"requests? (?:for|from) .{0,40}(?:data|police|footage|images)|shared? with|disclos\w+ to"
    ),
}
"""The words that tell each topic. A question may be about several."""

EIR = re.compile(
    r"\b(?:emissions?|pollution|noise levels?|air quality|flood\w*|biodiversity|waste (?:site|collection))\b"
)
SUBJECT = re.compile(
    r"\b(?:subject access|(?:data|information|records?) (?:you|the council) (?:hold|holds|have|has) (?:about|on) me"
    r"|my (?:own )?personal data|copy of my)\b"
)
USUAL = re.compile(
    r"\b(?:opening (?:hours|times)|how (?:do|can) i (?:join|book|pay|renew|cancel)|my membership"
    r"|report a fault|lost property)\b"
)
NUMBERED = re.compile(r"^(?:[-•]\s*)?(?:\(?q(?:uestion)?\s*)?\(?(\d{1,2})\s*[.):]\)?\s+(?=\S)", re.IGNORECASE)
CLOSING = re.compile(
    r"^(?:please (?:respond|reply)|i look forward|yours|kind regards|regards|many thanks|thank you|if you need)",
    re.IGNORECASE,
)


MOST = 100
"""Questions of a request; what comes after stands together in the last: no page grows with a stranger's marks."""


@dataclass(frozen=True, slots=True)
class Question:
    """`n`: its number in the request, from 1."""

    n: int
    text: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Sorted:
    """`because`: the words that decided, for the officer who may decide otherwise."""

    regime: Regime
    because: str


def split(text: str) -> Sequence[Question]:
    """The questions in order: the numbered ones; otherwise each sentence that asks; otherwise the whole. None
    in a greeting alone. The time it takes grows with the length and no more, whatever a stranger writes."""
    lines = [_plain(line) for line in text.splitlines()]
    parts = _numbered(lines)
    if not parts:
        flowing = " ".join(line for line in lines if line and not CLOSING.match(line))
        asking = [f"{one}?" for one in flowing.split("?")[:-1]]
        # Of a long run-up to the first question only its last sentence is the question.
        parts = [re.split(r"(?<=[.!:;])\s+(?=[A-Z])", one.strip())[-1] for one in asking]
        parts = parts or ([flowing] if flowing else [])
    if len(parts) > MOST:
        parts = [*parts[: MOST - 1], " ".join(parts[MOST - 1 :])]
    return [Question(n, part, topics(part)) for n, part in enumerate(parts, 1)]


def _numbered(lines: Sequence[str]) -> list[str]:
    parts: list[list[str]] = []
    open_ = False
    for line in lines:
        found = NUMBERED.match(line)
        if found and int(found.group(1)) == len(parts) + 1:
            parts.append([line[found.end() :]])
            open_ = True
        elif CLOSING.match(line):
            open_ = False
        elif open_ and line:
            parts[-1].append(line)
    return [" ".join(part).strip() for part in parts]


def _plain(line: str) -> str:
    """Without the marks of quoted e-mail and of Markdown."""
    bare = re.sub(r"^[>\s]+|\*{1,3}|_{2,3}|^#+\s*", "", line)
    return re.sub(r"\s+", " ", bare).strip()


def topics(question: str) -> tuple[Topic, ...]:
    """What it is about, in the order in which it is answered; empty where no rule fits."""
    lower = question.lower()
    return tuple(topic for topic in Topic if re.search(RULES[topic], lower))


def regime(text: str) -> Sorted:
    """Which law it falls under, as far as words tell; whoever handles it may say otherwise."""
    lower = text.lower()
    for kind, words in ((Regime.SUBJECT_ACCESS, SUBJECT), (Regime.EIR, EIR)):
        if found := re.search(words, lower):
            return Sorted(kind, found.group(0))
    if re.search(r"freedom of information|\bfoi\b", lower):
        return Sorted(Regime.FOI, "it names the Act")
    if found := re.search(USUAL, lower):
        return Sorted(Regime.BUSINESS_AS_USUAL, found.group(0))
    return Sorted(Regime.FOI, "it asks for recorded information (s. 8 needs no mention of the Act)")
