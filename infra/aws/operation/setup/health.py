"""Whether the platform answers at its own address, through DNS, CloudFront and the API."""

import httpx

from battleshiper.edge.router.gate import REFUSAL
from battleshiper.infra.aws.operation.error import OperationError
from battleshiper.infra.aws.operation.setup.resolution import VIA_CLOUDFRONT
from battleshiper.infra.aws.operation.waiting import Waiting

PATH = "/healthz"
_LONGEST_SECONDS = 180.0
_LOG = "The log group /battleshiper/functions/web says why."
_CAUSES: dict[int, str] = {
    httpx.codes.INTERNAL_SERVER_ERROR: f"The function failed. {_LOG}",
    httpx.codes.BAD_GATEWAY: f"CloudFront does not reach the API. {_LOG}",
    httpx.codes.SERVICE_UNAVAILABLE: (
        f"Are the GitHub App's secrets entered? Or the account's Lambda concurrency is used up. {_LOG}"
    ),
    httpx.codes.GATEWAY_TIMEOUT: f"The function takes too long. {_LOG}",
}


class Health:
    """Asks the platform how it is."""

    def __init__(self, http: httpx.Client, waiting: Waiting, longest_seconds: float = _LONGEST_SECONDS) -> None:
        self._http = http
        self._waiting = waiting
        self._longest_seconds = longest_seconds

    def check(self, url: str) -> None:
        """Return once the platform at `url` answers as it should; raises OperationError, which names the cause, when
        it does not for a few minutes."""
        problem = OperationError("")

        def look() -> bool | None:
            nonlocal problem
            found = self._ask(url)
            if found is None:
                return True
            problem = found
            return None

        if not self._waiting.until(look, f"{url} to answer", every=10.0, most=self._longest_seconds):
            raise problem

    def _ask(self, url: str) -> OperationError | None:
        try:
            answer = self._http.get(url + PATH)
        except httpx.HTTPError as error:
            return unreached(url, error)
        return judged(url, answer)


def unreached(url: str, error: httpx.HTTPError) -> OperationError:
    """Return what it means that nobody answers."""
    said = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in said or "SSL" in said.upper():
        remedy = "Another server answers to that name, or a proxy of your network does: does DNS lead to CloudFront?"
    elif "resolve" in said or "Name or service" in said or "nodename" in said or "No address" in said:
        remedy = "Its DNS record is missing, or not known yet to this machine: enter it, or wait."
    else:
        remedy = "Can this machine reach the internet?"
    return OperationError(f"{url} cannot be reached: {said}", remedy)


def judged(url: str, answer: httpx.Response) -> OperationError | None:
    """Return what is wrong with an answer; None where it is as it should be."""
    if answer.status_code == httpx.codes.OK and answer.text.strip() == "ok" and VIA_CLOUDFRONT in answer.headers:
        return None
    said = f"{url}{PATH} answers {answer.status_code}, and not “ok” through CloudFront."
    return OperationError(said, remedy_for(answer))


def remedy_for(answer: httpx.Response) -> str:
    """Return what to do about an answer that is not the platform's."""
    if VIA_CLOUDFRONT not in answer.headers:
        return "The answer came not through CloudFront: DNS leads elsewhere, change the record."
    if answer.status_code != httpx.codes.FORBIDDEN:
        return _CAUSES.get(answer.status_code, _LOG)
    if REFUSAL in answer.text:
        return (
            "CloudFront sends another secret than the functions know. They learn a new one within five minutes; if it "
            "stays, type: battleshiper aws rotate-keys --origin-secret"
        )
    return "No distribution has this name: DNS leads to another than the stack's, or it is still being deployed."
