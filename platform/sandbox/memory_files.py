"""Small texts handed to a child as open files: arguments and files that nobody else on the machine should read."""

import os
from types import TracebackType
from typing import Self


class MemoryFiles:
    """Open anonymous files, closed together at the end of a `with` block."""

    def __init__(self) -> None:
        self.descriptors: list[int] = []

    def add(self, content: bytes) -> str:
        """Return the number of a descriptor, as text, from which `content` can be read."""
        descriptor = os.memfd_create("sandbox")
        self.descriptors.append(descriptor)
        written = 0
        while written < len(content):
            written += os.write(descriptor, content[written:])
        os.lseek(descriptor, 0, os.SEEK_SET)
        return str(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self.descriptors:
            os.close(self.descriptors.pop())
