"""Where builds run: the image and who makes it, the queues, and the one job definition."""

from dataclasses import dataclass
from pathlib import Path

from aws_cdk import aws_batch as batch
from aws_cdk import aws_iam as iam
from constructs import Construct

from battleshiper.infra.aws.sizes import BUILD_DISK_GIB, BUILD_MEMORY_MIB, BUILD_SECONDS, BUILD_VCPUS
from battleshiper.infra.aws.stack.image import Image
from battleshiper.infra.aws.stack.logs import log_group
from battleshiper.infra.aws.stack.network import Network
from battleshiper.infra.aws.stack.roles import allow, service_role

_LONGEST_ATTEMPT_SECONDS = 2 * BUILD_SECONDS
"""For jobs that somebody submits by hand: the platform names the time with each job."""
_SHARE_SECONDS = 900
"""For how long what an account has used counts against it."""
_MOST_WAITING_SECONDS = 3600
_STUCK = (
    "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY",
    "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE",
    "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT",
)
"""Why the head of a queue may never start
(https://docs.aws.amazon.com/batch/latest/APIReference/API_JobStateTimeLimitAction.html)."""


@dataclass(frozen=True, slots=True)
class Queues:
    """One for each kind of capacity, so that a build which Spot has failed does not wait for Spot again."""

    spot: batch.CfnJobQueue
    on_demand: batch.CfnJobQueue


class Builds(Construct):
    """Batch on Fargate. `image_folder` is what the build image is made from."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        network: Network,
        image_folder: Path,
        most_vcpus: int,
        log_days: int,
    ) -> None:
        super().__init__(scope, id)
        self._network = network
        self._most_vcpus = most_vcpus
        self.log_group = log_group(self, "Logs", "builds", log_days)
        self.image = Image(self, "Image", folder=image_folder, log_days=log_days)
        self._sharing = batch.CfnSchedulingPolicy(
            self,
            "Sharing",
            # Every account that builds is a share of equal weight; Batch knows one when its first job comes.
            fairshare_policy=batch.CfnSchedulingPolicy.FairsharePolicyProperty(share_decay_seconds=_SHARE_SECONDS),
        )
        self.queues = Queues(self._add_queue("Spot", "FARGATE_SPOT"), self._add_queue("OnDemand", "FARGATE"))
        self.definition = self._add_definition()

    def _add_queue(self, name: str, capacity: str) -> batch.CfnJobQueue:
        environment = batch.CfnComputeEnvironment(
            self,
            f"{name}Environment",
            type="MANAGED",
            state="ENABLED",
            compute_resources=batch.CfnComputeEnvironment.ComputeResourcesProperty(
                type=capacity,
                maxv_cpus=self._most_vcpus,
                subnets=[subnet.subnet_id for subnet in self._network.vpc.public_subnets],
                security_group_ids=[self._network.security_group.security_group_id],
            ),
        )
        return batch.CfnJobQueue(
            self,
            f"{name}Queue",
            priority=1,
            state="ENABLED",
            # A queue that was made without a policy can never get one.
            scheduling_policy_arn=self._sharing.attr_arn,
            compute_environment_order=[
                batch.CfnJobQueue.ComputeEnvironmentOrderProperty(
                    compute_environment=environment.attr_compute_environment_arn, order=1
                )
            ],
            job_state_time_limit_actions=[
                batch.CfnJobQueue.JobStateTimeLimitActionProperty(
                    action="CANCEL", state="RUNNABLE", reason=reason, max_time_seconds=_MOST_WAITING_SECONDS
                )
                for reason in _STUCK
            ],
        )

    def _add_definition(self) -> batch.CfnJobDefinition:
        requirement = batch.CfnJobDefinition.ResourceRequirementProperty
        # Nobody's rights: what runs in a build can do nothing in this account.
        job_role = service_role(self, "JobRole", "ecs-tasks", "Builds: may do nothing")
        return batch.CfnJobDefinition(
            self,
            "Definition",
            type="container",
            platform_capabilities=["FARGATE"],
            propagate_tags=True,
            timeout=batch.CfnJobDefinition.TimeoutProperty(attempt_duration_seconds=_LONGEST_ATTEMPT_SECONDS),
            container_properties=batch.CfnJobDefinition.ContainerPropertiesProperty(
                image=self.image.address,
                job_role_arn=job_role.role_arn,
                execution_role_arn=self._execution_role().role_arn,
                resource_requirements=[
                    requirement(type="VCPU", value=str(BUILD_VCPUS)),
                    requirement(type="MEMORY", value=str(BUILD_MEMORY_MIB)),
                ],
                ephemeral_storage=batch.CfnJobDefinition.EphemeralStorageProperty(size_in_gib=BUILD_DISK_GIB),
                runtime_platform=batch.CfnJobDefinition.RuntimePlatformProperty(
                    cpu_architecture="ARM64", operating_system_family="LINUX"
                ),
                fargate_platform_configuration=batch.CfnJobDefinition.FargatePlatformConfigurationProperty(
                    platform_version="1.4.0"
                ),
                # There is no NAT: an address of its own is the only way out.
                network_configuration=batch.CfnJobDefinition.NetworkConfigurationProperty(assign_public_ip="ENABLED"),
                log_configuration=batch.CfnJobDefinition.LogConfigurationProperty(
                    log_driver="awslogs",
                    options={"awslogs-group": self.log_group.log_group_name, "awslogs-stream-prefix": "build"},
                ),
            ),
        )

    def _execution_role(self) -> iam.Role:
        role = service_role(self, "ExecutionRole", "ecs-tasks", "Starts builds: fetches the image, writes the log")
        self.image.allow_pull(role)
        allow(role, ["logs:CreateLogStream", "logs:PutLogEvents"], self.log_group.log_group_arn)
        return role
