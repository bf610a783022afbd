"""Commands in comments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battleshiper.platform.model.command import Command
from battleshiper.webhooks.command_line import CommandLine, find_command


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/deploy", CommandLine(Command.DEPLOY)),
        ("/deploy abc1234", CommandLine(Command.DEPLOY, "abc1234")),
        ("Looks good!\r\n\r\n/promote  \r\nThanks", CommandLine(Command.PROMOTE)),
        ("/rollback\tproduction", CommandLine(Command.ROLLBACK, "production")),
        ("/logs\n/help", CommandLine(Command.LOGS)),
        ("```\n/deploy\n```\n/help", CommandLine(Command.HELP)),
        ("~~~~\n/deploy\n~~~\n/deploy\n~~~~\n/cancel", CommandLine(Command.CANCEL)),
    ],
)
def test_commands_are_found(text: str, found: CommandLine) -> None:
    """On a line of their own, the first of them, outside of code."""
    assert find_command(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "deploy",
        "please /deploy",
        " /deploy",
        "> /deploy",
        "/deployx",
        "/deploy now please",
        "/Deploy",
        "/deploy `abc1234`",
        "/deploy abc-1234",
        "/ deploy",
        "//deploy",
        "/deploy\u00a0abc1234",
        "\uff0fdeploy",
        "/deploy \uff41bc1234",
        "```\n/deploy",
        "/deploy " + "a" * 65,
        "\n" * 70_000 + "/deploy",
    ],
)
def test_what_is_no_command(text: str) -> None:
    """Talk about commands, quotes, look-alikes, and what no person writes."""
    assert find_command(text) is None


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("/`~ \t\r\ndeploy")), max_size=500))
def test_any_text_can_be_read(text: str) -> None:
    """What is found stands on a line of its own in it."""
    found = find_command(text)
    if found is not None:
        assert any(line.startswith(f"/{found.command}") for line in text.replace("\r", "\n").split("\n"))
        assert found.argument == "" or (found.argument.isalnum() and found.argument.isascii())
