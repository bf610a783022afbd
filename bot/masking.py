"""Masking: what looks like a secret is not shown to everybody who reads a pull request.

The build has masked what it was told is secret. This is for what it was not told of: the formats of tokens that people
put into their code and print. Sources: https://docs.github.com/en/code-security/secret-scanning and the issuers' own
prefixes.
"""

import re

MASK = "***"
_SECRETS = re.compile(
    r"""
    \b(?:gh[opsur]_[A-Za-z0-9_.-]{16,}|github_pat_\w{20,}|glpat-[\w-]{16,})   # GitHub, GitLab
    | \b(?:AKIA|ASIA)[A-Z0-9]{16}\b                                             # Amazon
    | \beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?                                    # JSON Web Tokens
    | \b(?:sk|rk|pk)_(?:live|test)_\w{10,}|\bsk-[\w-]{20,}                    # Stripe, OpenAI
    | \bxox[a-z]-[\w-]{10,}|\bnpm_\w{30,}|\bAIza[\w-]{30,}                    # Slack, npm, Google
    | (?<=://)[^\s/@:]{0,256}:[^\s/@]{1,256}(?=@)                               # user:password@host
    | -----BEGIN[ ][A-Z ]*PRIVATE[ ]KEY-----.*                                  # the line that a key begins with
    | \b[A-Za-z0-9+/]{64,}={0,2}(?![A-Za-z0-9+/=])                              # a line of a key
    """,
    re.VERBOSE,
)
_ASSIGNED = re.compile(
    r"(?i)(\b\w*(?:secret|password|passwd|token|api_?key|private_?key)\w*[\"']?\s*[=:]\s*[\"']?)([^\s\"',;]{4,})"
)


def mask(text: str) -> str:
    """Return a line with everything in it masked that looks like a secret."""
    return _ASSIGNED.sub(lambda found: found[1] + MASK, _SECRETS.sub(MASK, text))
