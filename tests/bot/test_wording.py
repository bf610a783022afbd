"""What people read on GitHub."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from battleshiper.bot.wording import MAX_DESCRIPTION, describe, environment_name, fit, status_context
from battleshiper.platform.model.deployment import Commit, Deployment, Environment, Origin, State

CREATED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def deployment(state: State, reason: str = "", seconds: float | None = None) -> Deployment:
    """Return a deployment that took so long."""
    finished = None if seconds is None else CREATED + timedelta(seconds=seconds)
    commit = Commit("a" * 40, "main")
    return Deployment(
        "d1",
        "p1",
        1,
        commit,
        Environment.PRODUCTION,
        Origin.PUSH,
        state,
        reason,
        2,
        None,
        None,
        CREATED,
        CREATED,
        finished_at=finished,
    )


@given(st.text(st.characters(codec=None), max_size=600))
def test_a_description_is_always_one_that_github_takes(text: str) -> None:
    """Any text becomes one line of at most 140 characters without four-byte characters, and can be sent."""
    line = fit(text)
    assert len(line) <= MAX_DESCRIPTION
    assert line == " ".join(line.split())
    assert all(ord(character) <= 0xFFFF for character in line)
    line.encode()


@given(st.lists(st.text("abcdefg", min_size=1, max_size=12), min_size=1, max_size=60))
def test_a_long_description_ends_with_a_whole_word(words: list[str]) -> None:
    """What is kept of a long text is its first words, whole."""
    line = fit(" ".join(words))
    kept = line.removesuffix("…").split()
    assert kept == words[: len(kept)]
    assert line.endswith("…") == (len(kept) < len(words))


def test_a_text_of_exactly_the_limit_stays_whole() -> None:
    """140 characters are not too many."""
    text = "x" * 69 + " " + "y" * 70
    assert fit(text) == text


def test_a_word_that_ends_at_the_limit_is_kept() -> None:
    """A word is not dropped when only the space behind it is too much."""
    assert fit("x" * 100 + " " + "y" * 38 + " zzz") == "x" * 100 + " " + "y" * 38 + "…"


def test_one_endless_word_is_cut_all_the_same() -> None:
    """A text without spaces still fits."""
    assert fit("x" * 500) == "x" * 139 + "…"


def test_emoji_do_not_make_github_refuse_the_whole_line() -> None:
    """Characters outside the basic plane are replaced, the others stay."""
    assert fit("häuser 🚀 日本\n\x00ok") == "häuser \N{REPLACEMENT CHARACTER} 日本 ok"


def test_a_reason_is_shown_before_everything_else() -> None:
    """A deployment's reason is its description."""
    assert describe(deployment(State.SKIPPED, "Nothing changed below `web`.")) == "Nothing changed below `web`."


def test_a_ready_deployment_tells_how_long_it_took() -> None:
    """Durations are in seconds, then in minutes."""
    assert describe(deployment(State.READY, seconds=42.4)) == "Ready in 42 s"
    assert describe(deployment(State.READY, seconds=125)) == "Ready in 2 min 5 s"


def test_every_state_has_words() -> None:
    """No state leaves a blank."""
    assert all(describe(deployment(state)) for state in State)


def test_projects_of_one_repository_have_environments_of_their_own() -> None:
    """The project's name is added where there are several."""
    assert environment_name(Environment.PREVIEW, "shop", is_alone=True) == "preview"
    assert environment_name(Environment.PREVIEW, "shop", is_alone=False) == "preview – shop"  # noqa: RUF001 - a dash
    assert status_context("shop") == "battleshiper/shop"
