"""The import rules of `.importlinter` hold, and each of them can fail."""

import shutil
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

FORBIDDEN = [
    ("platform", "platform/model/project.py", "battleshiper.webhooks.event"),
    ("webhooks", "webhooks/ping.py", "battleshiper.bot.wording"),
    ("bot", "bot/wording.py", "battleshiper.webhooks.event"),
    ("build_runner", "build_runner/failure.py", "battleshiper.platform.store.port"),
    ("build_runner", "build_runner/failure.py", "battleshiper.platform.tickets.ticket"),
    ("edge", "edge/source.py", "battleshiper.platform.store.port"),
    ("edge", "edge/local/decision.py", "battleshiper.platform.sandbox.port"),
    ("github_client", "infra/local/settings.py", "githubkit"),
    ("edge_engine", "platform/model/route.py", "quickjs"),
    ("terminal", "infra/local/settings.py", "rich"),
    ("aws", "webhooks/ping.py", "boto3"),
]

# Who may import a port's backend besides infra/, and why.
ALLOWED = {
    # The build runner is a program of its own: it composes itself.
    ("battleshiper.build_runner.composition", "battleshiper.platform.sandbox.bubblewrap"),
    ("battleshiper.build_runner.composition", "battleshiper.platform.sandbox.container"),
    ("battleshiper.build_runner.composition", "battleshiper.platform.sandbox.unsafe"),
    # Receives what this backend grants.
    ("battleshiper.platform.web.upload", "battleshiper.platform.uploads.signed"),
}
# Other backends on AWS keep their rows in the store's table, beside its own.
SHARED = {
    f"battleshiper.platform.store.dynamodb.{module}"
    for module in ("again", "error", "order", "rows", "table", "transaction", "values")
}


@pytest.mark.parametrize(("contract", "file", "module"), FORBIDDEN)
def test_forbidden_import_is_found(checkout, tmp_path: Path, contract: str, file: str, module: str) -> None:
    """An import against the rule breaks the contract that says so."""
    _copy(checkout, tmp_path)
    source = tmp_path / file
    source.write_text(f"{source.read_text()}\nimport {module}\n")
    said = _lint(tmp_path, contract)
    assert said.returncode == 1
    assert module in said.stdout


def test_imports_follow_the_rules(checkout) -> None:
    """Every contract is kept."""
    said = _lint(checkout.root)
    assert said.returncode == 0, said.stdout


def test_only_infra_imports_backends(checkout) -> None:
    """What stands beside a `port.py` is imported from its own folder and by the compositions alone."""
    graph = grimp.build_graph(*(f"battleshiper.{folder}" for folder in checkout.folders), cache_dir=None)
    ports = sorted(module for module in graph.modules if module.endswith(".port"))
    assert "battleshiper.platform.store.port" in ports
    backends = tuple(port.removesuffix("port") for port in ports)
    strangers = {
        (importer, backend)
        for port in ports
        for backend in graph.find_descendants(port.removesuffix(".port")) - {port}
        for importer in graph.find_modules_that_directly_import(backend)
        if not importer.startswith((port.removesuffix("port"), "battleshiper.infra."))
        and not (backend in SHARED and importer.startswith(backends))
    }
    assert strangers <= ALLOWED


def _copy(checkout, into: Path) -> None:
    for name in checkout.files("src", ".importlinter", *checkout.folders):
        if name.endswith((".py", ".importlinter")) or name.startswith("src/"):
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(checkout.root / name, into / name, follow_symlinks=False)


def _lint(project: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """Lint the tree below `project` and nothing else: a namespace may go on in every other folder of the path."""
    chosen = [argument for contract in contracts for argument in ("--contract", contract)]
    return subprocess.run(
        [sys.executable, "-c", _LINT, "--no-cache", "--no-logo", *chosen],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )


_LINT = """
import sys
from pathlib import Path
from importlinter.cli import lint_imports_command
sys.path = ["src", *(path for path in sys.path if not Path(path, "battleshiper").exists())]
lint_imports_command()
"""
