"""GitHub's own description of its API and its webhooks, and what is checked against it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from jsonschema import Draft4Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT4


def _allow_null(keyword: str) -> Callable[..., Iterator[ValidationError]]:
    original = Draft4Validator.VALIDATORS[keyword]

    def check(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        if instance is None and schema.get("nullable"):
            return iter(())
        return original(validator, value, instance, schema) or iter(())

    return check


_KEYWORDS = ("type", "enum", "oneOf", "anyOf", "allOf")
OpenApiValidator = extend(Draft4Validator, {keyword: _allow_null(keyword) for keyword in _KEYWORDS})


class OpenApi:
    """GitHub's description of its API and its webhooks."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._registry = Registry().with_resource("urn:github", DRAFT4.create_resource(document))
        self._paths = [(path.split("/"), path) for path in document["paths"]]

    def check(self, value: object, schema: dict[str, Any]) -> None:
        """Raise ValidationError when `value` is not as `schema` says."""
        validator = OpenApiValidator({"$id": "urn:github", **_absolute(schema)}, registry=self._registry)
        errors = sorted(validator.iter_errors(value), key=lambda error: len(error.absolute_path))
        assert not errors, f"{list(errors[0].absolute_path)}: {errors[0].message[:500]}"

    def check_event(self, name: str, payload: object) -> None:
        """Check a webhook's payload; `name` is like `pull-request-opened`."""
        operation = self._document["x-webhooks"][name]["post"]
        self.check(payload, operation["requestBody"]["content"]["application/json"]["schema"])

    def check_exchange(self, method: str, path: str, body: object, status: int, answer: object) -> None:
        """Check what was asked and what was answered."""
        operation = self._document["paths"][self._find(path)][method.lower()]
        schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        if schema and status < 400:
            self.check(body or {}, schema)
        response = operation["responses"].get(str(status))
        if response is None:
            # GitHub's description leaves many errors out, but not their shape.
            assert status >= 400, f"GitHub never answers {status} to {method} {path}"
            self.check(answer, {"$ref": "#/components/schemas/basic-error"})
            return
        if "$ref" in response:
            response = self._document["components"]["responses"][response["$ref"].rpartition("/")[2]]
        schema = response.get("content", {}).get("application/json", {}).get("schema")
        if schema:
            self.check(answer, schema)

    def _find(self, path: str) -> str:
        parts = path.split("/")
        fitting = [
            template
            for template_parts, template in self._paths
            if len(template_parts) == len(parts)
            and all(want == have or want.startswith("{") for want, have in zip(template_parts, parts, strict=True))
        ]
        assert fitting, f"GitHub has no {path}"
        return min(fitting, key=lambda template: template.count("{"))


def _absolute(schema: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(schema).replace('"#/components/', '"urn:github#/components/'))
