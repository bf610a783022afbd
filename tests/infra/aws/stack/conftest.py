"""The stack, synthesised once for all tests: that takes seconds. Its packages are stand-ins."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from aws.stack import KNOWN_NODE
from aws.template import listed

from battleshiper.infra.aws.stack.options import Options
from battleshiper.infra.aws.stack.shapes import FunctionName, Package

CERTIFICATE = "arn:aws:acm:us-east-1:111111111111:certificate/{}"
ENVIRONMENT = {
    "BATTLESHIPER_PLATFORM_DOMAIN": "deploy.example.com",
    "BATTLESHIPER_SITES_DOMAIN": "example-sites.com",
    "BATTLESHIPER_GITHUB_APP_ID": "4711",
    "BATTLESHIPER_REGION": "eu-central-1",
    "BATTLESHIPER_PLATFORM_CERTIFICATE": CERTIFICATE.format("platform"),
    "BATTLESHIPER_SITES_CERTIFICATE": CERTIFICATE.format("sites"),
    "BATTLESHIPER_ALARM_EMAIL": "operator@example.com",
}


class Template:
    """A synthesised template, and what tests ask of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.content: dict[str, Any] = json.loads(path.read_text())
        self.resources: dict[str, dict[str, Any]] = self.content["Resources"]

    def of_type(self, *types: str) -> dict[str, dict[str, Any]]:
        """Return the properties of all resources of these types, by logical id."""
        return {name: each.get("Properties", {}) for name, each in self.resources.items() if each["Type"] in types}

    def function(self, name: FunctionName) -> tuple[str, dict[str, Any]]:
        """Return the logical id and the properties of one of our functions."""
        handler = f"battleshiper.infra.aws.handlers.{name}.handler"
        ((found, properties),) = (
            (each, properties)
            for each, properties in self.of_type("AWS::Lambda::Function").items()
            if properties["Handler"] == handler
        )
        return found, properties

    def statements(self, role: str) -> list[dict[str, Any]]:
        """Return what the policies of a role say."""
        attached = [
            policy["PolicyDocument"]["Statement"]
            for policy in self.of_type("AWS::IAM::Policy").values()
            if {"Ref": role} in policy["Roles"]
        ]
        return [statement for statements in attached for statement in statements]

    def may(self, name: FunctionName) -> list[tuple[str, Any]]:
        """Return each action that a function may do with each resource."""
        role = self.function(name)[1]["Role"]["Fn::GetAtt"][0]
        return [
            (action, resource)
            for statement in self.statements(role)
            for action in listed(statement["Action"])
            for resource in listed(statement["Resource"])
        ]

    def actions(self, name: FunctionName) -> set[str]:
        """Return the actions that a function may do."""
        return {action for action, _ in self.may(name)}


class Synthesis:
    """Makes the stack's templates, each from the options that are given besides the usual ones."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self.last = folder
        """Where the last ones went."""

    def __call__(self, **given: str) -> Path:
        """Return the folder with the templates; raises OptionsError."""
        from battleshiper.infra.aws.stack.app import Parts, build_app

        self._count += 1
        self.last = out = self._folder / str(self._count)
        options = Options.of({**ENVIRONMENT, **{f"BATTLESHIPER_{name.upper()}": each for name, each in given.items()}})
        build_app(options, Parts(self._packages(), self._image()), str(out)).synth()
        return out

    def _packages(self) -> Mapping[Package, Path]:
        paths = {package: self._folder / f"{package}.zip" for package in Package}
        for package, path in paths.items():
            with ZipFile(path, "w") as archive:
                archive.writestr("stand_in.py", str(package))
        return paths

    def _image(self) -> Path:
        image = self._folder / "image"
        image.mkdir(exist_ok=True)
        (image / "Dockerfile").write_text("FROM scratch\n")
        return image


@pytest.fixture(scope="session")
def synthesise(tmp_path_factory) -> Iterator[Synthesis]:
    """Return what makes templates."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in KNOWN_NODE.items():
            patch.setenv(name, os.environ.get(name, value))
        yield Synthesis(tmp_path_factory.mktemp("stack"))


@pytest.fixture(scope="session")
def assembly(synthesise: Synthesis) -> Path:
    """Return the folder with the templates of the usual options."""
    return synthesise()


@pytest.fixture(scope="session")
def template(assembly: Path) -> Template:
    """Return the platform's template."""
    return Template(assembly / "Battleshiper.template.json")
