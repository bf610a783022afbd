"""Pushes whose webhook never came: what is decided on them is what would have been."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from battleshiper.platform.model.deployment import Origin
from battleshiper.platform.pipeline.requests import MintTicket
from battleshiper.platform.source.port import BranchMove, Head
from battleshiper.platform.store.port import Deliveries
from battleshiper.webhooks.payload import Sender
from battleshiper.webhooks.push import HeadCommit, Push, PushedRepository, Pushes

_NO_COMMIT = "0" * 40


class MissedPushes:
    """Records them beside the deliveries of GitHub's."""

    def __init__(self, store: Deliveries, mint: MintTicket, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._pushes = Pushes(mint)
        self._clock = clock

    def hear(self, repository_id: int, full_name: str, move: BranchMove, head: Head | None) -> None:
        """Decide on the push that moved a branch to `head`, or deleted it; nothing happens the second time. Not for
        the thread of an event loop."""
        push = Push(
            f"refs/heads/{move.branch}",
            move.before or _NO_COMMIT,
            head.sha if head else _NO_COMMIT,
            PushedRepository(repository_id, full_name, None, move.moved_at),
            HeadCommit(head.message, head.author) if head else None,
            Sender(move.actor_id),
            Origin.MISSED,
        )
        delivery_id = f"missed-{repository_id}-{move.id}"
        received_at = self._clock()
        asyncio.run(
            self._store.decide_soon(
                delivery_id, lambda known: self._pushes.plan(push, known).acceptance(delivery_id, "push", received_at)
            )
        )
