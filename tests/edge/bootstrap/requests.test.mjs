import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { serve } from './harness.mjs';

const tell = async (request, info) =>
  Response.json({
    url: request.url,
    method: request.method,
    headers: Object.fromEntries(request.headers),
    body: request.body === null ? null : await request.text(),
    ...info,
  });

test('the address is the one that the visitor sees, not ours', async (t) => {
  const client = await serve(t, tell);
  const seen = JSON.parse((await client.ask('/a%20b/?q=%2F&q=2', { headers: { host: 'function' } })).text);
  assert.equal(seen.url, 'https://shop.example.com/a%20b/?q=%2F&q=2');
  assert.equal(seen.headers.host, 'shop.example.com');
  assert.equal(seen.clientAddress, '203.0.113.9');
});

test('a path that looks like another host stays a path', async (t) => {
  const client = await serve(t, tell);
  const seen = JSON.parse((await client.ask('//evil.example/x')).text);
  assert.equal(seen.url, 'https://shop.example.com//evil.example/x');
});

test('cookies and repeated headers arrive whole', async (t) => {
  const client = await serve(t, tell);
  const seen = JSON.parse((await client.ask('/', { headers: { cookie: ['a=1', 'b=2'], 'x-many': ['1', '2'] } })).text);
  assert.equal(seen.headers.cookie, 'a=1; b=2');
  assert.equal(seen.headers['x-many'], '1, 2');
});

test('a request without a body has none, whatever its method', async (t) => {
  const client = await serve(t, tell);
  for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS', 'PATCH']) {
    const seen = JSON.parse((await client.ask('/', { method })).text);
    assert.equal(seen.method, method);
    assert.equal(seen.body, null, method);
  }
});

test('a binary body arrives byte for byte, with a length and in chunks', async (t) => {
  const client = await serve(t, async (request) => new Response(await request.arrayBuffer()));
  const body = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 31) % 256));
  const whole = await client.ask('/', { method: 'POST', body, headers: { 'content-length': body.length } });
  assert.ok(whole.bytes.equals(body));
  const chunked = await client.ask('/', { method: 'POST', body, headers: { 'transfer-encoding': 'chunked' } });
  assert.ok(chunked.bytes.equals(body));
});

test('a body is read as it comes, before its end', async (t) => {
  const client = await serve(t, async (request) => {
    const { value } = await request.body.getReader().read();
    return new Response(value);
  });
  const request = client.open('/', { method: 'POST', headers: { 'transfer-encoding': 'chunked' } });
  request.write('first');
  const [response] = await once(request, 'response');
  assert.equal(`${(await once(response, 'data'))[0]}`, 'first');
  request.destroy();
});

test('nobody reads ahead of a site that does not read', async (t) => {
  let release;
  const client = await serve(t, async () => {
    await new Promise((resolve) => (release = resolve));
    return new Response('done');
  });
  const request = client.open('/', { method: 'POST', headers: { 'transfer-encoding': 'chunked' } });
  const chunk = Buffer.alloc(1024 * 1024);
  let taken = 0;
  // Kernel and stream buffers take a little; without backpressure all of it would go.
  while (taken < 64 && request.write(chunk)) taken += 1;
  const drained = once(request, 'drain').then(() => true);
  const waited = new Promise((resolve) => setTimeout(resolve, 100, false));
  assert.equal(await Promise.race([drained, waited]), false);
  release();
  request.destroy();
  await drained.catch(() => {});
});

test('a site that does not read a body can answer, and the connection serves the next request', async (t) => {
  const client = await serve(t, async (request) => {
    if (request.method === 'POST') await request.body.cancel();
    return new Response(request.method, { status: request.method === 'POST' ? 413 : 200 });
  });
  const body = 'x'.repeat(500_000);
  const wire = await client.raw(
    `POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${body.length}\r\n\r\n${body}` +
      'GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
  );
  assert.match(wire, /^HTTP\/1.1 413 [^]*POST[^]*HTTP\/1.1 200 [^]*GET$/);
});

test('a client that leaves in the middle of its upload is an error to the reader, not an end', async (t) => {
  let tellOutcome;
  const outcome = new Promise((resolve) => (tellOutcome = resolve));
  const client = await serve(t, async (request) => {
    await request.text().then(
      () => tellOutcome('read'),
      (error) => tellOutcome(error.message),
    );
    return new Response('');
  });
  const request = client.open('/', { method: 'POST', headers: { 'content-length': 100 } });
  request.on('error', () => {});
  request.write('half');
  setTimeout(() => request.destroy(), 30);
  assert.match(await outcome, /left before/);
});

test('the signal aborts when the client leaves, also when it is asked for only then', async (t) => {
  let tellSignals;
  const signals = new Promise((resolve) => (tellSignals = resolve));
  const client = await serve(t, async (request) => {
    const { signal } = request;
    await once(signal, 'abort');
    tellSignals([signal.aborted, request.signal.aborted]);
    return new Response('');
  });
  const request = client.open('/');
  request.on('error', () => {});
  request.end();
  setTimeout(() => request.destroy(), 30);
  assert.deepEqual(await signals, [true, true]);
});

test('the signal of an answered request does not abort', async (t) => {
  let signal;
  const client = await serve(t, async (request) => {
    signal = request.signal;
    return new Response('ok');
  });
  await client.ask('/', { agent: false });
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(signal.aborted, false);
});

test('a request is a Request to whoever checks, and can be copied', async (t) => {
  const client = await serve(t, async (request) => {
    const copy = new Request(request.clone(), { headers: { 'x-copied': 'yes' } });
    return Response.json([request instanceof Request, copy.method, copy.headers.get('x-copied'), await copy.text()]);
  });
  const { text } = await client.ask('/', { method: 'PUT', body: 'body' });
  assert.deepEqual(JSON.parse(text), [true, 'PUT', 'yes', 'body']);
});

test('what is no address is refused, and the server goes on', async (t) => {
  const client = await serve(t, tell);
  assert.equal((await client.ask('/', { headers: { 'x-forwarded-host': 'a b' } })).status, 400);
  assert.equal((await client.ask('/', { method: 'TRACE' })).status, 400);
  assert.equal((await client.ask('/')).status, 200);
});

test('the platform is answered without the site', async (t) => {
  const client = await serve(t, () => assert.fail('the site was asked'));
  assert.equal((await client.ask('*', { method: 'OPTIONS' })).status, 204);
});
