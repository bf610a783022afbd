/** Lambda's Node runtime and the way to it, as far as the handler sees them. */

import { RuntimeApi } from './runtime-api.mjs';
import { openResponse } from './response-stream.mjs';
import { createHandler } from '../../../edge/bootstrap/handler.mjs';

const PRELUDE_END = Buffer.alloc(8);
const api = new RuntimeApi();

/** The global `awslambda`. What it hands to handlers is no Writable: see `response-stream.mjs`. */
export const runtime = {
  HttpResponseStream: {
    from(stream, prelude) {
      stream.setContentType('application/vnd.awslambda.http-integration-response');
      stream._onBeforeFirstWrite = (write) => {
        write(JSON.stringify(prelude));
        write(new Uint8Array(PRELUDE_END));
      };
      return stream;
    },
  },
  streamifyResponse: (handler) => handler,
};

/**
 * Lets the runtime do one invocation of a handler that streams, and resolves to what Lambda has got of it; rejects when
 * the invocation failed. `receive` says how Lambda takes the answer.
 */
export async function invoke(handler, event, receive = {}) {
  const { path, received } = await api.expect(receive);
  const { stream, answered, fail } = openResponse(path);
  try {
    await handler(event, stream);
    await answered;
    if (!stream.writableFinished) throw new Error('Response stream is not finished.');
  } catch (error) {
    fail(error);
  }
  const got = await received;
  if (got.error) throw Object.assign(new Error(got.error.errorMessage), { got });
  return got;
}

/** Ask through the function's URL; resolves to what the client gets. */
export async function askStreamed(fetch, event, receive) {
  const { bytes, type } = await invoke(createHandler(Promise.resolve(fetch), runtime), event, receive);
  const end = bytes.indexOf(PRELUDE_END);
  return { ...JSON.parse(bytes.subarray(0, end)), bytes: bytes.subarray(end + PRELUDE_END.length), type };
}

/** Ask as the router does. */
export async function askBuffered(fetch, event, withRuntime = runtime) {
  const handler = createHandler(Promise.resolve(fetch), withRuntime);
  const asked = { ...event, buffered: true };
  const answer = withRuntime ? JSON.parse((await invoke(handler, asked)).bytes) : await handler(asked);
  return { ...answer, bytes: Buffer.from(answer.body ?? '', answer.isBase64Encoded ? 'base64' : 'utf8') };
}

/** An event as it is after CloudFront signed the request and the function's URL took it. */
export function eventOf(rawPath, { method = 'GET', headers = {}, ...rest } = {}) {
  return {
    version: '2.0',
    rawPath,
    rawQueryString: '',
    headers: {
      host: 'abc.lambda-url.eu-central-1.on.aws',
      'x-forwarded-host': 'shop.example.com',
      'x-forwarded-for': '203.0.113.9, 203.0.113.9, 130.176.0.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-port': '443',
      'x-battleshiper-address': '203.0.113.9',
      'x-battleshiper-request': 'r-1',
      authorization: 'AWS4-HMAC-SHA256 Credential=of/CloudFront',
      'x-amz-date': '20261124T090000Z',
      'x-amzn-trace-id': 'Root=1',
      ...headers,
    },
    requestContext: { http: { method } },
    isBase64Encoded: false,
    ...rest,
  };
}
