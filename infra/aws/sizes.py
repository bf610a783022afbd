"""How much of a machine one build gets on Fargate, in the combinations that there are
(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html)."""

BUILD_VCPUS = 2
BUILD_MEMORY_MIB = 4096
BUILD_DISK_GIB = 40
BUILD_SECONDS = 1200
"""How long install and build may take together."""
