"""Writes the permissions table into the roles of the functions."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from aws_cdk import aws_iam as iam

from battleshiper.infra.aws.stack.acceptance import accept_wildcard
from battleshiper.infra.aws.stack.function import PythonFunction
from battleshiper.infra.aws.stack.permissions import grants_of
from battleshiper.infra.aws.stack.place import WILDCARDS, Place

Places = Mapping[Place, Sequence[str]]
"""The ARNs of each place."""


def grant(functions: Iterable[PythonFunction], places: Callable[[PythonFunction], Places]) -> None:
    """Give each function what the table says. `places` tells where a function's places are."""
    for function in functions:
        there = places(function)
        for each in grants_of(function.name):
            resources = [arn for place in each.places for arn in there[place]]
            conditions = {"StringEquals": {"iam:PassedToService": each.passed_to}} if each.passed_to else None
            function.allow(iam.PolicyStatement(actions=list(each.actions), resources=resources, conditions=conditions))
            for place in each.places:
                if place in WILDCARDS:
                    _explain(function, there[place], WILDCARDS[place])


def _explain(function: PythonFunction, arns: Sequence[str], reason: str) -> None:
    for arn in (arn for arn in arns if "*" in arn):
        accept_wildcard(function.role, arn, reason)
