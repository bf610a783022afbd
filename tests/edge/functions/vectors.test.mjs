// The decisions of vectors.json as CloudFront makes them. tests/edge/local/test_vectors.py makes the same ones in QuickJS.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { eventHeaders, handlerOf, world } from './cloudfront.mjs';

const vectors = JSON.parse(await readFile(new URL('vectors.json', import.meta.url), 'utf8'));
const handler = await handlerOf('viewer-request');

for (const { name, method = 'GET', uri, query = '', host = 'app.localhost', given = [['host', host]], ...expected } of vectors) {
  test(name, async () => {
    world.origin = null;
    const request = { method, uri, querystring: {}, cookies: {}, headers: eventHeaders(given), rawQueryString: () => query };
    const outcome = await handler({ version: '1.0', context: { requestId: 'r' }, viewer: { ip: '203.0.113.7' }, request });
    if (expected.answer) {
      assert.equal(outcome.statusCode, expected.answer);
      for (const [header, value] of expected.headers ?? []) assert.equal(outcome.headers[header].value, value);
      return;
    }
    const { headers } = outcome;
    assert.equal(headers['x-battleshiper-robots'] !== undefined, expected.noindex === true);
    if (expected.object) {
      assert.equal(decodeURIComponent(outcome.uri), `/${expected.object}`);
      assert.equal(headers['x-battleshiper-status']?.value ?? '200', String(expected.status ?? 200));
      assert.equal(world.origin, expected.status ? 'router' : null);
    } else {
      const reference = world.origin === 'router' ? headers['x-battleshiper-function'].value : world.origin.domainName;
      assert.equal(reference, expected.function);
      assert.equal(outcome.uri, uri);
      assert.deepEqual(fieldsOf(headers).sort(), expected.headers.sort());
    }
  });
}

/** What a site sees of the headers: none of ours. */
function fieldsOf(headers) {
  const seen = Object.entries(headers).filter(([name]) => !name.startsWith('x-battleshiper-'));
  return seen.flatMap(([name, { value, multiValue }]) => (multiValue ?? [{ value }]).map((field) => [name, field.value]));
}
