/**
 * A Lambda handler around a package's `fetch`.
 *
 * GET and HEAD come from CloudFront through the function's URL, and their answers are streamed. What has a body comes
 * from the router (`edge/router/`), which marks its events with `buffered`, as no client can: it gets the answer as a
 * Lambda proxy response. Both send events of payload format 2.0
 * (https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads).
 */

import { answer } from './answer.mjs';
import { BufferedAnswer, StreamedAnswer } from './outgoing.mjs';
import { incomingOf } from './event.mjs';

/**
 * @typedef {import('./event.mjs').FunctionEvent} FunctionEvent
 * @typedef {import('node:stream').Writable & { setContentType(type: string): void }} ResponseStream
 * @typedef {object} Runtime  what Lambda's own Node runtimes have as the global `awslambda`
 * @property {(handler: (event: FunctionEvent, stream: ResponseStream) => Promise<void>) => unknown} streamifyResponse
 * @property {{ from(stream: ResponseStream, prelude: object): import('node:stream').Writable }} HttpResponseStream
 */

/**
 * @param {Promise<import('./answer.mjs').SiteFetch>} loading
 * @param {Runtime | undefined} runtime  without it, every answer is buffered
 */
export function createHandler(loading, runtime) {
  if (!runtime) return async (/** @type {FunctionEvent} */ event) => buffered(await loading, event);
  return runtime.streamifyResponse(async (event, stream) => {
    const fetch = await loading;
    if (event.buffered || !event.requestContext) {
      stream.setContentType('application/json');
      stream.end(JSON.stringify(await buffered(fetch, event)));
    } else {
      const outgoing = new StreamedAnswer((prelude) => runtime.HttpResponseStream.from(stream, prelude), isPreview(event));
      await answer(fetch, incomingOf(event), outgoing);
      await outgoing.ended;
    }
  });
}

/**
 * @param {import('./answer.mjs').SiteFetch} fetch
 * @param {FunctionEvent} event
 */
async function buffered(fetch, event) {
  // The platform asks whether the package has loaded. Clients' events always say where they come from.
  if (!event.requestContext) return { statusCode: 204 };
  const outgoing = new BufferedAnswer(isPreview(event));
  await answer(fetch, incomingOf(event), outgoing);
  return outgoing.result();
}

/** @param {FunctionEvent} event */
function isPreview(event) {
  return event.headers['x-battleshiper-robots'] !== undefined;
}
