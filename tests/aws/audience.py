"""Who is told of a deployment, in tests."""

from collections.abc import Collection
from typing import Any

from aws.fake_cloudformation import Watching


class Listener(Watching):
    """Remembers what is said, and approves of every stack but those that it refuses."""

    def __init__(self, refused: Collection[str] = ()) -> None:
        super().__init__()
        self._refused = refused

    def title(self, text: str) -> None:
        self.said.append(f"# {text}")

    def tell(self, line: str) -> None:
        self.said.append(line)

    def approve(self, proposal: Any) -> None:
        self.said.append(f"approve {proposal.stack.name}?")
        if proposal.stack.name in self._refused:
            raise PermissionError(proposal.stack.name)
