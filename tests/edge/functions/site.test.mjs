// What CloudFront is told beside the decision itself (see vectors.test.mjs): origins, cache key and what S3 may see. The
// site that is served here is compiled by tests/edge/functions/test_site_record.py, which keeps site.json up to date.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventHeaders, handlerOf, site, world } from './cloudfront.mjs';

const handler = await handlerOf('viewer-request');

async function ask(uri, { label = 'app', method = 'GET', headers = [], cookies = {} } = {}) {
  world.origin = null;
  const request = {
    method,
    uri,
    querystring: { a: { value: '1' } },
    headers: eventHeaders([['host', `${label}.localhost`], ...headers]),
    cookies,
    rawQueryString: () => 'a=1',
  };
  return handler({ version: '1.0', context: { requestId: 'r-1' }, viewer: { ip: '203.0.113.7' }, request });
}

test('objects are asked for with an encoded key, without query and cookies, and by nothing that S3 would act on', async () => {
  const cookies = { session: { value: 'x'.repeat(9000) } };
  const headers = [['x-amz-request-payer', 'requester'], ['x-amz-date', 'lie'], ['range', 'bytes=0-1']];
  const request = await ask('/caf%c3%a9%20+.txt', { cookies, headers });
  assert.equal(request.uri, '/sites/shop/app1/client/caf%C3%A9%20%2B.txt');
  assert.deepEqual(request.querystring, {});
  assert.deepEqual(request.cookies, {});
  assert.deepEqual(Object.keys(request.headers), ['host', 'range']);
  assert.equal(world.origin, null);
});

test('one copy of a file at the edge serves every request', async () => {
  const lie = ['x-battleshiper-request', 'mine'];
  assert.equal((await ask('/about', { headers: [lie] })).headers['x-battleshiper-request'], undefined);
});

test('no answer of code is served to another request, though the address is the same', async () => {
  for (const [uri, options] of [['/dynamic', {}], ['/x', { method: 'POST' }], ['/gone', { label: 'static' }]]) {
    assert.deepEqual((await ask(uri, options)).headers['x-battleshiper-request'], { value: 'r-1' });
  }
});

test('a function is asked at its own URL, signed, and by nothing of the default origin', async () => {
  const cookies = { session: { value: '1' } };
  const request = await ask('/dynamic/a.b', { cookies });
  assert.deepEqual(world.origin, {
    domainName: 'abc.lambda-url.example',
    originAccessControlConfig: { enabled: true, signingBehavior: 'always', signingProtocol: 'sigv4', originType: 'lambda' },
    customOriginConfig: { port: 443, protocol: 'https', sslProtocols: ['TLSv1.2'] },
    timeouts: { readTimeout: 30, connectionTimeout: 5 },
    customHeaders: {},
  });
  assert.deepEqual(request.querystring, { a: { value: '1' } });
  assert.deepEqual(request.cookies, cookies);
});

test('code learns the client’s address and its authorization, which signatures push aside', async () => {
  for (const method of ['GET', 'POST']) {
    const { headers } = await ask('/x', { method, headers: [['authorization', 'Bearer x']] });
    assert.equal(headers['x-battleshiper-address'].value, '203.0.113.7');
    assert.equal(headers['x-battleshiper-authorization'].value, 'Bearer x');
  }
});

test('the router learns whose function to invoke', async () => {
  const request = await ask('/about', { method: 'POST' });
  assert.equal(world.origin, 'router');
  assert.equal(request.headers['x-battleshiper-deployment'].value, 'shop/app1');
});

test('a runtime that cannot normalize finds what needs none', async () => {
  const { normalize } = String.prototype;
  delete String.prototype.normalize;
  try {
    assert.match((await ask('/caf%c3%a9%20+.txt')).uri, /^\/sites\//);
  } finally {
    String.prototype.normalize = normalize;
  }
});

test('a store that fails is a 503 and no 404', async (context) => {
  context.mock.method(console, 'log', () => {});
  world.failing = new Error('no store');
  try {
    assert.equal((await ask('/')).statusCode, 503);
  } finally {
    world.failing = null;
  }
});

test('a deployment whose table is gone is a 503', async (context) => {
  context.mock.method(console, 'log', () => {});
  world.store.delete('app1/0');
  assert.equal((await ask('/')).statusCode, 503);
  world.store.set('app1/0', site['app1/0']);
});
