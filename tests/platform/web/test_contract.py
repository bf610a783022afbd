"""Made-up requests to every endpoint, of two people with a project each: none breaks the platform or what its document
says, and none reaches the other's."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import schemathesis
from front import ADA, BOB
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from web_desk import Web

from battleshiper.platform.model.access_token import Scope
from battleshiper.platform.model.deployment import Commit, Environment, Origin
from battleshiper.platform.model.reach import Permission
from battleshiper.platform.model.role import Role
from battleshiper.platform.store.port import NewDeployment, NewProject

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]
OWN = {"name": "site", "id": "d", "kind": "build", "variable": "A", "label": "sale", "account": "7"}
FOREIGN = {"name": "bobs", "id": "e", "kind": "build", "account": "8"}
SECRET = "of-bob-alone"
made_up = settings(max_examples=20, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


class Two:
    """The web, with Ada's project `site` and Bob's project `bobs`; the token is Ada's, for everything of hers."""

    def __init__(self, folder: Path) -> None:
        self.web = web = Web(folder, burst=100_000)
        web.store.create_project(NewProject("q", ("bobs",), 2, 8, 8, f"bob/{SECRET}"))
        commit = Commit("b" * 40, SECRET, SECRET)
        web.store.create_deployment(NewDeployment("e", "q", commit, Environment.PRODUCTION, Origin.PUSH))
        web.front.admit(ADA, (), r7=Permission.ADMIN)
        web.front.admit(BOB, set(Role), r8=Permission.ADMIN)
        self.token = web.front.tokens.issue(ADA.id, "test", list(Scope), timedelta(days=1))[1]
        self.schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", web.app)

    def of_bob(self) -> tuple[object, ...]:
        """All that Ada must not change."""
        store = self.web.store
        project = store.project_named("bobs")
        parts = (store.deployments("q"), store.variables("q"), store.custom_aliases("q"), store.hooks("q"))
        return project, *parts, store.subscriptions(), store.audit(), store.accounts()


@pytest.fixture
def two(tmp_path: Path) -> Two:
    return Two(tmp_path)


def test_no_request_breaks_it(two: Two) -> None:
    """As Ada: no answer is a fault of ours or other than described, and Bob's things stay unseen and as they were."""
    before = two.of_bob()

    def check(case, whose: dict[str, str]) -> None:
        case.path_parameters |= {name: value for name, value in whose.items() if name in case.path_parameters}
        answer = case.call(headers={"authorization": f"Bearer {two.token}"})
        case.validate_response(answer, checks=CHECKS)
        statuses[answer.status_code] += 1
        assert SECRET not in answer.text
        assert two.of_bob() == before

    statuses: Counter[int] = Counter()
    for result in two.schema.get_all_operations():
        operation = result.ok()
        requests = given(case=operation.as_strategy(), whose=st.sampled_from([OWN, FOREIGN, {}]))
        made_up(requests(check))()
    assert min(statuses[status] for status in (200, 400, 403, 404, 409)) > 5, statuses
    assert 429 not in statuses
