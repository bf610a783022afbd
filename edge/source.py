"""The source of what runs elsewhere: the edge functions, ready for their place, and the functions' bootstrap."""

import json
import re
from pathlib import Path

MAX_BYTES = 10_240
"""CloudFront's limit for a function
(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html)."""
BOOTSTRAP = Path(__file__).parent / "bootstrap"
"""Where `local.mjs` and `lambda.mjs` lie, with all they need beside them."""
LAMBDA_FOLDER = "_battleshiper"
"""Where in a function's zip these files go on AWS. The package's `index.mjs` stays at the top."""
LAMBDA_HANDLER = f"{LAMBDA_FOLDER}/lambda.handler"
_FUNCTIONS = Path(__file__).parent / "functions"
# Whole lines only: what stands in a template literal never looks like one.
_COMMENT = re.compile(r"^[ \t]*(?://.*|/\*\*.*\*/)\n", re.MULTILINE)
_DOMAIN = re.compile(r"^const SITES_DOMAIN = '.*';$", re.MULTILINE)
_DOMAIN_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


def viewer_request(sites_domain: str) -> str:
    """Return the viewer request function for sites below `sites_domain`, which is without port or dots at its ends,
    and without the comments, which count towards CloudFront's limit.

    Raises ValueError for what is no domain name.
    """
    if not _DOMAIN_NAME.fullmatch(sites_domain):
        raise ValueError(f"{sites_domain!r} is no domain name: use lowercase letters, digits, hyphens and dots.")
    source, replaced = _DOMAIN.subn(f"const SITES_DOMAIN = {json.dumps(sites_domain)};", _read("viewer-request.js"))
    if replaced != 1:
        raise ValueError("the edge function has lost its SITES_DOMAIN line.")
    return source


def viewer_response() -> str:
    """Return the viewer response function for CloudFront, without comments. The local edge needs none."""
    return _read("viewer-response.js")


def _read(name: str) -> str:
    return _COMMENT.sub("", (_FUNCTIONS / name).read_text(encoding="utf-8"))
