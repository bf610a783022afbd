"""What a deployment of the stack tells the operator, and the commands."""

from typing import TYPE_CHECKING

from aws_cdk import CfnOutput

from battleshiper.infra.aws.secret_names import SecretName
from battleshiper.infra.aws.stack.domain import Domain
from battleshiper.infra.aws.stack.domains import add_record
from battleshiper.infra.aws.stack.internal import WEBHOOK_PATH

if TYPE_CHECKING:
    from battleshiper.infra.aws.stack.platform import Platform


def tell(stack: "Platform", domains: tuple[Domain, Domain]) -> None:
    """Add the outputs, and the DNS records that can be made here."""
    platform, sites = domains
    url = f"https://{platform.domain}"
    told = {
        "Url": ("The platform", url),
        "WebhookUrl": ("The GitHub App's webhook URL", f"{url}{WEBHOOK_PATH}"),
        "Table": ("The platform's data", stack.data.table.table_name),
        "KeyValueStore": ("The sites' routes", stack.data.routes.key_value_store_arn),
        "SitesDomain": ("Sites answer one label below it", sites.domain),
        "ViewerRequest": ("The edge function that decides about requests", stack.sites.request_function),
        "ViewerResponse": ("The edge function that completes answers", stack.sites.response_function),
        "ImageBuilder": ("The CodeBuild project that makes the build image", stack.builds.image.project.ref),
        "ImageRepository": ("Where the build image goes", stack.builds.image.repository.repository_uri),
        "ImageTag": ("The build image's tag", stack.builds.image.tag),
        "GitHubPrivateKeySecret": (
            "Where to enter the GitHub App's private key",
            stack.data.secrets[SecretName.GITHUB_PRIVATE_KEY].ref,
        ),
        "GitHubWebhookSecret": (
            "Where to enter the GitHub App's webhook secret",
            stack.data.secrets[SecretName.GITHUB_WEBHOOK_SECRET].ref,
        ),
        "GitHubClientSecret": (
            "Where to enter the GitHub App's client id and client secret, a line each",
            stack.data.secrets[SecretName.GITHUB_CLIENT].ref,
        ),
        "OperatorTokenSecret": (
            "The token of the operator's commands",
            stack.data.secrets[SecretName.OPERATOR_TOKEN].ref,
        ),
    }
    targets = (stack.internal.distribution.distribution_domain_name, stack.sites.distribution.attr_domain_name)
    for domain, target in zip((platform, sites), targets, strict=True):
        told[f"{domain.name}Target"] = (f"Where {domain.covers} has to lead", target)
        if record := add_record(stack, domain, target):
            told[f"{domain.name}Record"] = ("A DNS record to enter", record)
    for name, (description, value) in told.items():
        CfnOutput(stack, name, description=description, value=value)
