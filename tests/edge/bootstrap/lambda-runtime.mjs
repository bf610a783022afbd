/** Lambda's Node runtime and the way to it, as far as the handler sees them. */

import { Writable } from 'node:stream';
import { createHandler } from '../../../edge/bootstrap/handler.mjs';

const PRELUDE_END = Buffer.alloc(8);

/** The global `awslambda`: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client, src/HttpResponseStream.js */
export const runtime = {
  HttpResponseStream: {
    from(stream, prelude) {
      stream.setContentType('application/vnd.awslambda.http-integration-response');
      stream.beforeFirstWrite = () => [Buffer.from(JSON.stringify(prelude)), PRELUDE_END];
      return stream;
    },
  },
  streamifyResponse: (handler) => async (event) => {
    const stream = new FakeStream();
    const failed = new Promise((_, reject) => stream.on('error', reject));
    await Promise.race([handler(event, stream), failed]);
    return stream;
  },
};

class FakeStream extends Writable {
  contentType = 'application/octet-stream';
  chunks = [];

  setContentType(type) {
    this.contentType = type;
  }

  write(...given) {
    const before = this.beforeFirstWrite?.() ?? [];
    this.beforeFirstWrite = undefined;
    for (const chunk of before) super.write(chunk);
    return super.write(...given);
  }

  _write(chunk, _encoding, done) {
    this.chunks.push(chunk);
    setImmediate(done);
  }
}

/** Ask through the function's URL; resolves to what the client gets. */
export async function askStreamed(fetch, event) {
  const stream = await createHandler(Promise.resolve(fetch), runtime)(event);
  const bytes = Buffer.concat(stream.chunks);
  const end = bytes.indexOf(PRELUDE_END);
  return { ...JSON.parse(bytes.subarray(0, end)), bytes: bytes.subarray(end + 8), type: stream.contentType };
}

/** Ask as the router does. */
export async function askBuffered(fetch, event, withRuntime = runtime) {
  const said = await createHandler(Promise.resolve(fetch), withRuntime)({ ...event, buffered: true });
  const answer = withRuntime ? JSON.parse(Buffer.concat(said.chunks)) : said;
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
