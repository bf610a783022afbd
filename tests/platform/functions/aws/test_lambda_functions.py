"""Functions on Lambda, published and asked."""

import base64
import json
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from battleshiper.platform.functions.aws.reference import Reference
from battleshiper.platform.model.function import FunctionFailedError
from battleshiper.platform.pipeline.function_environment import with_environment

from .conftest import SETTINGS

pytestmark = pytest.mark.emulator


class DiedError(Exception):
    """The process ends here."""


def test_a_published_function_answers(bench):
    """With the code of its own deployment, whatever was published later."""
    bench.functions.probe(bench.publish("d1", "'one: ' + request.url"))
    bench.functions.probe(bench.publish("d2", "'two'"))
    answers = [base64.b64decode(bench.ask(deployment)).decode() for deployment in ("d1", "d2")]
    assert answers == ["one: https://shop.test/x", "two"]
    assert bench.aliases() == {"d1": "1", "d2": "2"}


def test_a_function_has_its_variables(bench):
    """Before anything of the package runs."""
    package = with_environment(bench.package("process.env.WORD"), {"WORD": "said"})
    bench.functions.publish(bench.project, "d1", package)
    assert base64.b64decode(bench.ask("d1")) == b"said"


def test_publishing_again_changes_nothing(bench):
    """The same reference, the same version, whatever the package."""
    reference = bench.publish("d1", "'one'")
    bench.calls.clear()
    assert bench.publish("d1", "'two'") == reference
    assert {call[:3] for call in bench.calls} == {"Get"}


def test_a_crash_between_any_two_calls_is_made_good(bench):
    """Publishing again gives an alias with the right code and a URL that CloudFront may ask."""
    left = [0]

    def die(**_) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise DiedError

    bench.client.meta.events.register("before-call.lambda", die)
    for number in range(100):
        deployment = f"d{number}"
        left[0] = number
        try:
            bench.publish(deployment, f"'{number}'")
            break
        except DiedError:
            pass
        finally:
            left[0] = 1000
        domain = bench.domain(bench.publish(deployment, f"'{number}'"))
        assert base64.b64decode(bench.ask(deployment)).decode() == str(number)
        url = bench.client.get_function_url_config(FunctionName=bench.name, Qualifier=deployment)["FunctionUrl"]
        assert url == f"https://{domain}/"
        policy = json.loads(bench.client.get_policy(FunctionName=bench.name, Qualifier=deployment)["Policy"])
        assert sum(deployment in statement["Resource"].split(":") for statement in policy["Statement"]) == 2
    assert number >= 10


def test_only_cloudfront_may_ask(bench):
    """The URL wants a signature, streams, and knows one distribution; both rights that AWS asks for are given."""
    asked = []
    bench.client.meta.events.register(
        "provide-client-params.lambda.AddPermission", lambda params, **_: asked.append(dict(params))
    )
    bench.publish("d1")
    url = bench.client.get_function_url_config(FunctionName=bench.name, Qualifier="d1")
    assert (url["AuthType"], url["InvokeMode"]) == ("AWS_IAM", "RESPONSE_STREAM")
    common = {
        "FunctionName": bench.name,
        "Qualifier": "d1",
        "Principal": "cloudfront.amazonaws.com",
        "SourceArn": SETTINGS.distribution,
    }
    assert asked == [
        {
            **common,
            "StatementId": "cloudfront-url-d1",
            "Action": "lambda:InvokeFunctionUrl",
            "FunctionUrlAuthType": "AWS_IAM",
        },
        {
            **common,
            "StatementId": "cloudfront-function-d1",
            "Action": "lambda:InvokeFunction",
            "InvokedViaFunctionUrl": True,
        },
    ]


def test_a_function_has_the_settings_of_today(bench):
    """Those of sites that were published before change with their next deployment."""
    bench.publish("d1", files={"node-version": "22.20.0\n"})
    bench.functions = bench.with_settings(replace(SETTINGS, memory_megabytes=512, log_group="/battleshiper/functions"))
    bench.publish("d2", files={"node-version": "24.11.0\n"})
    found = [
        bench.client.get_function_configuration(FunctionName=bench.name, Qualifier=alias) for alias in ("d1", "d2")
    ]
    assert [(each["Runtime"], each["MemorySize"], each["Timeout"]) for each in found] == [
        ("nodejs22.x", 256, 30),
        ("nodejs24.x", 512, 30),
    ]
    assert found[1]["LoggingConfig"]["LogGroup"] == "/battleshiper/functions"
    assert found[0]["Architectures"] == ["arm64"]
    assert found[0]["Role"] == SETTINGS.role


def test_nothing_is_updated_without_need(bench):
    """Lambda takes few changes a second, and each takes a while."""
    package = bench.package()
    bench.functions.publish(bench.project, "d1", package)
    bench.calls.clear()
    bench.functions.publish(bench.project, "d2", package)
    assert not {"UpdateFunctionConfiguration", "UpdateFunctionCode", "CreateFunction"} & set(bench.calls)


def test_a_function_that_does_not_load_says_why(bench):
    """With its own error, as its owner needs it."""
    reference = bench.publish_source("d1", "throw new Error('no such luck');")
    with pytest.raises(FunctionFailedError, match="no such luck"):
        bench.functions.probe(reference)


def test_an_error_page_is_an_answer(bench):
    """What a site says about its start page is its own business."""
    bench.functions.probe(bench.publish("d1", "Promise.reject(new Error('oops'))"))


def test_the_question_goes_to_the_start_page(bench):
    """Without asking for its body."""
    reference = bench.publish("d1")
    sent = []
    bench.client.meta.events.register(
        "provide-client-params.lambda.Invoke", lambda params, **_: sent.append(json.loads(params["Payload"]))
    )
    bench.functions.probe(reference)
    assert [(event["rawPath"], event["requestContext"]["http"]["method"]) for event in sent] == [("/", "HEAD")]


def test_a_removed_function_is_gone(bench):
    """With its URL and its code; its neighbours stay. Removing again is fine."""
    references = [bench.publish(f"d{number}", f"'{number}'") for number in range(3)]
    for _ in range(2):
        bench.functions.remove(references[0])
    assert sorted(bench.aliases()) == ["d1", "d2"]
    assert bench.versions() == ["2", "3"]
    with pytest.raises(FunctionFailedError, match="no such function"):
        bench.functions.probe(references[0])
    bench.functions.probe(references[2])
    with pytest.raises(ClientError, match="ResourceNotFound"):
        bench.client.get_function_url_config(FunctionName=bench.name, Qualifier="d0")


def test_code_that_two_deployments_have_stays_for_the_other(bench):
    """Lambda makes one version of what has not changed."""
    first = bench.publish("d1")
    bench.client.create_alias(FunctionName=bench.name, Name="d2", FunctionVersion="1")
    bench.publish("d3", "'other'")
    bench.functions.remove(first)
    assert bench.aliases() == {"d2": "1", "d3": "2"}
    assert bench.versions() == ["1", "2"]


def test_nothing_is_left_of_a_project_without_deployments(bench):
    """Neither after its last deployment nor after the project itself is removed."""
    reference = bench.publish("d1")
    bench.functions.remove(reference)
    with pytest.raises(ClientError, match="ResourceNotFound"):
        bench.client.get_function(FunctionName=bench.name)
    bench.publish("d2")
    for _ in range(2):
        bench.functions.remove_project(bench.project)
    with pytest.raises(ClientError, match="ResourceNotFound"):
        bench.client.get_function(FunctionName=bench.name)


@pytest.mark.parametrize("reference", ["", "p/d", "p/d/x/y", "p"])
def test_what_is_no_reference_is_refused(bench, reference):
    """Before Lambda is asked."""
    for method in (bench.functions.address, bench.functions.probe, bench.functions.remove):
        with pytest.raises(FunctionFailedError, match="no function's reference"):
            method(reference)


def test_a_reference_says_where_the_function_is(bench):
    """For the edge, which asks its domain, and for the router, which asks its alias."""
    text = bench.publish("d1")
    reference = Reference.parse(text)
    assert (reference.project_id, reference.deployment_id) == (bench.project, "d1")
    assert reference.domain.endswith(".lambda-url.eu-central-1.on.aws")
    assert bench.functions.address(text) == reference.domain
