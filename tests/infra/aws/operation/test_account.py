"""Whose account it is."""

from battleshiper.infra.aws.operation.account import Account


def test_placeholders_are_filled() -> None:
    """The CDK leaves account, partition and region open where it does not know them."""
    text = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/x-${AWS::AccountId}-${AWS::Region}"
    assert Account("111111111111", "aws-cn").fill(text, "cn-north-1") == (
        "arn:aws-cn:iam::111111111111:role/x-111111111111-cn-north-1"
    )


def test_addresses_in_china() -> None:
    """AWS in China has a domain of its own."""
    assert Account("1").domain == "amazonaws.com"
    assert Account("1", "aws-cn").domain == "amazonaws.com.cn"
