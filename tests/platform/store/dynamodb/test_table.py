"""Keys: any text that people ask for is one, and what they lead to is spread."""

from collections import Counter

import pytest
from aws.dynamo_platform import deployment

from battleshiper.platform.model.identifier import new_identifier
from battleshiper.platform.store.dynamodb.table import SHARDS, deployment_key, label_key, shard_of, shards
from battleshiper.platform.store.port import MissingError


@pytest.mark.parametrize("asked", ["", "x" * 5000, "\ud83d", "a#b", "DEPLOYMENT", "\0", "ü" * 2000])
def test_nothing_that_is_asked_for_is_refused_by_dynamodb(platform, asked):
    """What nobody would have made is just not there."""
    for look_up in (platform.store.deployment, platform.store.project, platform.store.project_named):
        with pytest.raises(MissingError):
            look_up(asked)
    assert not platform.store.has_delivery(asked)
    assert platform.store.deployments(asked or "none", branch=asked) == []
    assert platform.store.aliases(asked or "none") == []
    assert platform.store.report(asked).version == 0
    platform.store.forget_remains(asked)


def test_long_names_differ_by_all_of_their_text():
    """Two long texts that begin and end alike are two keys, each within DynamoDB's limits."""
    one, two = ("x" * 1000 + middle + "y" * 1000 for middle in "ab")
    assert deployment_key(one) != deployment_key(two)
    assert label_key(one) != label_key(two)
    assert max(map(len, (*deployment_key(one), *label_key(one)))) < 1024


def test_a_branch_of_any_length(platform):
    """Git takes branches whose names are longer than a key may be."""
    branch = "ü" * 1000
    platform.store.create_deployment(deployment("x1", branch=branch))
    platform.store.create_deployment(deployment("x2", branch=branch + "ü"))
    assert [each.id for each in platform.store.deployments("p1", branch=branch)] == ["x1"]
    assert [each.id for each in platform.store.deployments(branch=branch)] == ["x1"]


def test_keys_are_spread_over_all_partitions():
    """No partition gets more than its share."""
    counted = Counter(shard_of("LABELS", new_identifier()) for _ in range(8000))
    assert set(counted) == set(shards("LABELS"))
    assert len(counted) == SHARDS
    assert max(counted.values()) < 1500
