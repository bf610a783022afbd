"""The network that builds run in: a way out to the internet, no way in, and nothing of ours in it."""

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from battleshiper.infra.aws.stack.logs import log_group

_HTTPS = 443


class Network(Construct):
    """Two public subnets without NAT: a build gets an address of its own, and pays for no gateway.

    Nothing else is in this network, and it is peered with none. Names are resolved by its own resolver, which security
    groups do not concern.
    """

    def __init__(self, scope: Construct, id: str, *, builds: s3.IBucket, log_days: int) -> None:
        super().__init__(scope, id)
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr("10.64.0.0/16"),
            max_azs=2,
            nat_gateways=0,
            # As many builds at once as the account may have: each takes an address.
            subnet_configuration=[
                ec2.SubnetConfiguration(name="Builds", subnet_type=ec2.SubnetType.PUBLIC, cidr_mask=18)
            ],
            restrict_default_security_group=False,
        )
        self.security_group = ec2.SecurityGroup(
            self, "Builds", vpc=self.vpc, description="Builds: out by HTTPS, nothing in", allow_all_outbound=False
        )
        self.security_group.add_egress_rule(
            ec2.Peer.any_ipv4(), ec2.Port.tcp(_HTTPS), "GitHub, package registries, our own address, S3, ECR, logs"
        )
        self._add_objects_endpoint(builds)
        self._add_flow_logs(log_days)

    def _add_objects_endpoint(self, builds: s3.IBucket) -> None:
        """Without it, what builds upload would take the way through the internet. With a policy, it leads to no bucket
        of somebody else's in this region."""
        stack = Stack.of(self)
        endpoint = self.vpc.add_gateway_endpoint("Objects", service=ec2.GatewayVpcEndpointAwsService.S3)
        endpoint.add_to_policy(
            iam.PolicyStatement(
                sid="Uploads",
                principals=[iam.AnyPrincipal()],
                actions=["s3:PutObject"],
                resources=[builds.arn_for_objects("builds/*")],
            )
        )
        endpoint.add_to_policy(
            iam.PolicyStatement(
                sid="ImageLayers",  # ECR keeps them there
                principals=[iam.AnyPrincipal()],
                actions=["s3:GetObject"],
                resources=[f"arn:{stack.partition}:s3:::prod-{stack.region}-starport-layer-bucket/*"],
            )
        )

    def _add_flow_logs(self, days: int) -> None:
        group = log_group(self, "FlowLogs", "network", days)
        role = iam.Role(self, "FlowLogsRole", assumed_by=iam.ServicePrincipal("vpc-flow-logs.amazonaws.com"))
        self.vpc.add_flow_log(
            "FlowLog",
            destination=ec2.FlowLogDestination.to_cloud_watch_logs(group, role),
            traffic_type=ec2.FlowLogTrafficType.ALL,
        )
