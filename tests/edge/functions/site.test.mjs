// The edge function as CloudFront runs it: what it returns and which origin it asks for. The site that it serves here is
// compiled by tests/edge/functions/test_site_record.py, which keeps site.json up to date.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

const here = new URL('.', import.meta.url);
const site = JSON.parse(await readFile(new URL('site.json', here), 'utf8'));
const source = await readFile(new URL('../../../edge/functions/viewer-request.js', here), 'utf8');

const store = new Map(Object.entries(site));
let failing = null;
let origin = null;
globalThis.cloudfront = {
  kvs: () => ({
    get: async (key) => {
      if (failing) throw failing;
      if (!store.has(key)) throw new Error('KeyNotFound');
      return store.get(key);
    },
    exists: async (key) => {
      if (failing) throw failing;
      return store.has(key);
    },
  }),
  updateRequestOrigin: (settings) => {
    origin = settings;
  },
  selectRequestOriginById: (id) => {
    origin = id;
  },
};
const module = source.replace("import cf from 'cloudfront';", 'const cf = globalThis.cloudfront;');
const { handler } = await import(`data:text/javascript,${encodeURIComponent(`${module}\nexport { handler };`)}`);

async function ask(uri, { label = 'app', method = 'GET', headers = {}, query } = {}) {
  origin = null;
  const request = {
    method,
    uri,
    querystring: { a: { value: '1' } },
    headers: { host: { value: `${label}.localhost` }, ...headers },
    cookies: {},
    rawQueryString: () => query,
  };
  return handler({ version: '1.0', context: { requestId: 'r-1' }, viewer: { ip: '203.0.113.7' }, request });
}

test('a file is asked of the objects, with an encoded key and without a query', async () => {
  const request = await ask('/caf%c3%a9%20+.txt');
  assert.equal(request.uri, '/sites/shop/app1/client/caf%C3%A9%20%2B.txt');
  assert.deepEqual(request.querystring, {});
  assert.equal(origin, null);
});

test('a prerendered page lies in a folder of its own', async () => {
  assert.equal((await ask('/about')).uri, '/sites/shop/app1/prerendered/about.html');
  assert.equal((await ask('/')).uri, '/sites/shop/app1/prerendered/index.html');
});

test('hashed files are in no table', async () => {
  assert.equal((await ask('/_app/immutable/x.js')).uri, '/sites/shop/app1/client/_app/immutable/x.js');
});

test('a trailing slash is redirected, with the query', async () => {
  const response = await ask('/about/', { query: 'x=%20&y' });
  assert.equal(response.statusCode, 308);
  assert.equal(response.headers.location.value, '/about?x=%20&y');
  assert.equal((await ask('/docs')).headers.location.value, '/docs/');
});

test('what is no file goes to the function, signed, with the client’s own authorization put aside', async () => {
  const authorization = { value: 'Bearer x' };
  const request = await ask('/dynamic/a.b', { headers: { authorization } });
  assert.equal(request.uri, '/dynamic/a.b');
  assert.deepEqual(request.querystring, { a: { value: '1' } });
  assert.equal(origin.domainName, 'abc.lambda-url.example');
  assert.deepEqual(origin.originAccessControlConfig, {
    enabled: true,
    signingBehavior: 'always',
    signingProtocol: 'sigv4',
    originType: 'lambda',
  });
  assert.deepEqual(request.headers['x-battleshiper-authorization'], authorization);
});

test('a request with a body goes to the router, also at a page’s address', async () => {
  const request = await ask('/about', { method: 'POST' });
  assert.equal(origin, 'router');
  assert.equal(request.uri, '/about');
  assert.equal(request.headers['x-battleshiper-function'].value, 'abc.lambda-url.example');
});

test('a client cannot speak in our name', async () => {
  const lies = {};
  for (const name of ['x-battleshiper-function', 'x-battleshiper-x', 'x-forwarded-for', 'x-forwarded-host', 'forwarded']) {
    lies[name] = { value: 'lie' };
  }
  const request = await ask('/dynamic', { headers: lies });
  assert.ok(!JSON.stringify(request.headers).includes('lie'));
  assert.equal(request.headers['x-forwarded-for'].value, '203.0.113.7');
  assert.equal(request.headers['x-forwarded-host'].value, 'app.localhost');
});

test('a missing page of a static site is its 404 page, by the router', async () => {
  const request = await ask('/nowhere', { label: 'static' });
  assert.equal(origin, 'router');
  assert.equal(request.headers['x-battleshiper-status'].value, '404');
  assert.equal(request.uri, '/sites/shop/static1/client/404.html');
});

test('a preview is marked', async () => {
  assert.equal((await ask('/', { label: 'static' })).headers['x-battleshiper-robots'].value, 'noindex');
  assert.equal((await ask('/')).headers['x-battleshiper-robots'], undefined);
});

test('a static site can only be read', async () => {
  const response = await ask('/', { label: 'static', method: 'DELETE' });
  assert.equal(response.statusCode, 405);
  assert.equal(response.headers.allow.value, 'GET, HEAD');
});

test('hosts and paths that make no sense are refused', async () => {
  for (const uri of ['/..', '/a/%2e%2e/b', '/a\\b', '/%00', '/%', '/%c0%ae', '/é', 'a', '']) {
    assert.equal((await ask(uri)).statusCode, 400, uri);
  }
  assert.equal((await ask('/', { headers: { host: undefined } })).statusCode, 400);
  const host = { value: 'app.localhost', multiValue: [{ value: 'app.localhost' }, { value: 'app.localhost' }] };
  assert.equal((await ask('/', { headers: { host } })).statusCode, 400);
  assert.equal((await ask('/', { label: 'nobody' })).statusCode, 404);
  assert.equal((await ask('/', { label: 'app1/0' })).statusCode, 400);
});

test('a store that fails is a 503 and no 404', async (context) => {
  context.mock.method(console, 'log', () => {});
  failing = new Error('no store');
  try {
    assert.equal((await ask('/')).statusCode, 503);
  } finally {
    failing = null;
  }
});

test('a deployment whose table is gone is a 503', async (context) => {
  context.mock.method(console, 'log', () => {});
  store.delete('app1/0');
  assert.equal((await ask('/')).statusCode, 503);
  store.set('app1/0', site['app1/0']);
});
