"""What is called how in the account. The stack's app needs the CDK to be read, which these names do not."""

STACK = "Battleshiper"
CERTIFICATES_STACK = f"{STACK}Certificates"
CERTIFICATES_REGION = "us-east-1"
"""Where CloudFront looks for certificates, wherever the platform is."""
