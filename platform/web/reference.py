"""The API's document, as JSON for programs and as a page for people."""

from functools import cached_property
from itertools import groupby
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from battleshiper.platform.web.guard import Guard
from battleshiper.platform.web.openapi import write_document
from battleshiper.platform.web.renderer import Renderer

REFERENCE_PATH = "/api"
_FIRST = ("projects", "deployments", "me")
DOCUMENT_PATH = "/api/v1/openapi.json"


class Reference:
    """Serves both to everybody: they tell of the API and of nobody's things."""

    def __init__(self, guard: Guard, renderer: Renderer, base_url: str) -> None:
        self._guard = guard
        self._renderer = renderer
        self._base_url = base_url

    def routes(self) -> list[Route]:
        """Return the routes to mount."""
        return [
            Route(DOCUMENT_PATH, lambda _: JSONResponse(self._document), methods=["GET"]),
            Route(REFERENCE_PATH, self.show, methods=["GET"]),
        ]

    def show(self, _: Request) -> Response:
        """The page."""
        operations = [
            (path, method.upper(), operation)
            for path, methods in self._document["paths"].items()
            for method, operation in methods.items()
        ]
        operations.sort(key=lambda each: (_rank(each[2]["tags"][0]), each[2]["tags"][0]))
        groups = [(tag, list(found)) for tag, found in groupby(operations, lambda each: each[2]["tags"][0])]
        document = self._document
        return self._renderer.render(
            "reference.html",
            None,
            about=document["info"]["description"],
            server=document["servers"][0]["url"],
            groups=groups,
            schemas=sorted(document["components"]["schemas"].items()),
            schema_of=_name,
        )

    @cached_property
    def _document(self) -> dict[str, Any]:
        # When it is asked for: it takes longer to make than most answers.
        return write_document(self._guard.described, self._base_url)


def _rank(tag: str) -> int:
    """What most people look for comes first."""
    return _FIRST.index(tag) if tag in _FIRST else len(_FIRST)


def _name(schema: dict[str, Any]) -> str:
    """How a schema is called, for people."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if schema.get("type") == "array":
        return f"{_name(schema['items'])}[]"
    if "anyOf" in schema:
        return " | ".join(_name(each) for each in schema["anyOf"])
    return str(schema.get("format") or schema.get("type", "any"))
