"""A catalogue that a data portal harvests: DCAT-AP 3.0.0 (SEMIC, 2024), with the European Union's own lists for themes,
frequencies, languages and file types, which British portals read as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stile.domain.account import Account, Publisher
from stile.domain.open_data.graph import Iri, Node, Text, day, english
from stile.domain.register import OrganisationKind

EU = "http://publications.europa.eu/resource/authority"
THEMES = Iri(f"{EU}/data-theme")
GOVERNMENT = Iri(f"{EU}/data-theme/GOVE")
DAILY = Iri(f"{EU}/frequency/DAILY")
ENGLISH = Iri(f"{EU}/language/ENG")
PUBLIC = Iri(f"{EU}/access-right/PUBLIC")
AVAILABLE = Iri(f"{EU}/planned-availability/AVAILABLE")
UNITED_KINGDOM = Iri(f"{EU}/country/GBR")
LOCAL_AUTHORITY = Iri("http://purl.org/adms/publishertype/LocalAuthority")
SHA256 = Iri("http://spdx.org/rdf/terms#checksumAlgorithm_sha256")
IANA = "https://www.iana.org/assignments/media-types"
FORMATS = {"text/csv": "CSV", "application/json": "JSON"}


@dataclass(frozen=True, slots=True)
class Published:
    """A file as it is published. `media`: without parameters. `conforms`: name of the file that says what its parts
    mean, where there is one."""

    name: str
    media: str
    title: str
    about: str
    size: int
    sha256: str
    conforms: str = ""


@dataclass(frozen=True, slots=True)
class DataSet:
    """`files`: forms of the same data."""

    key: str
    title: str
    about: str
    files: tuple[str, ...]
    keywords: tuple[str, ...] = ()


SETS = (
    DataSet(
        "account",
        "Public account of facial recognition",
        "Where facial recognition is used, since when, why, by whom, what came of it, and how often it was wrong.",
        ("account.json",),
        ("Freedom of Information",),
    ),
    DataSet(
        "register",
        "Register of facial recognition",
        "Dated entries, each with its source: uses, events, police involvement, assessments.",
        ("register.csv", "register.json"),
    ),
    DataSet(
        "deployments",
        "Places where facial recognition is used",
        "Each place as it stands now: phase, purpose, controller, lawful basis, alternative.",
        ("deployments.csv",),
    ),
    DataSet(
        "figures",
        "Measured error of face entry",
        "Attempts, admissions, false alerts with both denominators, and more, by month and centre, with intervals.",
        ("figures.csv",),
        ("false alert rate", "accuracy"),
    ),
    DataSet(
        "waits",
        "Waiting times at the entrance",
        "How long people waited by face and by each other way in, by month and centre.",
        ("waits.csv",),
    ),
    DataSet(
        "groups",
        "Measured error by group",
        "By the groups that members placed themselves in, of all centres together; small numbers are not shown.",
        ("groups.csv",),
        ("equality",),
    ),
    DataSet(
        "enrolled",
        "Members enrolled for face entry",
        "How many members have a template, by centre and age group; small numbers are not shown.",
        ("enrolled.csv",),
        ("children",),
    ),
    DataSet(
        "disclosure-log",
        "Disclosure log",
        "Requests for information and their answers, and nothing of who asked.",
        ("disclosure-log.csv",),
        ("Freedom of Information",),
    ),
    DataSet(
        "foi-statistics",
        "How requests for information were handled",
        "By quarter: received, answered in time or late, granted, refused or not held, and reviews.",
        ("foi-statistics.csv",),
        ("Freedom of Information", "statistics"),
    ),
    DataSet(
        "left-out",
        "What is not published, and why",
        "Parts of entries and figures that are known and withheld, each with its reason.",
        ("left-out.csv",),
        ("disclosure control",),
    ),
    DataSet(
        "atrs",
        "Algorithmic transparency records",
        "Records by the Algorithmic Transparency Recording Standard, tier 1 and tier 2.",
        ("atrs.json",),
        ("algorithmic transparency",),
    ),
)
KEYWORDS = ("facial recognition", "biometrics", "transparency")


def catalogue(account: Account, base: str, files: Sequence[Published]) -> Sequence[Node]:
    """Every node that the catalogue speaks of, each once. `base`: the address of the page, without a slash at its
    end."""
    by_name = {one.name: one for one in files}
    sets = [
        (one, [by_name[name] for name in one.files if name in by_name])
        for one in SETS
        if any(name in by_name for name in one.files)
    ]
    nodes = [_catalogue(account, base, [one for one, _ in sets]), _publisher(account.publisher, base)]
    for one, shown in sets:
        nodes.append(_dataset(account, base, one, shown))
        nodes += [_distribution(account, base, file) for file in shown]
    return [*nodes, *_named(account, base, [file for _, shown in sets for file in shown])]


def _catalogue(account: Account, base: str, sets: Sequence[DataSet]) -> Node:
    who = account.publisher.name
    return Node(
        Iri(f"{base}#catalogue"),
        ("dcat:Catalog",),
        (
            ("dct:title", english(f"Facial recognition: open data of {who}")),
            (
                "dct:description",
                english(f"What the register of {who} says of facial recognition, and its figures."),
            ),
            ("dct:publisher", Iri(f"{base}#publisher")),
            ("dct:license", Iri(account.publisher.licence)),
            ("dct:language", ENGLISH),
            ("dct:spatial", UNITED_KINGDOM),
            ("dct:modified", day(account.day)),
            ("dcat:themeTaxonomy", THEMES),
            ("foaf:homepage", Iri(base)),
            *(("dcat:dataset", Iri(f"{base}#{one.key}")) for one in sets),
        ),
    )


def _publisher(one: Publisher, base: str) -> Node:
    council = one.kind is OrganisationKind.AUTHORITY
    kind = (("dct:type", LOCAL_AUTHORITY),) if council else ()
    return Node(Iri(f"{base}#publisher"), ("foaf:Agent",), (("foaf:name", english(one.name)), *kind))


def _dataset(account: Account, base: str, one: DataSet, files: Sequence[Published]) -> Node:
    covered = [shown.period for shown in account.figures]
    period = Node(
        None,
        ("dct:PeriodOfTime",),
        (
            ("dcat:startDate", day(min((one.first for one in covered), default=account.day))),
            ("dcat:endDate", day(account.day)),
        ),
    )
    return Node(
        Iri(f"{base}#{one.key}"),
        ("dcat:Dataset",),
        (
            ("dct:title", english(one.title)),
            ("dct:description", english(one.about)),
            ("dct:identifier", Text(f"{base}#{one.key}")),
            ("dct:publisher", Iri(f"{base}#publisher")),
            ("dcat:contactPoint", _contact(account.publisher, base)),
            ("dcat:theme", GOVERNMENT),
            *(("dcat:keyword", english(word)) for word in (*KEYWORDS, *one.keywords)),
            ("dct:accessRights", PUBLIC),
            ("dct:accrualPeriodicity", DAILY),
            ("dct:language", ENGLISH),
            ("dct:spatial", UNITED_KINGDOM),
            ("dct:modified", day(account.day)),
            *((("dct:temporal", period),) if one.key in ("figures", "waits", "groups") and covered else ()),
            ("dcat:landingPage", Iri(base)),
            *(("dcat:distribution", Iri(f"{base}#{file.name}")) for file in files),
        ),
    )


def _contact(one: Publisher, base: str) -> Node:
    mail = next((given for given in (one.requests, one.contact) if _is_mail(given)), "")
    reached = ("vcard:hasEmail", Iri(f"mailto:{mail}")) if mail else ("vcard:hasURL", Iri(base))
    return Node(None, ("vcard:Kind", "vcard:Organization"), (("vcard:fn", english(one.name)), reached))


def _is_mail(given: str) -> bool:
    return "@" in given and " " not in given.strip()


def _distribution(account: Account, base: str, one: Published) -> Node:
    where = Iri(f"{base}/{one.name}")
    checksum = Node(
        None,
        ("spdx:Checksum",),
        (("spdx:algorithm", SHA256), ("spdx:checksumValue", Text(one.sha256, "xsd:hexBinary"))),
    )
    return Node(
        Iri(f"{base}#{one.name}"),
        ("dcat:Distribution",),
        (
            ("dct:title", english(one.title)),
            ("dct:description", english(one.about)),
            ("dcat:accessURL", where),
            ("dcat:downloadURL", where),
            ("dcat:mediaType", Iri(f"{IANA}/{one.media}")),
            ("dct:format", Iri(f"{EU}/file-type/{FORMATS[one.media]}")),
            ("dct:license", Iri(account.publisher.licence)),
            ("dct:language", ENGLISH),
            ("dct:modified", day(account.day)),
            ("dcat:byteSize", Text(str(one.size), "xsd:nonNegativeInteger")),
            ("dcatap:availability", AVAILABLE),
            ("spdx:checksum", checksum),
            *((("dct:conformsTo", Iri(f"{base}/{one.conforms}")),) if one.conforms else ()),
        ),
    )


def _named(account: Account, base: str, files: Sequence[Published]) -> Iterator[Node]:
    """What the terms of others are, so that a reader without those lists knows."""
    yield Node(
        Iri(base), ("foaf:Document",), (("dct:title", english("Facial recognition: the public account")),)
    )
    yield Node(Iri(account.publisher.licence), ("dct:LicenseDocument",))
    yield Node(ENGLISH, ("dct:LinguisticSystem",))
    yield Node(UNITED_KINGDOM, ("dct:Location",))
    yield Node(PUBLIC, ("dct:RightsStatement",))
    yield Node(DAILY, ("dct:Frequency",))
    yield Node(THEMES, ("skos:ConceptScheme",), (("dct:title", english("Data theme")),))
    yield Node(GOVERNMENT, ("skos:Concept",), (("skos:prefLabel", english("Government and public sector")),))
    yield Node(AVAILABLE, ("skos:Concept",), (("skos:prefLabel", english("Available")),))
    yield Node(SHA256, ("spdx:ChecksumAlgorithm",))
    if account.publisher.kind is OrganisationKind.AUTHORITY:
        yield Node(LOCAL_AUTHORITY, ("skos:Concept",), (("skos:prefLabel", english("Local authority")),))
    for media in sorted({one.media for one in files}):
        yield Node(Iri(f"{IANA}/{media}"), ("dct:MediaType",))
        yield Node(Iri(f"{EU}/file-type/{FORMATS[media]}"), ("dct:MediaTypeOrExtent",))
    for conforms in sorted({one.conforms for one in files if one.conforms}):
        yield Node(Iri(f"{base}/{conforms}"), ("dct:Standard",))
