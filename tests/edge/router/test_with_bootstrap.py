"""The router with a function that runs as it does on Lambda."""

import base64
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from battleshiper.edge.router.handler import Handler
from battleshiper.edge.source import BOOTSTRAP

from .conftest import FakeLambda, event_of

PACKAGE = """
export async function fetch(request, { clientAddress }) {
  const headers = new Headers({ 'x-seen': `${request.method} ${request.url} ${clientAddress}`, etag: '"x"' });
  headers.append('set-cookie', 'a=1');
  headers.append('set-cookie', 'b=2');
  headers.append('x-authorization', request.headers.get('authorization'));
  headers.append('x-origin', request.headers.get('origin'));
  return new Response((await request.bytes?.()) ?? (await request.arrayBuffer()), { status: 201, headers });
}
"""


@pytest.fixture
def functions(tmp_path: Path) -> FakeLambda:
    """Lambda with Node in it."""
    (tmp_path / "index.mjs").write_text(PACKAGE)
    program = f"""
      const {{ handler }} = await import({json.dumps((BOOTSTRAP / "lambda.mjs").as_uri())});
      const chunks = [];
      for await (const chunk of process.stdin) chunks.push(chunk);
      console.log(JSON.stringify(await handler(JSON.parse(Buffer.concat(chunks)))));
    """

    def run(event: dict[str, Any]) -> bytes:
        command = ["node", "--input-type=module", "--eval", program]
        environment = {**os.environ, "LAMBDA_TASK_ROOT": str(tmp_path)}
        done = subprocess.run(
            command, input=json.dumps(event).encode(), capture_output=True, check=True, env=environment
        )
        return done.stdout

    functions = FakeLambda()
    functions.function = run
    return functions


def test_request_and_answer_survive_the_way(handle: Handler) -> None:
    """Bytes come back as they went, and the site knows its own address, its visitor's and its visitor's rights."""
    body = bytes(range(256)) * 100
    event = event_of(body=base64.b64encode(body).decode(), x_battleshiper_authorization="Bearer mine")
    event["isBase64Encoded"] = True
    event["headers"]["origin"] = "https://shop.example.com"
    reply = handle(event, None)
    assert reply["statusCode"] == 201
    assert base64.b64decode(reply["body"]) == body
    assert reply["cookies"] == ["a=1", "b=2"]
    assert reply["headers"]["etag"] == '"x"'
    assert reply["headers"]["x-seen"] == "POST https://shop.example.com/form?q=%2F 203.0.113.7"
    assert reply["headers"]["x-authorization"] == "Bearer mine"
    assert reply["headers"]["x-origin"] == "https://shop.example.com"
