import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHandler } from '../../../edge/bootstrap/handler.mjs';
import { askStreamed, eventOf, invoke, runtime } from './lambda-runtime.mjs';

const BYTES = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 31) % 256));
const MEGABYTE = new Uint8Array(1024 * 1024);

/** Streams the pieces one by one; what is a function is called instead. */
function bodyOf(...pieces) {
  let at = 0;
  const pull = async (controller) => {
    const piece = pieces[at++];
    if (piece === undefined) controller.close();
    else controller.enqueue(typeof piece === 'function' ? await piece() : piece);
  };
  return new ReadableStream({ pull }, { highWaterMark: 0 });
}

function silenced(t) {
  const log = mock.method(console, 'error', () => {});
  t.after(() => log.mock.restore());
  return log;
}

test('a stream of any size arrives in order', async () => {
  const pieces = Array.from({ length: 30 }, (_, at) => new Uint8Array(BYTES.subarray(at * 10_000, (at + 1) * 10_000)));
  const answer = await askStreamed(() => new Response(bodyOf(...pieces)), eventOf('/'));
  assert.ok(answer.bytes.equals(BYTES));
});

test('the first piece is sent before the second is made', async () => {
  let hasArrived;
  const arrived = new Promise((resolve) => (hasArrived = resolve));
  const onChunk = (chunk) => chunk.includes('first') && hasArrived();
  const second = () => arrived.then(() => Buffer.from('second'));
  const answer = await askStreamed(() => new Response(bodyOf(Buffer.from('first '), second)), eventOf('/'), { onChunk });
  assert.equal(`${answer.bytes}`, 'first second');
});

test('a site makes no more than Lambda takes', async () => {
  let [made, taken, most] = [0, 0, 0];
  const pieces = Array.from({ length: 40 }, () => () => {
    most = Math.max(most, (made += MEGABYTE.length) - taken);
    return MEGABYTE;
  });
  const onChunk = (chunk) => {
    taken += chunk.length;
    return sleep(1);
  };
  const answer = await askStreamed(() => new Response(bodyOf(...pieces)), eventOf('/'), { onChunk });
  assert.equal(answer.bytes.length, 40 * MEGABYTE.length);
  assert.ok(most < 12 * MEGABYTE.length, `${most} bytes were on the way`);
});

test('an error before the first byte is a whole answer, 500', async (t) => {
  silenced(t);
  const fail = () => Promise.reject(new Error('the database is gone'));
  const answer = await askStreamed(() => new Response(bodyOf(fail)), eventOf('/'));
  assert.equal(answer.statusCode, 500);
  assert.equal(`${answer.bytes}`, 'Internal Server Error\n');
});

test('an error after the first byte fails the invocation, and the runtime lives to do the next', async (t) => {
  const log = silenced(t);
  const fail = () => sleep(5).then(() => Promise.reject(new Error('the database is gone')));
  const handler = createHandler(Promise.resolve(() => new Response(bodyOf(Buffer.from('half'), fail))), runtime);
  for (let run = 1; run <= 3; run++) {
    await assert.rejects(invoke(handler, eventOf('/')), ({ message, got }) => {
      assert.match(message, /broke off/);
      assert.ok(`${got.bytes}`.endsWith('half'));
      return !got.isWhole;
    });
    assert.equal(log.mock.callCount(), run);
  }
  assert.equal((await askStreamed(() => new Response('whole'), eventOf('/'))).statusCode, 200);
});

test('when Lambda takes no more, the site is told and stops', async (t) => {
  const log = silenced(t);
  let [made, isCanceled, isAborted] = [0, false, false];
  const fetch = (request) => {
    request.signal.addEventListener('abort', () => (isAborted = true));
    const pull = async (controller) => {
      made++;
      controller.enqueue(MEGABYTE);
      await sleep(1);
    };
    return new Response(new ReadableStream({ pull, cancel: () => void (isCanceled = true) }));
  };
  const invocation = invoke(createHandler(Promise.resolve(fetch), runtime), eventOf('/'), { breakAfter: 100_000 });
  await assert.rejects(invocation, /Truncated/);
  await sleep(20);
  const stopped = made;
  await sleep(20);
  assert.equal(made, stopped);
  assert.ok(isCanceled);
  assert.ok(isAborted);
  assert.equal(log.mock.callCount(), 0);
});

test('an empty body has a length, where a body could be', async () => {
  const lengthOf = async (response, given) =>
    (await askStreamed(() => response, eventOf('/', given))).headers['content-length'];
  for (const status of [200, 302, 404]) assert.equal(await lengthOf(new Response(null, { status })), '0');
  for (const status of [204, 304]) assert.equal(await lengthOf(new Response(null, { status })), undefined);
  assert.equal(await lengthOf(new Response(bodyOf()), { method: 'HEAD' }), undefined);
  const declared = { headers: { 'content-length': '5' } };
  assert.equal(await lengthOf(new Response('hello', declared), { method: 'HEAD' }), '5');
});

test('a body without a piece is an answer', async () => {
  const answer = await askStreamed(() => new Response(bodyOf()), eventOf('/'));
  assert.equal(answer.statusCode, 200);
  assert.equal(answer.bytes.length, 0);
});

test('HEAD makes no body', async () => {
  let [isMade, isCanceled] = [false, false];
  const stream = new ReadableStream(
    { pull: () => void (isMade = true), cancel: () => void (isCanceled = true) },
    { highWaterMark: 0 },
  );
  const answer = await askStreamed(() => new Response(stream), eventOf('/', { method: 'HEAD' }));
  assert.equal(answer.statusCode, 200);
  assert.equal(isMade, false);
  assert.equal(isCanceled, true);
});

test('many cookies are as many', async () => {
  const cookies = Array.from({ length: 200 }, (_, at) => `c${at}=${at}; Path=/`);
  const headers = new Headers(cookies.map((cookie) => ['set-cookie', cookie]));
  const answer = await askStreamed(() => new Response('x', { headers }), eventOf('/'));
  assert.deepEqual(answer.cookies, cookies);
});

test('bytes that look like the end of the headers are bytes', async () => {
  const answer = await askStreamed(() => new Response(new Uint8Array(20)), eventOf('/'));
  assert.equal(answer.statusCode, 200);
  assert.ok(answer.bytes.equals(Buffer.alloc(20)));
});

test('what is not made of bytes is never sent as something else', async (t) => {
  silenced(t);
  const whole = await askStreamed(() => new Response(bodyOf({ secret: 1 })), eventOf('/')).catch((error) => error);
  assert.match(whole.message, /broke off/);
  assert.ok(!`${whole.got.bytes}`.includes('secret'));
});
