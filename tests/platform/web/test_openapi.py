"""The API's document says what there is, for programs and for people."""

import jsonschema
import pytest
from starlette.routing import Route
from web_desk import TOKEN, Web


@pytest.fixture
def document(web: Web):
    """The document, as anybody gets it."""
    answer = web.client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    return answer.json()


def test_every_endpoint_is_described(web: Web, document) -> None:
    """And nothing else: with what it does, and an id of its own."""
    routes = {
        (route.path.removeprefix("/api/v1"), method.lower())
        for route in web.app.routes
        if isinstance(route, Route) and route.path.startswith("/api/v1/") and "{path" not in route.path
        for method in (route.methods or ())
        if method != "HEAD"
    }
    described = {
        (path, method): operation for path, ways in document["paths"].items() for method, operation in ways.items()
    }
    assert routes - {("/openapi.json", "get")} == set(described)
    assert all(operation["summary"] for operation in described.values())
    assert len({operation["operationId"] for operation in described.values()}) == len(described)


def test_answers_are_as_they_are_described(web: Web, document) -> None:
    """Those that there are without doing anything first; all others are tried with made-up requests elsewhere."""
    for path in ("/projects", "/deployments", "/deliveries", "/me", "/projects/site/settings", "/projects/site/usage"):
        answer = web.client.get(f"/api/v1{path}", headers={"authorization": f"Bearer {TOKEN}"})
        place = path.replace("/site/", "/{name}/")
        schema = document["paths"][place]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(answer.json(), {**schema, "components": document["components"]})


def test_the_reference_is_for_people(web: Web, document) -> None:
    """Every endpoint and everything answered is on the page, which needs nobody to sign in."""
    answer = web.browser(web.app).get("/api")
    assert answer.status_code == 200
    for path, ways in document["paths"].items():
        for method, operation in ways.items():
            assert f"{method.upper()} {path}" in answer.text
            assert operation["operationId"] in answer.text
    for name in document["components"]["schemas"]:
        assert f'id="{name}"' in answer.text
