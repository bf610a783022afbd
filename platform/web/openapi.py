"""The API's document (https://spec.openapis.org/oas/v3.1.1.html), made of what its endpoints say of themselves."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from battleshiper.platform.web.operation import Described, Query
from battleshiper.platform.web.problem import MEDIA_TYPE
from battleshiper.platform.web.shapes import Problem

_REFERENCES = "#/components/schemas/{model}"
_PLACES: Mapping[str, str] = {
    "name": "A project's name",
    "id": "The id",
    "kind": "Which log: build, deploy or server",
    "variable": "A variable's name",
    "label": "The first part of the hostname",
    "account": "GitHub's number of an account",
    "subscription": "A subscription's name",
}
_ABOUT = (
    "What the command line does, for programs. Send a token: `Authorization: Bearer <token>`. People make theirs on "
    "the page /tokens, with scopes and an end; `read` lets it look, `write` change, `admin` do what its owner's roles "
    "allow. What is somebody else's is answered as what is not there."
)
_PROBLEMS: Mapping[str, str] = {
    "401": "There is no token, or it is none any longer",
    "429": "Too many requests: 300 a minute are let through; `Retry-After` says in how many seconds one is",
    "default": "It cannot be done; `detail` says why, and what to do",
}


def write_document(described: Sequence[Described], base_url: str) -> dict[str, Any]:
    """Return the document."""
    schemas = _Schemas([*(each.operation.answer for each in described), *_bodies(described), Problem])
    paths: dict[str, dict[str, Any]] = {}
    for each in described:
        paths.setdefault(each.path, {})[each.method.lower()] = _write(each, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Battleshiper", "version": "1", "description": _ABOUT},
        "servers": [{"url": f"{base_url}/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas.components,
        },
    }


class _Schemas:
    """The schemas of kinds, by reference where they have a name."""

    def __init__(self, kinds: Sequence[Any]) -> None:
        mode: JsonSchemaMode = "serialization"
        inputs = [(str(number), mode, TypeAdapter(kind)) for number, kind in enumerate(kinds)]
        found, definitions = TypeAdapter.json_schemas(inputs, ref_template=_REFERENCES)
        self._kinds = list(kinds)
        self._found = {int(key): schema for (key, _), schema in found.items()}
        self.components = definitions.get("$defs", {})

    def of(self, kind: Any) -> Any:
        """Return a kind's schema."""
        return self._found[self._kinds.index(kind)]


def _write(each: Described, schemas: _Schemas) -> dict[str, Any]:
    operation = each.operation
    answer = {"description": "Done", "content": {"application/json": {"schema": schemas.of(operation.answer)}}}
    problem = {MEDIA_TYPE: {"schema": schemas.of(Problem)}}
    written: dict[str, Any] = {
        "summary": each.summary,
        "operationId": _identify(each),
        "tags": [each.path.strip("/").split("/")[0]],
        "parameters": [*map(_write_place, re.findall(r"{(\w+)}", each.path)), *map(_write_query, operation.query)],
        "responses": {
            str(operation.status): answer,
            **{status: {"description": said, "content": problem} for status, said in _PROBLEMS.items()},
        },
    }
    if operation.body is not None:
        media = "text/plain" if operation.body is str else "application/json"
        written["requestBody"] = {"required": True, "content": {media: {"schema": schemas.of(operation.body)}}}
    return written


def _identify(each: Described) -> str:
    words = re.findall(r"\w+", each.path)
    return "_".join([each.method.lower(), *(word.replace("-", "_") for word in words)])


def _write_place(name: str) -> dict[str, Any]:
    schema = {"type": "string"}
    return {"name": name, "in": "path", "required": True, "description": _PLACES[name], "schema": schema}


def _write_query(query: Query) -> dict[str, Any]:
    return {
        "name": query.name,
        "in": "query",
        "required": query.is_required,
        "description": query.meaning,
        "schema": TypeAdapter(query.kind).json_schema(),
    }


def _bodies(described: Sequence[Described]) -> list[Any]:
    return [each.operation.body for each in described if each.operation.body is not None]
