"""What the addresses for programs share: pages of a list, and the words and bytes of a request."""

from fastapi import Request
from starlette.datastructures import URL


def linked(url: URL, at: int, pages: int) -> dict[str, str]:
    """The header that leads to the pages before and after number `at`."""
    near = {"prev": at - 1, "next": at + 1}
    found = [
        f'<{url.path}?{url.include_query_params(page=page).query}>; rel="{word}"'
        for word, page in near.items()
        if 1 <= page <= pages
    ]
    return {"Link": ", ".join(found)} if found else {}


def plain(words: str) -> str:
    """Without the one character that no database takes."""
    return words.replace("\0", "")


async def content(request: Request) -> bytes:
    """The body as it was sent."""
    return await request.body()
