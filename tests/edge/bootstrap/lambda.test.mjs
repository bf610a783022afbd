import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock, test } from 'node:test';
import { createHandler } from '../../../edge/bootstrap/handler.mjs';
import { askBuffered, askStreamed, eventOf, runtime } from './lambda-runtime.mjs';

const WAYS = { streamed: askStreamed, buffered: askBuffered, 'without a runtime': (fetch, event) => askBuffered(fetch, event, undefined) };
const BYTES = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 31) % 256));

const tell = async (request, info) =>
  Response.json({
    url: request.url,
    method: request.method,
    headers: Object.fromEntries(request.headers),
    body: request.body === null ? null : Buffer.from(await request.arrayBuffer()).toString('hex'),
    ...info,
  });

for (const [way, ask] of Object.entries(WAYS)) {
  test(`${way}: the site sees the client's request, and nothing of how it came`, async () => {
    const headers = { 'x-battleshiper-authorization': 'Bearer mine', accept: '*/*', 'x-battleshiper-secret': 's' };
    const event = eventOf('/a%20b/%C3%A9', { headers, rawQueryString: 'q=%2F&q=2', cookies: ['a=1', 'b=2'] });
    const seen = JSON.parse((await ask(tell, event)).bytes);
    assert.equal(seen.url, 'https://shop.example.com/a%20b/%C3%A9?q=%2F&q=2');
    assert.equal(seen.clientAddress, '203.0.113.9');
    assert.deepEqual(seen.headers, {
      accept: '*/*',
      authorization: 'Bearer mine',
      cookie: 'a=1; b=2',
      host: 'shop.example.com',
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-host': 'shop.example.com',
      'x-forwarded-proto': 'https',
    });
  });

  test(`${way}: without a client's authorization there is none`, async () => {
    const seen = JSON.parse((await ask(tell, eventOf('/'))).bytes);
    assert.equal(seen.headers.authorization, undefined);
    assert.equal(seen.body, null);
  });

  test(`${way}: several cookies, status and headers survive, and bytes are bytes`, async () => {
    const headers = new Headers({ etag: '"x"', 'content-type': 'image/png', 'content-range': 'bytes 0-9/10' });
    headers.append('set-cookie', 'a=1; Path=/');
    headers.append('set-cookie', 'b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT');
    const answer = await ask(() => new Response(BYTES, { status: 206, headers }), eventOf('/'));
    assert.equal(answer.statusCode, 206);
    assert.deepEqual(answer.cookies, ['a=1; Path=/', 'b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT']);
    assert.equal(answer.headers.etag, '"x"');
    assert.equal(answer.headers['content-type'], 'image/png');
    assert.equal(answer.headers['set-cookie'], undefined);
    assert.ok(answer.bytes.equals(BYTES));
  });

  test(`${way}: an answer without a body has a status and headers`, async () => {
    for (const status of [204, 304, 303]) {
      const answer = await ask(() => new Response(null, { status, headers: { location: '/x' } }), eventOf('/'));
      assert.equal(answer.statusCode, status);
      assert.equal(answer.headers.location, '/x');
      assert.equal(answer.bytes.length, 0);
    }
  });

  test(`${way}: HEAD has no body`, async () => {
    const fetch = () => new Response('body', { headers: { etag: '"x"' } });
    const answer = await ask(fetch, eventOf('/', { method: 'HEAD' }));
    assert.equal(answer.headers.etag, '"x"');
    assert.equal(answer.bytes.length, 0);
  });

  test(`${way}: a preview tells search engines so, whatever the site says`, async () => {
    const fetch = () => new Response('x', { status: 404, headers: { 'x-robots-tag': 'all' } });
    const headers = { 'x-battleshiper-robots': 'noindex' };
    assert.equal((await ask(fetch, eventOf('/', { headers }))).headers['x-robots-tag'], 'noindex');
    assert.equal((await ask(fetch, eventOf('/'))).headers['x-robots-tag'], 'all');
  });

  test(`${way}: an error is a 500 that tells the visitor nothing and the log everything`, async (t) => {
    const log = mock.method(console, 'error', () => {});
    t.after(() => log.mock.restore());
    const answer = await ask(() => Promise.reject(new Error('the secret reason')), eventOf('/'));
    assert.equal(answer.statusCode, 500);
    assert.equal(`${answer.bytes}`, 'Internal Server Error\n');
    assert.match(String(log.mock.calls[0].arguments[0]), /the secret reason/);
  });

  test(`${way}: a body that breaks off fails the invocation, so that nobody takes it for whole`, async (t) => {
    const log = mock.method(console, 'error', () => {});
    t.after(() => log.mock.restore());
    let isFirst = true;
    const pull = async (controller) => {
      if (!isFirst) throw new Error('the database is gone');
      isFirst = false;
      controller.enqueue(Buffer.from('half'));
      await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await assert.rejects(ask(() => new Response(new ReadableStream({ pull })), eventOf('/')), /broke off/);
  });

  test(`${way}: what is no address is refused`, async () => {
    assert.equal((await ask(tell, eventOf('/', { headers: { 'x-forwarded-host': 'a b' } }))).statusCode, 400);
  });

  test(`${way}: a binary body and a text arrive byte for byte`, async () => {
    const binary = { method: 'POST', body: BYTES.toString('base64'), isBase64Encoded: true };
    const seen = JSON.parse((await ask(tell, eventOf('/', binary))).bytes);
    assert.equal(seen.body, BYTES.toString('hex'));
    assert.equal(seen.headers['content-length'], String(BYTES.length));
    const text = JSON.parse((await ask(tell, eventOf('/', { method: 'POST', body: 'ä=1' }))).bytes);
    assert.equal(text.body, Buffer.from('ä=1').toString('hex'));
  });
}

test('an answer that is streamed says how it is to be read', async () => {
  assert.match((await askStreamed(tell, eventOf('/'))).type, /http-integration-response/);
});

test('the platform is answered without the site, and no client can ask so', async () => {
  const never = () => assert.fail('the site was asked');
  for (const withRuntime of [runtime, undefined]) {
    assert.equal((await askBuffered(never, { requestContext: undefined }, withRuntime)).statusCode, 204);
  }
  assert.equal((await askStreamed(() => new Response('site'), eventOf('/'))).statusCode, 200);
});

test('the program loads the package that lies above it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'package-'));
  t.after(() => rm(folder, { recursive: true }));
  const program = new URL('../../../edge/bootstrap/lambda.mjs', import.meta.url).href;
  const run = (source) => {
    const script = `const { handler } = await import(${JSON.stringify(program)});
      const answer = await handler({ rawPath: '/', headers: {}, requestContext: { http: { method: 'GET' } } });
      console.log(Buffer.from(answer.body, 'base64').toString());`;
    const options = { env: { ...process.env, LAMBDA_TASK_ROOT: folder }, encoding: 'utf8', stdio: 'pipe' };
    return writeFile(join(folder, 'index.mjs'), source).then(() =>
      execFileSync(process.execPath, ['--input-type=module', '--eval', script], options),
    );
  };
  assert.equal(await run("export const fetch = () => new Response('hello');"), 'hello\n');
  assert.equal(await run("await 1; export const fetch = () => new Response('later');"), 'later\n');
  await assert.rejects(run('export const other = 1;'), /does not export a function `fetch`/);
});

test('a package that cannot be loaded fails every invocation, the question of the platform included', async () => {
  const failing = Promise.reject(new Error('no such package'));
  for (const withRuntime of [runtime, undefined]) {
    for (const event of [eventOf('/'), { buffered: true }, {}]) {
      await assert.rejects(createHandler(failing, withRuntime)(event), /no such package/);
    }
  }
});
