"""The edge of one machine: runs the CloudFront function's source and does what CloudFront, S3 and Lambda would."""
