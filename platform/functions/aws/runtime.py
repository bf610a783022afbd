"""Which of Lambda's Node.js runtimes runs a function: the one it was built with, where Lambda has it."""

_MAJORS = (22, 24, 26)
"""https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"""
_USUAL = 24


def runtime_for(built_with: str | None) -> str:
    """Return the runtime of the major version that built the package, else the next newer one, else the newest.

    `built_with` is a version such as `24.11.0`, or None where nobody knows.
    """
    built = int(built_with.partition(".")[0]) if built_with else _USUAL
    return f"nodejs{next((major for major in _MAJORS if major >= built), _MAJORS[-1])}.x"
