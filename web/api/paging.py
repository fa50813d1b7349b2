"""What the addresses for programs share: pages of a list, and the words and bytes of a request."""

from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import URL


class Paged(BaseModel):
    """Which page of a list is asked for; behind the last one, the last is meant."""

    model_config = ConfigDict(extra="forbid")

    page: int = Field(1, ge=1, le=1_000_000)
    size: int = Field(50, ge=1, le=200)

    def pages(self, total: int) -> int:
        """How many pages `total` rows fill; an empty list has one."""
        return max(1, -(-total // self.size))

    def at(self, total: int) -> int:
        """The page that is given."""
        return min(self.page, self.pages(total))

    def start(self, total: int) -> int:
        """How many rows stand before it."""
        return (self.at(total) - 1) * self.size


AskedPage = Annotated[Paged, Query()]


class Given(BaseModel):
    """Which page was given, of how many."""

    total: int
    page: int
    pages: int


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
