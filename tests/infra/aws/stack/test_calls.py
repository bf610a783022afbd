"""Calls to AWS, the actions that allow them, and the permissions say the same."""

import ast
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
from botocore import xform_name
from botocore.session import Session

from battleshiper.infra.aws.packaging.contents import SERVICES
from battleshiper.infra.aws.stack.calls import CALLS, MADE_BY_LAMBDA
from battleshiper.infra.aws.stack.permissions import grants_of
from battleshiper.infra.aws.stack.shapes import FunctionName

ROOT = Path(__file__).parents[4]
NOT_OURS_TO_GRANT = ("infra/aws/stack", "infra/aws/packaging", "infra/aws/operation")
"""What runs with the operator's own rights."""
CLIENTS = ("client", "_client", "_queue")
"""What a client of AWS is called in our code."""
PAGES = "get_paginator"


def methods() -> dict[str, set[str]]:
    """Return the services that have each method."""
    found: dict[str, set[str]] = {"generate_presigned_post": {"s3"}, "generate_presigned_url": {"s3"}}
    for service in SERVICES:
        for operation in Session().get_service_model(service).operation_names:
            found.setdefault(xform_name(operation), set()).add(service)
    return found


METHODS = methods()


def calls_in(source: str) -> Iterator[tuple[str, str]]:
    """Yield the calls in a module, each with the service and the method; the service is empty where it is unclear."""
    services = {service for service in SERVICES if f"{service.replace('-', '')}client" in source.lower()}
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if ast.unparse(node.func.value).rpartition(".")[2] not in CLIENTS:
            continue
        method = node.func.attr
        if method == PAGES:
            assert isinstance(node.args[0], ast.Constant), "a pager is named in the call"
            method = str(node.args[0].value)
        found = METHODS.get(method, set())
        if found:
            fitting = found & services if len(found) > 1 else found
            yield (next(iter(fitting)) if len(fitting) == 1 else ""), method


def modules() -> dict[str, set[tuple[str, str]]]:
    """Return the calls of each of our modules that run with a function's rights."""
    found = {}
    for folder in ("bot", "edge", "infra", "platform", "webhooks"):
        for path in (ROOT / folder).rglob("*.py"):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(NOT_OURS_TO_GRANT) and (calls := set(calls_in(path.read_text()))):
                found["battleshiper." + name.removesuffix(".py").replace("/", ".")] = calls
    return found


MODULES = modules()


def test_the_search_finds_calls() -> None:
    """Calls, pagers and signed posts are found; what only sounds like one is not."""
    source = """
client: "LambdaClient"
self._client.add_permission()
self._client.get_paginator("list_aliases")
self._client.generate_presigned_post()
self._store.create_deployment()
"""
    expected = {("lambda", "add_permission"), ("lambda", "list_aliases"), ("s3", "generate_presigned_post")}
    assert set(calls_in(source)) == expected


def test_every_call_is_listed() -> None:
    """The list has every call of the source, and no other."""
    called = {call for calls in MODULES.values() for call in calls}
    assert called == {(service, method) for service, methods in CALLS.items() for method in methods}


def test_every_call_is_granted_to_somebody() -> None:
    """No call is without a grant."""
    granted = {action for name in FunctionName for grant in grants_of(name) for action in grant.actions}
    needed = {action for methods in CALLS.values() for actions in methods.values() for action in actions}
    assert needed - granted == set()


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Return who imports whom."""
    folders = ("bot", "edge", "infra", "platform", "webhooks")
    return grimp.build_graph(*(f"battleshiper.{folder}" for folder in folders), cache_dir=None)


@pytest.mark.parametrize("name", FunctionName)
def test_no_grant_is_without_a_call(graph: grimp.ImportGraph, name: FunctionName) -> None:
    """What a function may do is called by a module that it imports, or done by Lambda itself."""
    handler = f"battleshiper.infra.aws.handlers.{name}"
    reached = graph.find_upstream_modules(handler) | {handler}
    called = {call for module in reached for call in MODULES.get(module, ())}
    possible = {action for service, method in called for action in CALLS[service][method]} | set(MADE_BY_LAMBDA)
    granted = {action for grant in grants_of(name) for action in grant.actions}
    assert granted - possible == set()
