"""The edge function's source, against what CloudFront takes."""

from pathlib import Path

import pytest

from battleshiper.edge.source import MAX_BYTES, viewer_request, viewer_response


def test_source_is_small_enough_for_cloudfront() -> None:
    """Also with the longest domain, each function stays below CloudFront's 10 KB."""
    assert len(viewer_request("a." * 120 + "example").encode()) <= MAX_BYTES
    assert len(viewer_response().encode()) <= MAX_BYTES


def test_only_comments_are_left_out() -> None:
    """What is published is the source line by line, but for lines that hold a comment and nothing else."""
    written = (Path(__file__).parents[2] / "edge/functions/viewer-request.js").read_text().splitlines()
    published = viewer_request("localhost").replace('"localhost"', "'localhost'").splitlines()
    left_out = [line.strip() for line in written if line not in published]
    assert left_out
    assert all(line.startswith(("//", "/**")) for line in left_out)
    assert [line for line in written if line in published] == published


def test_domain_is_put_in() -> None:
    """The function serves the domain that it is published for."""
    assert 'const SITES_DOMAIN = "sites.example";' in viewer_request("sites.example")


@pytest.mark.parametrize("domain", ["", ".example", "example.", "Example.com", "a b", "x';alert(1);'", "a:80"])
def test_odd_domains_are_refused(domain: str) -> None:
    """What is no domain name never gets into the source."""
    with pytest.raises(ValueError, match="is no domain name"):
        viewer_request(domain)
