"""What outlives every deployment of the stack: the table, the buckets, the routes, the secrets."""

from collections.abc import Mapping

from aws_cdk import CfnDynamicReference, CfnDynamicReferenceService, Duration, RemovalPolicy, SecretValue
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from battleshiper.infra.aws.secret_names import SecretName
from battleshiper.infra.aws.stack.acceptance import accept
from battleshiper.infra.aws.variables import SECRETS_PREFIX
from battleshiper.platform.store.dynamodb.table import EXPIRES, LISTING, LISTINGS, PARTITION, POSITION, SORT

# Kept when the stack goes, but not when its first deployment fails: the names would be taken at the next.
_KEEP = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
BUILD_DAYS = 3
"""How long a build's files are kept: far longer than a deploy step may take, retries included."""
_ACCESS_LOG_DAYS = 90


_DESCRIBED = {
    SecretName.TICKET_KEYS: "Signs tickets. Made by the platform, and again every 30 days.",
    SecretName.TICKET_PUBLIC_KEYS: "Verifies tickets. Made by the platform with the keys that sign.",
    SecretName.OPERATOR_TOKEN: "Lets the operator's commands in.",
    SecretName.GITHUB_PRIVATE_KEY: "The GitHub App's private key, in PEM. Entered by the operator.",
    SecretName.GITHUB_WEBHOOK_SECRET: "The GitHub App's webhook secret. Entered by the operator.",
    SecretName.GITHUB_CLIENT: "The GitHub App's client id and client secret, a line each. Entered by the operator.",
    SecretName.VARIABLES_KEY: "Seals the projects' environment variables. Without it they have to be set again.",
    SecretName.ORIGIN_SECRET: "What CloudFront tells our origins, so that they answer nobody else.",
}
_GENERATED = (SecretName.OPERATOR_TOKEN, SecretName.VARIABLES_KEY, SecretName.ORIGIN_SECRET)


class Data(Construct):
    """The table, the buckets, the store of the routes and the secrets."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        self.table = self._make_table()
        self.access_logs = self._make_access_logs()
        self.builds = self.make_bucket(
            "Builds",
            lifecycle_rules=[
                s3.LifecycleRule(
                    expiration=Duration.days(BUILD_DAYS), abort_incomplete_multipart_upload_after=Duration.days(1)
                )
            ],
        )
        self.sites = self.make_bucket("Sites")
        self.assets = self.make_bucket("Assets", keep=False)
        self.routes = cloudfront.KeyValueStore(self, "Routes", comment="Where each hostname of a site leads")
        self.secrets: Mapping[SecretName, secretsmanager.CfnSecret] = {
            name: self._make_secret(name) for name in SecretName
        }

    def reference(self, name: SecretName) -> str:
        """Return a secret's value as CloudFormation puts it in when it deploys; no template has it."""
        return SecretValue.cfn_dynamic_reference(
            CfnDynamicReference(CfnDynamicReferenceService.SECRETS_MANAGER, self.secrets[name].ref)
        ).unsafe_unwrap()

    def make_bucket(
        self,
        id: str,
        *,
        keep: bool = True,
        lifecycle_rules: list[s3.LifecycleRule] | None = None,
    ) -> s3.Bucket:
        """Make a bucket that nobody reaches but by a policy of its own, and whose readers are logged."""
        return s3.Bucket(
            self,
            id,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            server_access_logs_bucket=self.access_logs,
            server_access_logs_prefix=f"buckets/{id.lower()}/",
            lifecycle_rules=lifecycle_rules,
            removal_policy=_KEEP if keep else RemovalPolicy.DESTROY,
        )

    def _make_access_logs(self) -> s3.Bucket:
        return s3.Bucket(
            self,
            "AccessLogs",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            # CloudFront's standard logs come with an access control list.
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_PREFERRED,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(_ACCESS_LOG_DAYS))],
            removal_policy=_KEEP,
        )

    def _make_table(self) -> dynamodb.Table:
        table = dynamodb.Table(
            self,
            "Table",
            partition_key=_text(PARTITION),
            sort_key=_text(SORT),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute=EXPIRES,
            encryption=dynamodb.TableEncryption.AWS_MANAGED,
            deletion_protection=True,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            removal_policy=_KEEP,
        )
        table.add_global_secondary_index(
            index_name=LISTINGS,
            partition_key=_text(LISTING),
            sort_key=_text(POSITION),
            projection_type=dynamodb.ProjectionType.KEYS_ONLY,
        )
        return table

    def _make_secret(self, name: SecretName) -> secretsmanager.CfnSecret:
        generated = secretsmanager.CfnSecret.GenerateSecretStringProperty(exclude_punctuation=True, password_length=48)
        secret = secretsmanager.CfnSecret(
            self,
            "".join(part.capitalize() for part in name.split("-")),
            name=SECRETS_PREFIX + name,
            description=_DESCRIBED[name],
            generate_secret_string=generated if name in _GENERATED else None,
        )
        secret.apply_removal_policy(_KEEP)
        accept(secret, "AwsSolutions-SMG4", _NOT_ROTATED)
        return secret


_NOT_ROTATED = (
    "Secrets Manager cannot rotate it: the platform changes the ticket keys by itself, GitHub hands out its key and "
    "the operator enters it, and enters the others anew when they are to change."
)


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
