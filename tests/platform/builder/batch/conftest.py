"""A Batch builder before the stand-in for Batch."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from contract.builders import BatchBuilderUnderTest, opened


@pytest.fixture
def yard(tmp_path: Path) -> Iterator[BatchBuilderUnderTest]:
    """A builder, Batch, and the ends that are reported."""
    with opened(BatchBuilderUnderTest, tmp_path) as made:
        yield made
