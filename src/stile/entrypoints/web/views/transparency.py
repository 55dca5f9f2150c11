"""The public account: a page for people, and the same as data. Open to everybody, without a cookie.

Its router comes last under `/transparency`: whatever else is published there has its own address.
"""

from fastapi import APIRouter, Request
from starlette.responses import Response

from stile.domain.errors import NotFound
from stile.entrypoints.transparency.files import PAGE, File, files
from stile.entrypoints.transparency.page import page
from stile.entrypoints.web.office import OfficeWeb, TheOffice

AT = "/transparency"
KEEP = "public, max-age=300"
"""Five minutes, at a browser or a cache between; then it is asked whether anything changed."""

READ = ["GET", "HEAD"]
"""A harvester asks for the head first."""

router = APIRouter(prefix=AT)


@router.api_route("", methods=READ)
def account(request: Request, web: TheOffice) -> Response:
    """Where faces are used, since when, why, by whom, and how often it was wrong."""
    return _send(request, _file(web, PAGE))


@router.api_route("/{name}.{kind}", methods=READ)
def data(request: Request, web: TheOffice, name: str, kind: str) -> Response:
    """One file of the account as data: JSON, CSV, a catalogue for data portals."""
    file = f"{name}.{kind}"
    if file == PAGE:
        raise NotFound("There is no such page.")
    return _send(request, _file(web, file))


def _file(web: OfficeWeb, name: str) -> File:
    office = web.office
    base = f"{office.settings.base_url}{AT}"

    def make() -> dict[str, File]:
        shown = page(web.pages, lambda file: f"{AT}/{file}", "/static", alone=False)
        made = office.publish.account()
        office.publish.note(made)
        return dict(files(made, base, shown))

    found = web.public.files(office.clock.now(), make).get(name)
    if found is None:
        raise NotFound("There is no such page.")
    return found


def _send(request: Request, file: File) -> Response:
    """With an ETag (RFC 9110): what has not changed is not sent again."""
    headers = {"etag": file.etag, "cache-control": KEEP}
    if file.name != PAGE:  # open data may be read by other sites' pages
        headers |= {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
    if _has(request, file.etag):
        return Response(status_code=304, headers=headers)
    return Response(file.body, headers=headers, media_type=file.media)


def _has(request: Request, etag: str) -> bool:
    given = request.headers.get("if-none-match", "")
    return any(one.strip().removeprefix("W/") in (etag, "*") for one in given.split(","))
