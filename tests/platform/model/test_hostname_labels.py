"""Labels: always valid, different for different things, and always the same for the same."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.model.hostname import (
    MAX_LABEL,
    RESERVED_NAMES,
    branch_label,
    deployment_label,
    production_label,
    project_names,
    slug,
)
from battleshiper.platform.model.identifier import new_identifier

LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")

REPOSITORIES = st.tuples(st.text(min_size=1), st.text(min_size=1)).map(lambda pair: "/".join(pair))
# Words that lie close to each other and to what the platform adds.
NEAR = st.lists(
    st.sampled_from(["git", "-git-", "-", "a", "A", "á", "b/c", "www", "🚀", "0123abcd", "x" * 40]), max_size=5
).map("".join)
PROJECTS = st.tuples(NEAR, st.integers(1, 9)).flatmap(
    lambda pair: st.sampled_from(list(project_names(f"owner/{pair[0]}", pair[1])))
)

HOSTILE = [
    "-x",
    "--help",
    "$(id)",
    "`id`",
    "it's",
    'say "hi"',
    "🚀",
    "🚀🚀",
    "ענף",
    "فرع",
    "\u202etxt.exe",
    "a\u200bb",
    "a b",
    "a\x00b",
    "a/../../b",
    "..",
    "%2e%2e",
    "<script>",
    "A",
    "a",
    "á",
    "a\u0301",
    "a_",
    "a-",
    "-",
    "_",
    "xn--80ak6aa92e",
    "\ud800",
    "feature/a",
    "feature-a",
    "feature_a",
    "x" * 63,
    "x" * 64,
    "x" * 5000,
    "ǅ",
    "ﬁ",
    "fi",
    "①",
    "1",
    "",
]


def test_hostile_branches_have_safe_labels_of_their_own() -> None:
    """No two of the worst names share a label, and each label is one."""
    labels = [branch_label("site", branch) for branch in HOSTILE]
    assert all(LABEL.fullmatch(label) for label in labels)
    assert len(set(labels)) == len(HOSTILE)


@given(project=PROJECTS, branch=st.text() | NEAR)
def test_a_branch_label_is_always_valid(project: str, branch: str) -> None:
    """Any branch of any project has a label that DNS takes and that is no project's name."""
    label = branch_label(project, branch)
    assert LABEL.fullmatch(label)
    assert len(label) <= MAX_LABEL
    assert "--" not in label
    assert label != production_label(project)


@given(one=st.text() | NEAR, other=st.text() | NEAR)
def test_different_branches_have_different_labels(one: str, other: str) -> None:
    """Labels are as different as branches are."""
    assert (branch_label("site", one) == branch_label("site", other)) == (one == other)


@given(one=st.tuples(PROJECTS, NEAR), other=st.tuples(PROJECTS, NEAR))
def test_labels_of_different_projects_differ(one: tuple[str, str], other: tuple[str, str]) -> None:
    """A branch of one project never has the label of a branch, or of the production site, of another."""
    if one[0] != other[0]:
        assert branch_label(*one) != branch_label(*other)
        assert branch_label(*one) != production_label(other[0])


def test_nobody_can_push_a_branch_onto_anothers_label() -> None:
    """A branch that is named like the label of another one gets a label of its own."""
    taken = branch_label("site", "Feature")
    assert branch_label("site", taken.removeprefix("site-git-")) != taken


def test_plain_branches_keep_their_names() -> None:
    """Most labels are what a person would guess, and they stay what they are."""
    assert branch_label("shop", "new-cart") == "shop-git-new-cart"
    assert branch_label("shop", "feature/cart") == "shop-git-feature-cart-c39f4dfa"
    assert branch_label("shop", "🚀") == "shop-git-ebbc0b28"


@given(repository=REPOSITORIES | NEAR.map(lambda name: f"owner/{name}"), number=st.integers(1, 2**63 - 1))
def test_names_are_valid_and_leave_room(repository: str, number: int) -> None:
    """Every proposed name is a label, free to take, with room for a deployment's id behind it."""
    names = list(project_names(repository, number))
    assert names
    for name in names:
        assert LABEL.fullmatch(name)
        assert name not in RESERVED_NAMES
        assert not name.startswith("xn--")
        assert "-git-" not in f"{name}-"
        assert len(deployment_label(name, new_identifier())) <= MAX_LABEL


@given(one=NEAR, other=NEAR, numbers=st.lists(st.integers(1, 2**40), min_size=2, max_size=2, unique=True))
def test_nobody_can_take_the_last_name(one: str, other: str, numbers: list[int]) -> None:
    """The name with a repository's number in it is proposed for no other repository."""
    *_, last = project_names(f"owner/{one}", numbers[0])
    assert last not in project_names(f"owner/{other}", numbers[1])
    assert last not in project_names(f"owner/{last}", numbers[1])


@pytest.mark.parametrize(
    ("repository", "first"),
    [
        ("octocat/Hello-World", "hello-world"),
        ("octocat/hello_world.js", "hello-world-js"),
        ("octocat/Über", "uber"),
        ("octocat/www", "www-octocat"),
        ("octocat/" + "long-" * 20, "long-long-long-long-long-long-l-6b86b273"),
        ("octocat/日本", "site-6b86b273"),
        ("octocat/my-git", "my-6b86b273"),
        ("octocat/a-git-git-b", "a-b-6b86b273"),
        ("octocat/git", "git"),
        ("octocat/shop-0123abcd", "shop-0123abcd-octocat"),
    ],
)
def test_the_first_name(repository: str, first: str) -> None:
    """A project is called what a person would call it, as far as that is safe."""
    assert next(project_names(repository, 1)) == first


@pytest.mark.parametrize(
    ("repository", "root", "first"),
    [
        ("octocat/shop", "docs", "shop-docs"),
        ("octocat/shop", "apps/web", "shop-web"),
        ("octocat/shop", "日本", "shop"),
        ("octocat/日本", "apps/git", "git"),
    ],
)
def test_the_first_name_in_a_folder(repository: str, root: str, first: str) -> None:
    """It tells which site of the repository it is."""
    assert next(project_names(repository, 1, root)) == first
    assert [*project_names(repository, 1)][-1] != [*project_names(repository, 1, root)][-1]


@given(text=st.text())
def test_a_slug_of_a_slug_is_itself(text: str) -> None:
    """What is left of a text needs no more cleaning."""
    assert slug(slug(text)) == slug(text)
