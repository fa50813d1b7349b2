"""What the addresses for programs share: pages of a list, and the words and bytes of a request."""

from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import URL

from rules.leaves import Leaf, leaf


class Paged(BaseModel):
    """Which page of a list is asked for; behind the last one, the last is meant."""

    model_config = ConfigDict(extra="forbid")

    page: int = Field(1, ge=1, le=1_000_000)
    size: int = Field(50, ge=1, le=200)

    def leaf(self, total: int) -> Leaf:
        """What is given of a list of `total` rows."""
        return leaf(self.page, total, self.size)


AskedPage = Annotated[Paged, Query()]


class Given(BaseModel):
    """Which page was given, of how many."""

    total: int
    page: int
    pages: int


def given(shown: Leaf) -> dict[str, int]:
    """The fields of `Given`."""
    return {"total": shown.total, "page": shown.at, "pages": shown.last}


def linked(url: URL, shown: Leaf) -> dict[str, str]:
    """The header that leads to the pages before and after the one that is given."""
    near = {"prev": shown.at - 1, "next": shown.at + 1}
    found = [
        f'<{url.path}?{url.include_query_params(page=page).query}>; rel="{word}"'
        for word, page in near.items()
        if 1 <= page <= shown.last
    ]
    return {"Link": ", ".join(found)} if found else {}


def plain(words: str) -> str:
    """Without the one character that no database takes."""
    return words.replace("\0", "")


async def content(request: Request) -> bytes:
    """The body as it was sent."""
    return await request.body()
