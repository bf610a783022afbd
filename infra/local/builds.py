"""What one build may use on this machine."""

from dataclasses import dataclass

from battleshiper.infra.local.reader import Reader
from battleshiper.platform.model.instructions import BuildLimits

_MIB = 1024**2


@dataclass(frozen=True, slots=True)
class Builds:
    """The limits of one build, in the units that an operator thinks in."""

    seconds: int = 600
    """Install and build together."""
    memory_mib: int = 2048
    processes: int = 512
    disk_mib: int = 5120
    """The checkout, the packages and the output."""
    output_files: int = 20_000
    output_mib: int = 500
    """All that is published."""
    file_mib: int = 100
    """The largest single file of it."""

    @property
    def limits(self) -> BuildLimits:
        """The same in the units of the pipeline."""
        return BuildLimits(
            seconds=self.seconds,
            memory_bytes=self.memory_mib * _MIB,
            processes=self.processes,
            work_bytes=self.disk_mib * _MIB,
            output_files=self.output_files,
            output_bytes=self.output_mib * _MIB,
            output_file_bytes=self.file_mib * _MIB,
        )

    def __str__(self) -> str:
        return (
            f"{self.seconds:,} s, {self.memory_mib:,} MiB of memory, {self.processes:,} processes, "
            f"{self.disk_mib:,} MiB of disk, {self.output_mib:,} MiB of output in {self.output_files:,} files"
        )


def read_builds(reader: Reader) -> Builds:
    """Return what the environment says. The smallest values are those that any build at all may work with, and a
    build never outlives the tickets of those that wait behind it."""
    usual = Builds()
    return Builds(
        seconds=reader.number("BUILD_SECONDS", usual.seconds, 4 * 3600, smallest=10),
        memory_mib=reader.number("BUILD_MEMORY_MIB", usual.memory_mib, 1024**2, smallest=128),
        processes=reader.number("BUILD_PROCESSES", usual.processes, 32_768, smallest=16),
        disk_mib=reader.number("BUILD_DISK_MIB", usual.disk_mib, 1024**2, smallest=64),
        output_files=reader.number("BUILD_OUTPUT_FILES", usual.output_files, 1_000_000, smallest=1),
        output_mib=reader.number("BUILD_OUTPUT_MIB", usual.output_mib, 1024**2, smallest=1),
        file_mib=reader.number("BUILD_FILE_MIB", usual.file_mib, 10 * 1024, smallest=1),
    )
