"""`functions`: for each Lambda function, milliseconds to import its entry point in a fresh process, against importing
together what functions are usually made of; and the bytes of the package that it is deployed from, for Lambda."""

from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from battleshiper.infra.aws.packaging.packages import build_packages
from battleshiper.infra.aws.stack.shapes import SHAPES, FunctionName, Package
from battleshiper.infra.aws.variables import Variable
from benchmarks.figure import Figure
from benchmarks.starts import MEASURED, Starts

_RUNS = 5
_TOLD = {
    **{name.value: "1" for name in Variable},
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
}


@dataclass(frozen=True, slots=True)
class FunctionFigure(Figure):
    """A figure of one function."""

    zip_bytes: int
    unpacked_bytes: int


def measure_functions() -> list[Figure]:
    """Measure both in turn for each function, and compare the medians."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        sizes = {package: _sizes(path) for package, path in build_packages(folder / "zips").paths.items()}
        starts = Starts(folder)
        laid_out = {package: starts.lay_out(package) for package in Package}
        starts.compile_usual()
        starts.usual()  # brings the files into memory
        return [_measure(name, starts, laid_out[SHAPES[name].package], sizes) for name in FunctionName]


def _measure(name: FunctionName, starts: Starts, folder: Path, sizes: dict[Package, tuple[int, int]]) -> FunctionFigure:
    program = ["-c", MEASURED.format(f"battleshiper.infra.aws.handlers.{name}")]
    starts.ours(folder, program, _TOLD)
    taken = [(starts.ours(folder, program, _TOLD)[0], starts.usual()[0]) for _ in range(_RUNS)]
    mine, theirs = zip(*taken, strict=True)
    return FunctionFigure(f"import_{name}", median(mine), median(theirs), "ms", *sizes[SHAPES[name].package])


def _sizes(path: Path) -> tuple[int, int]:
    with ZipFile(path) as archive:
        return path.stat().st_size, sum(entry.file_size for entry in archive.infolist())
