"""The npm registry, through the machine's own npm. Only names and versions that we chose get here."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from battleshiper.build_runner.failure import BuildError
from battleshiper.platform.model.result import FailureCode
from battleshiper.platform.model.version import Version, parse_version

_SECONDS = 120


class Registry(Protocol):
    """Knows packages."""

    def versions(self, package: str) -> list[Version]:
        """Return the released versions of a package; raises BuildError (PLATFORM)."""
        ...

    def install(self, package: str, version: Version, folder: Path) -> None:
        """Install a package below `folder`/node_modules without running any script of it; raises BuildError
        (PLATFORM)."""
        ...


class NpmRegistry:
    """Asks `npm`, outside the sandbox, with the operator's configuration; no repository is involved."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment) | {"npm_config_update_notifier": "false", "npm_config_loglevel": "error"}

    def versions(self, package: str) -> list[Version]:
        """Return the released versions of a package."""
        answer = json.loads(self._npm("view", package, "versions", "--json", folder=Path("/")))
        texts = answer if isinstance(answer, list) else [answer]
        return [version for text in texts if (version := parse_version(str(text)))]

    def install(self, package: str, version: Version, folder: Path) -> None:
        """Install a package below `folder`/node_modules."""
        options = [
            "--ignore-scripts",
            "--no-save",
            "--no-package-lock",
            "--no-audit",
            "--no-fund",
            "--no-bin-links=false",
        ]
        self._npm("install", *options, f"--prefix={folder}", f"{package}@{version}", folder=folder)

    def _npm(self, *arguments: str, folder: Path) -> str:
        try:
            done = subprocess.run(
                ["npm", *arguments],
                cwd=folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_SECONDS,
                check=True,
                umask=0o022,
            )
        except FileNotFoundError as error:
            raise BuildError(
                FailureCode.PLATFORM, "npm is not installed on the build machine.", "Install Node.js with npm."
            ) from error
        except subprocess.TimeoutExpired as error:
            raise BuildError(
                FailureCode.PLATFORM, "The package registry does not answer.", "Redeploy later."
            ) from error
        except subprocess.CalledProcessError as error:
            lines = [line for line in error.stderr.splitlines() if line.startswith("npm error")] or [error.stderr]
            raise BuildError(
                FailureCode.PLATFORM,
                f"npm {arguments[0]} {arguments[-1]} failed: {'; '.join(lines[:3])[:500]}",
                "Check the build machine's network and npm registry.",
            ) from error
        return done.stdout
