"""Prices in us-east-1, in dollars, without what AWS gives for free, on the day of `READ`."""

READ = "2026-11-24"

# https://aws.amazon.com/fargate/pricing/
FARGATE_VCPU_HOUR = 0.03238  # on Arm
FARGATE_GB_HOUR = 0.00356
FARGATE_DISK_GB_HOUR = 0.000111
FARGATE_FREE_DISK_GB = 20
FARGATE_SPOT_SHARE = 0.3
"""Spot's price goes with supply: AWS says at most 70 % off."""
# https://aws.amazon.com/vpc/pricing/
ADDRESS_HOUR = 0.005
# https://aws.amazon.com/lambda/pricing/
LAMBDA_GB_SECOND = 0.0000133334  # on Arm
LAMBDA_REQUEST = 0.20 / 1e6
SNAPSHOT_GB_SECOND = 0.0000015046
# https://aws.amazon.com/dynamodb/pricing/on-demand/
TABLE_WRITE = 0.625 / 1e6
TABLE_READ = 0.125 / 1e6
# https://aws.amazon.com/s3/pricing/
OBJECT_WRITE = 0.005 / 1000
OBJECT_READ = 0.0004 / 1000
# https://aws.amazon.com/cloudfront/pricing/pay-as-you-go/
ROUTES_CALL = 1.00 / 1000
ROUTES_READ = 0.03 / 1e6
EDGE_FUNCTION_CALL = 0.10 / 1e6
EDGE_REQUEST = 0.0100 / 10_000  # HTTPS, United States and Europe
EDGE_GB = 0.085  # the first 10 TB a month
# https://aws.amazon.com/eventbridge/pricing/, https://aws.amazon.com/sqs/pricing/
EVENT = 1.00 / 1e6
MESSAGE_CALL = 0.40 / 1e6
# https://aws.amazon.com/cloudwatch/pricing/
LOG_GB = 0.50
ALARM_MONTH = 0.10
DASHBOARD_MONTH = 3.00
# https://aws.amazon.com/secrets-manager/pricing/
SECRET_MONTH = 0.40
# https://aws.amazon.com/ecr/pricing/, https://aws.amazon.com/route53/pricing/
IMAGE_GB_MONTH = 0.10
ZONE_MONTH = 0.50
