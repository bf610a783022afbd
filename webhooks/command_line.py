"""Finding a command in a comment: a line of its own, outside of quotes and blocks of code."""

import re
from dataclasses import dataclass

from battleshiper.platform.model.command import Command

_LINE = re.compile(rf"/({'|'.join(Command)})(?:[ \t]+([0-9A-Za-z]{{1,64}}))?[ \t]*", re.ASCII)
# https://github.github.com/gfm/#fenced-code-blocks
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_LONGEST = 65_536
"""What GitHub takes as a comment."""


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A command with what is written behind it."""

    command: Command
    argument: str = ""
    """At most 64 letters and digits."""


def find_command(text: str) -> CommandLine | None:
    """Return the first command in a comment, None where there is none."""
    fence = ""
    for line in re.split(r"\r\n|\n|\r", text[:_LONGEST]):
        if mark := _FENCE.match(line):
            if not fence:
                fence = mark[1]
            elif mark[1].startswith(fence) and not line[mark.end() :].strip():
                fence = ""
        elif not fence and (found := _LINE.fullmatch(line)):
            return CommandLine(Command(found[1]), found[2] or "")
    return None
