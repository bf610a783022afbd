import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mock, test } from 'node:test';
import { serve } from './harness.mjs';

test('every Set-Cookie stays a header of its own', async (t) => {
  const headers = new Headers([['content-type', 'text/plain']]);
  headers.append('set-cookie', 'a=1; Path=/');
  headers.append('set-cookie', 'b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT');
  const client = await serve(t, () => new Response('hi', { headers }));
  const answer = await client.ask('/');
  assert.deepEqual(answer.headers['set-cookie'], ['a=1; Path=/', 'b=2; Expires=Wed, 21 Oct 2026 07:28:00 GMT']);
});

test('statuses without a body have none', async (t) => {
  const client = await serve(t, (request) => new Response(null, { status: Number(new URL(request.url).pathname.slice(1)) }));
  for (const status of [204, 304, 404]) {
    const answer = await client.ask(`/${status}`);
    assert.equal(answer.status, status);
    assert.equal(answer.text, '');
  }
});

test('HEAD has the headers of GET and no body, which is not even made', async (t) => {
  let isCanceled = false;
  const body = () => new ReadableStream({ pull() {}, cancel: () => void (isCanceled = true) });
  const client = await serve(t, () => new Response(body(), { headers: { 'content-length': '5', etag: '"x"' } }));
  const answer = await client.ask('/', { method: 'HEAD' });
  assert.equal(answer.headers['content-length'], '5');
  assert.equal(answer.headers.etag, '"x"');
  assert.equal(answer.text, '');
  assert.equal(isCanceled, true);
});

test('a body in one piece goes out with its length', async (t) => {
  const client = await serve(t, () => new Response('päge'));
  const { headers, text } = await client.ask('/');
  assert.equal(headers['content-length'], '5');
  assert.equal(headers['transfer-encoding'], undefined);
  assert.equal(text, 'päge');
});

test('binary bodies of any size arrive byte for byte', async (t) => {
  const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * 7) % 256));
  const stream = () =>
    new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += 70_001) controller.enqueue(new Uint8Array(bytes.subarray(at, at + 70_001)));
        controller.close();
      },
    });
  const client = await serve(t, (request) => new Response(request.url.endsWith('/stream') ? stream() : bytes));
  assert.ok((await client.ask('/stream')).bytes.equals(bytes));
  assert.ok((await client.ask('/whole')).bytes.equals(bytes));
});

test('a stream arrives piece by piece, as it is made', async (t) => {
  let controller;
  const client = await serve(t, () => new Response(new ReadableStream({ start: (given) => void (controller = given) })));
  const request = client.open('/');
  request.end();
  while (!controller) await new Promise(setImmediate);
  controller.enqueue(Buffer.from('first'));
  const [response] = await once(request, 'response');
  assert.equal(`${(await once(response, 'data'))[0]}`, 'first');
  controller.enqueue(Buffer.from('second'));
  assert.equal(`${(await once(response, 'data'))[0]}`, 'second');
  controller.close();
  await once(response, 'end');
});

test('an empty stream is an empty answer', async (t) => {
  const client = await serve(t, () => new Response(new ReadableStream({ start: (controller) => controller.close() })));
  assert.equal((await client.ask('/')).text, '');
});

test('a stream nobody reads is not made ahead of its reader', async (t) => {
  let made = 0;
  const endless = new ReadableStream({
    pull(controller) {
      made += 1;
      controller.enqueue(new Uint8Array(64 * 1024));
    },
  });
  const client = await serve(t, () => new Response(endless));
  const request = client.open('/');
  request.end();
  const [response] = await once(request, 'response');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const before = made;
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(made, before);
  assert.ok(made < 100, `${made} chunks were made`);
  response.destroy();
});

test('a stream is canceled when the client leaves', async (t) => {
  let tellCancel;
  const canceled = new Promise((resolve) => (tellCancel = resolve));
  const body = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('x')), cancel: () => tellCancel(true) });
  const client = await serve(t, () => new Response(body));
  const request = client.open('/');
  request.end();
  const [response] = await once(request, 'response');
  response.destroy();
  assert.equal(await canceled, true);
});

test("headers between neighbours are not the site's to set", async (t) => {
  const headers = { connection: 'close', 'transfer-encoding': 'gzip', upgrade: 'h2c', 'keep-alive': 'x', 'x-mine': 'yes' };
  const client = await serve(t, () => new Response('hi', { headers }));
  const answer = await client.ask('/', { headers: { connection: 'keep-alive' } });
  assert.equal(answer.headers.connection, 'keep-alive');
  assert.equal(answer.headers['transfer-encoding'], undefined);
  assert.equal(answer.headers.upgrade, undefined);
  assert.equal(answer.headers['x-mine'], 'yes');
  assert.equal(answer.text, 'hi');
});

test('an error is a 500 that tells the visitor nothing and the log everything', async (t) => {
  const log = mock.method(console, 'error', () => {});
  t.after(() => log.mock.restore());
  const failures = {
    '/throw': () => {
      throw new Error('the secret reason');
    },
    '/reject': async () => {
      throw new Error('the secret reason');
    },
    '/nothing': () => undefined,
    '/invalid': () => Response.error(),
  };
  const client = await serve(t, (request) => failures[new URL(request.url).pathname]());
  for (const path of Object.keys(failures)) {
    const answer = await client.ask(path);
    assert.equal(answer.status, 500, path);
    assert.equal(answer.text, 'Internal Server Error\n');
    assert.equal(answer.headers['cache-control'], 'no-store');
  }
  assert.equal(log.mock.callCount(), 4);
  assert.match(String(log.mock.calls[0].arguments[0]), /the secret reason/);
});

test('a body that breaks off breaks the connection, so that nobody takes it for whole', async (t) => {
  const log = mock.method(console, 'error', () => {});
  t.after(() => log.mock.restore());
  let isFirst = true;
  const broken = () =>
    new ReadableStream({
      async pull(controller) {
        if (!isFirst) throw new Error('the database is gone');
        isFirst = false;
        controller.enqueue(Buffer.from('half'));
        await new Promise((resolve) => setTimeout(resolve, 20));
      },
    });
  const client = await serve(t, () => new Response(broken()));
  await assert.rejects(client.ask('/'), /aborted|hang up|ECONNRESET/);
  assert.equal(log.mock.callCount(), 1);
});
