"""What `stile evaluate liveness` says: one document, whose keys stay as they are, and a table."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.table import Table

from stile.application.evaluation.liveness import Trial
from stile.domain.presentation_attacks import Share, Tally, riapar
from stile.entrypoints.cli.common import console, print_line
from stile.testing.presentations import Kind

RIAPAR = "highest IAPAR of a kind of attack, plus the share of members not let in (ISO/IEC 30107-3:2023)"


def kinds_of(trials: Sequence[Trial], kinds: Sequence[Kind]) -> list[Tally]:
    return [Tally.of(kind, (one.reason for one in trials if one.kind == kind)) for kind in kinds]


def rates_of(tallies: Sequence[Tally], trials: Sequence[Trial] = ()) -> dict[str, Any]:
    """The keys `kinds`, `bona_fide` and `riapar`."""
    attacks = [one for one in tallies if one.kind != Kind.BONA_FIDE]
    bona_fide = next((one for one in tallies if one.kind == Kind.BONA_FIDE), None)
    return {
        "kinds": [_attack(one, trials) for one in attacks],
        "bona_fide": _bona_fide(bona_fide, trials) if bona_fide else None,
        "riapar": riapar(attacks, bona_fide),
        "riapar_is": RIAPAR,
    }


def _attack(tally: Tally, trials: Sequence[Trial]) -> dict[str, Any]:
    return {
        "kind": tally.kind,
        "presentations": tally.presentations,
        "accepted": tally.taken_for_live,
        "no_response": tally.no_response.count,
        **_share("apcer", tally.apcer),
        **_share("non_response", tally.no_response),
        "admitted": tally.iapar.count,
        **_share("iapar", tally.iapar),
        **_how(tally, trials),
    }


def _bona_fide(tally: Tally, trials: Sequence[Trial]) -> dict[str, Any]:
    return {
        "presentations": tally.presentations,
        "rejected": tally.taken_for_an_attack,
        "no_response": tally.no_response.count,
        **_share("bpcer", tally.bpcer),
        **_share("non_response", tally.no_response),
        "not_admitted": tally.false_rejects.count,
        **_share("frr", tally.false_rejects),
        **_how(tally, trials),
    }


def _share(name: str, share: Share) -> dict[str, Any]:
    name = name if name != "non_response" else "non_response_rate"
    return {
        name: share.rate,
        f"{name}_ci": [share.interval.lower, share.interval.upper] if share.of else None,
    }


def _how(tally: Tally, trials: Sequence[Trial]) -> dict[str, Any]:
    own = [one for one in trials if one.kind == tally.kind]
    if not own:
        return {"reasons": dict(tally.reasons)}
    return {
        "reasons": dict(tally.reasons),
        "telltales": dict(sorted(Counter(one.telltale for one in own if one.telltale).items())),
        "asked_to_turn": sum(one.asked for one in own),
        "seconds_each": round(sum(one.seconds for one in own) / len(own), 2),
    }


# --- on the terminal -------------------------------------------------------------------------------------------


def show(tallies: Sequence[Tally]) -> None:
    table = Table(title="Each kind by itself, exact 95 % intervals", title_justify="left")
    table.add_column("Kind", no_wrap=True)
    for heading in ("Shown", "For live", "APCER, BPCER", "No response", "Let in"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in tallies:
        error = one.bpcer if one.kind == Kind.BONA_FIDE else one.apcer
        table.add_row(
            one.kind,
            f"{one.presentations:,}",
            f"{one.taken_for_live:,}",
            _rate(error),
            f"{one.no_response.count:,}",
            f"{one.iapar.count:,}",
        )
    console.print(table)
    for one in tallies:
        ended = ", ".join(f"{reason} {count:,}" for reason, count in one.reasons.items())
        print_line(f"{one.kind} ended with: {ended}")
    found = riapar(
        [one for one in tallies if one.kind != Kind.BONA_FIDE],
        next((one for one in tallies if one.kind == Kind.BONA_FIDE), None),
    )
    print_line(f"RIAPAR {'–' if found is None else f'{found:.1%}'}: {RIAPAR}.")


def _rate(share: Share) -> str:
    if share.rate is None:
        return "–"
    return f"{share.rate:.1%} ({share.interval.lower:.1%}–{share.interval.upper:.1%})"
