"""The platform's own address: GitHub's webhooks, the claims of build runners, the pages and their assets."""

import json

from aws_cdk import Fn
from aws_cdk import aws_apigatewayv2 as api
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
from constructs import Construct

from battleshiper.edge.router.gate import ORIGIN_HEADER
from battleshiper.infra.aws.stack.acceptance import accept
from battleshiper.infra.aws.stack.function import Functions, PythonFunction
from battleshiper.infra.aws.stack.logs import log_group
from battleshiper.infra.aws.stack.shapes import FunctionName
from battleshiper.infra.aws.variables import Variable

WEBHOOK_PATH = "/webhooks/github"
_REQUESTS_PER_SECOND = 500
_REQUESTS_AT_ONCE = 1000
_OPEN = "GitHub signs its webhooks, the operator and build runners bring tokens, and pages are read only."
_LOGGED = {
    "time": "$context.requestTime",
    "request": "$context.requestId",
    "method": "$context.httpMethod",
    "route": "$context.routeKey",
    "status": "$context.status",
    "bytes": "$context.responseLength",
    "address": "$context.identity.sourceIp",
    "error": "$context.integrationErrorMessage",
}
"""What is logged of a request. Not its path, which may be anything."""


class Internal(Construct):
    """An HTTP API behind a distribution of its own; the functions refuse what did not come through it."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        domain: str,
        certificate: str,
        assets: s3.Bucket,
        access_logs: s3.Bucket,
        origin_secret: str,
        functions: Functions,
        log_days: int,
    ) -> None:
        super().__init__(scope, id)
        self._domain = domain
        self.webhook = functions.make(self, FunctionName.WEBHOOK)
        self.web = functions.make(self, FunctionName.WEB)
        bucket = {Variable.ASSETS_BUCKET: assets.bucket_name}
        self.assets_before = functions.make(self, FunctionName.ASSETS_BEFORE, bucket)
        self.assets_after = functions.make(self, FunctionName.ASSETS_AFTER, bucket)
        self.api = self._add_api()
        self._add_stage(log_days)
        self.distribution = self._add_distribution(certificate, assets, access_logs, origin_secret)

    def _add_api(self) -> api.HttpApi:
        made = api.HttpApi(
            self,
            "Api",
            description="Battleshiper: webhooks, claims and pages",
            default_integration=_call("CallWeb", self.web),
            create_default_stage=False,
        )
        made.add_routes(
            path=WEBHOOK_PATH, methods=[api.HttpMethod.POST], integration=_call("CallWebhook", self.webhook)
        )
        accept(made, "AwsSolutions-APIG4", _OPEN)
        return made

    def _add_stage(self, log_days: int) -> None:
        group = log_group(self, "ApiLogs", "api", log_days)
        stage = api.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            auto_deploy=True,
            throttle=api.ThrottleSettings(rate_limit=_REQUESTS_PER_SECOND, burst_limit=_REQUESTS_AT_ONCE),
        )
        described = stage.node.default_child
        assert isinstance(described, api.CfnStage)  # noqa: S101 - tells the type checker
        described.access_log_settings = api.CfnStage.AccessLogSettingsProperty(
            destination_arn=group.log_group_arn, format=json.dumps(_LOGGED)
        )

    def _add_distribution(
        self, certificate: str, assets: s3.Bucket, access_logs: s3.Bucket, origin_secret: str
    ) -> cloudfront.Distribution:
        code = origins.HttpOrigin(
            Fn.select(2, Fn.split("/", self.api.api_endpoint)),
            custom_headers={ORIGIN_HEADER: origin_secret},
            protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
            origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
        )
        made = cloudfront.Distribution(
            self,
            "Distribution",
            comment="Battleshiper: the platform",
            domain_names=[self._domain],
            certificate=acm.Certificate.from_certificate_arn(self, "Certificate", certificate),
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            enable_logging=True,
            log_bucket=access_logs,
            log_file_prefix="platform/",
            default_behavior=cloudfront.BehaviorOptions(
                origin=code,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
                response_headers_policy=cloudfront.ResponseHeadersPolicy.SECURITY_HEADERS,
            ),
            additional_behaviors={
                "/static/*": cloudfront.BehaviorOptions(
                    # The function has its own version's assets, too: at the very first deployment nobody uploads.
                    origin=origins.OriginGroup(
                        primary_origin=origins.S3BucketOrigin.with_origin_access_control(
                            assets, origin_access_levels=[cloudfront.AccessLevel.READ]
                        ),
                        fallback_origin=code,
                        fallback_status_codes=[403, 404],
                    ),
                    viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                    cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
                    response_headers_policy=cloudfront.ResponseHeadersPolicy.SECURITY_HEADERS,
                )
            },
        )
        accept(made, "AwsSolutions-CFR1", "GitHub calls from several countries, and operators from anywhere.")
        accept(
            made,
            "AwsSolutions-CFR2",
            "Requests are throttled, signed or bear a token. docs/aws.md says how to add one.",
        )
        return made


def _call(id: str, function: PythonFunction) -> HttpLambdaIntegration:
    return HttpLambdaIntegration(id, function.target, payload_format_version=api.PayloadFormatVersion.VERSION_2_0)
