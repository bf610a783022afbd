"""The real runner as a job of Batch's: exactly the job's environment in, Batch's own event out."""

import os
import sys
from pathlib import Path
from threading import Event as Signal
from typing import Any

import pytest
from aws.batch_standin import BatchStandIn, Image

from battleshiper.platform.builder.batch.change import read_change
from battleshiper.platform.builder.batch.record import Capacity, JobRecord
from battleshiper.platform.builder.batch.submission import Target, submission

pytestmark = pytest.mark.sandbox


def test_a_build_on_batch(stand_in: Any, tmp_path: Path) -> None:
    """What the builder submits is enough for the runner, and the event is enough to tell how it ended."""
    events: list[dict[str, Any]] = []
    lines: list[str] = []
    ended = Signal()

    def tell(event: dict[str, Any]) -> None:
        events.append(event)
        if read_change(event["detail"]).has_ended:
            ended.set()

    image = Image(
        (sys.executable, "-m", "battleshiper.build_runner"),
        lambda work: {
            "PATH": os.environ["PATH"],
            "BATTLESHIPER_WORK_DIR": str(work),
            "BATTLESHIPER_CACHE_DIR": str(stand_in.cache),
        },
    )
    stand_in.prepare(stand_in.commit({"index.html": "built on Batch"}))
    claim = stand_in.environment(unsafe=False)["BATTLESHIPER_CLAIM"]
    batch = BatchStandIn(tmp_path / "batch", image, tell, lambda _, line: lines.append(line), {"spot": 1})
    try:
        target = Target({Capacity.SPOT: "spot"}, "build", f"{stand_in.url}/claim")
        batch.submit(dict(submission(JobRecord("dep1", "project1", 7, "ticket", 60), target, claim)))
        assert ended.wait(60), lines
    finally:
        batch.close()
    change = read_change(events[-1]["detail"])
    assert [event["detail"]["status"] for event in events] == ["RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED"]
    assert (change.exit_code, change.name, len(change.streams)) == (0, "battleshiper-dep1-1", 1)
    assert stand_in.uploads["builds/project1/dep1/client/index.html"] == b"built on Batch"
    assert claim not in "\n".join(lines)
