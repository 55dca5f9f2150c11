"""A form as it came, for views that run in a thread: the store may make them wait, and the event loop must not.

It stands after `me` in a view's parameters: nobody's upload is read before they are known to be allowed.
"""

from collections.abc import AsyncIterator
from typing import Any

from fastapi import Depends, Request
from starlette.datastructures import FormData


async def _form(request: Request) -> AsyncIterator[FormData]:
    form = await request.form()
    try:
        yield form
    finally:
        await form.close()


def sent_form() -> Any:
    return Depends(_form)
