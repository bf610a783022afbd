"""What functions on Lambda print: a message of its log may have a time of its own, and several lines."""

import json
import re
from collections.abc import Iterator

from battleshiper.platform.logs.line import format_lines, parse_line
from battleshiper.platform.logs.port import LogLine

_BY_LAMBDA = re.compile(r"(START|END|REPORT) RequestId: |INIT_START |RESTORE_(START|REPORT) ")
"""What Lambda says of every run. What it says of one that fails is kept."""
_CONSOLE = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\t[^\t\n]*\t(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\t(.*)", re.DOTALL
)
"""A line of Node's console, with time, request and level before it
(https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html)."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def printed_lines(message: str, at: str) -> Iterator[LogLine]:
    """Yield the lines of a message that came at a time, none for Lambda's own remarks."""
    if _BY_LAMBDA.match(message):
        return
    if console := _CONSOLE.fullmatch(message):
        at, message = console[1], console[2]
    elif structured := _structured(message):
        at, message = structured
    for line in format_lines(message, at).splitlines():
        yield parse_line(line, at)


def _structured(message: str) -> tuple[str, str] | None:
    """Return time and text of a line of the console in Lambda's JSON format."""
    if not message.startswith("{"):
        return None
    try:
        content = json.loads(message)
    except ValueError:
        return None
    match content:
        case {"timestamp": str(at), "requestId": str(), "level": str(), "message": said} if _TIME.fullmatch(at):
            return at, said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
    return None
