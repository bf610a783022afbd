"""What serves the sites: one distribution for all of them, its edge functions, and the router behind it."""

from aws_cdk import Fn
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from battleshiper.edge.router.gate import ORIGIN_HEADER
from battleshiper.edge.source import viewer_request, viewer_response
from battleshiper.infra.aws.stack.acceptance import accept
from battleshiper.infra.aws.stack.function import Functions
from battleshiper.infra.aws.stack.shapes import SHAPES, FunctionName

_OBJECTS = "objects"
ROUTER = "router"
"""What the edge function calls this origin."""
_REQUEST = "x-battleshiper-request"
"""The header by which the edge function keeps answers of code apart."""
_YEAR = 31_536_000
_METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]
_ERRORS = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
"""The statuses that CloudFront would keep for a while
(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html)."""
_ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
"""The managed origin request policy AllViewerExceptHostHeader: functions' URLs answer to their own name alone."""


class Sites(Construct):
    """The sites' distribution. What both it and the edge code rely on stands in docs/architecture.md."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        domain: str,
        certificate: str,
        bucket: s3.Bucket,
        routes: cloudfront.KeyValueStore,
        access_logs: s3.Bucket,
        origin_secret: str,
        functions: Functions,
    ) -> None:
        super().__init__(scope, id)
        self._domain = domain
        self._certificate = certificate
        self._bucket = bucket
        self._routes = routes
        self._access_logs = access_logs
        self.router = functions.make(self, FunctionName.ROUTER)
        # CloudFront signs no request whose body the client has not hashed, so the secret keeps everybody else out.
        address = self.router.target.add_function_url(auth_type=lambda_.FunctionUrlAuthType.NONE)
        self.distribution = self._add_distribution(Fn.select(2, Fn.split("/", address.url)), origin_secret)
        self._let_read()

    @property
    def distribution_arn(self) -> str:
        """What a policy or a function's permission calls the distribution."""
        stack = self.distribution.stack
        return f"arn:{stack.partition}:cloudfront::{stack.account}:distribution/{self.distribution.ref}"

    def _add_distribution(self, router: str, origin_secret: str) -> cloudfront.CfnDistribution:
        distribution = cloudfront.CfnDistribution
        control = cloudfront.S3OriginAccessControl(self, "Access", description="CloudFront reads the sites")
        made = distribution(
            self,
            "Distribution",
            distribution_config=distribution.DistributionConfigProperty(
                enabled=True,
                comment=f"Battleshiper: sites below {self._domain}",
                aliases=[f"*.{self._domain}"],
                http_version="http2and3",
                ipv6_enabled=True,
                viewer_certificate=distribution.ViewerCertificateProperty(
                    acm_certificate_arn=self._certificate,
                    minimum_protocol_version="TLSv1.2_2021",
                    ssl_support_method="sni-only",
                ),
                logging=distribution.LoggingProperty(
                    bucket=self._access_logs.bucket_regional_domain_name, prefix="sites/"
                ),
                origins=[
                    distribution.OriginProperty(
                        id=_OBJECTS,
                        domain_name=self._bucket.bucket_regional_domain_name,
                        origin_access_control_id=control.origin_access_control_id,
                        s3_origin_config=distribution.S3OriginConfigProperty(origin_access_identity=""),
                    ),
                    distribution.OriginProperty(
                        id=ROUTER,
                        domain_name=router,
                        custom_origin_config=distribution.CustomOriginConfigProperty(
                            origin_protocol_policy="https-only",
                            origin_ssl_protocols=["TLSv1.2"],
                            origin_read_timeout=SHAPES[FunctionName.ROUTER].seconds,
                        ),
                        origin_custom_headers=[
                            distribution.OriginCustomHeaderProperty(
                                header_name=ORIGIN_HEADER, header_value=origin_secret
                            )
                        ],
                    ),
                ],
                default_cache_behavior=self._behavior(),
                # An error now says nothing about a moment later.
                custom_error_responses=[
                    distribution.CustomErrorResponseProperty(error_code=status, error_caching_min_ttl=0)
                    for status in _ERRORS
                ],
            ),
        )
        accept(made, "AwsSolutions-CFR1", "Sites are for everybody; whom they keep out is for their owners to say.")
        accept(made, "AwsSolutions-CFR2", "A firewall's price is per request. docs/aws.md says how to add one.")
        return made

    def _behavior(self) -> cloudfront.CfnDistribution.DefaultCacheBehaviorProperty:
        association = cloudfront.CfnDistribution.FunctionAssociationProperty
        request = self._function("ViewerRequest", viewer_request(self._domain), self._routes)
        response = self._function("ViewerResponse", viewer_response(), None)
        self.request_function, self.response_function = request.function_name, response.function_name
        return cloudfront.CfnDistribution.DefaultCacheBehaviorProperty(
            target_origin_id=_OBJECTS,
            viewer_protocol_policy="redirect-to-https",
            allowed_methods=_METHODS,
            cached_methods=["GET", "HEAD"],
            compress=True,
            cache_policy_id=self._cache_policy().ref,
            origin_request_policy_id=_ALL_BUT_HOST,
            response_headers_policy_id=self._headers_policy().ref,
            function_associations=[
                association(event_type="viewer-request", function_arn=request.function_arn),
                association(event_type="viewer-response", function_arn=response.function_arn),
            ],
        )

    def _function(self, id: str, code: str, routes: cloudfront.KeyValueStore | None) -> cloudfront.Function:
        return cloudfront.Function(
            self,
            id,
            code=cloudfront.FunctionCode.from_inline(code),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
            key_value_store=routes,
        )

    def _cache_policy(self) -> cloudfront.CfnCachePolicy:
        """The key is the path, which the edge function makes the object's, and the header of what is for one request.

        Objects never change, and browsers go by their `Cache-Control`."""
        policy = cloudfront.CfnCachePolicy
        return policy(
            self,
            "CachePolicy",
            cache_policy_config=policy.CachePolicyConfigProperty(
                name=Fn.join("-", [Fn.ref("AWS::StackName"), "sites"]),
                min_ttl=_YEAR,
                default_ttl=_YEAR,
                max_ttl=_YEAR,
                parameters_in_cache_key_and_forwarded_to_origin=policy.ParametersInCacheKeyAndForwardedToOriginProperty(
                    enable_accept_encoding_gzip=True,
                    enable_accept_encoding_brotli=True,
                    headers_config=policy.HeadersConfigProperty(header_behavior="whitelist", headers=[_REQUEST]),
                    cookies_config=policy.CookiesConfigProperty(cookie_behavior="none"),
                    query_strings_config=policy.QueryStringsConfigProperty(query_string_behavior="none"),
                ),
            ),
        )

    def _headers_policy(self) -> cloudfront.CfnResponseHeadersPolicy:
        policy = cloudfront.CfnResponseHeadersPolicy
        return policy(
            self,
            "HeadersPolicy",
            response_headers_policy_config=policy.ResponseHeadersPolicyConfigProperty(
                name=Fn.join("-", [Fn.ref("AWS::StackName"), "sites"]),
                security_headers_config=policy.SecurityHeadersConfigProperty(
                    # Sites answer by HTTPS alone; a site that says more about it is believed.
                    strict_transport_security=policy.StrictTransportSecurityProperty(
                        access_control_max_age_sec=_YEAR, override=False
                    )
                ),
            ),
        )

    def _let_read(self) -> None:
        """Let this distribution, and no other, read sites. That it may list makes a missing object a 404, no 403; the
        edge function lets no listing be asked for. Records lie in the same bucket, and are nobody's to read."""
        for sid, action, resource in (
            ("ReadSites", "s3:GetObject", self._bucket.arn_for_objects("sites/*")),
            ("TellMissing", "s3:ListBucket", self._bucket.bucket_arn),
        ):
            self._bucket.add_to_resource_policy(
                iam.PolicyStatement(
                    sid=sid,
                    principals=[iam.ServicePrincipal("cloudfront.amazonaws.com")],
                    actions=[action],
                    resources=[resource],
                    conditions={"StringEquals": {"AWS:SourceArn": self.distribution_arn}},
                )
            )
