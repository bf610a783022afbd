/** One request through a package's `fetch`, wherever it runs. */

import { IncomingRequest, clientAddress } from './request.mjs';
import { sendResponse } from './response.mjs';

/**
 * @typedef {(request: Request, info: { clientAddress: string }) => Response | Promise<Response>} SiteFetch
 */

/**
 * Answers with what `fetch` says. What cannot be answered is a 500 with the reason on standard error.
 *
 * @param {SiteFetch} fetch
 * @param {import('./request.mjs').Incoming} incoming
 * @param {import('./response.mjs').Outgoing} outgoing
 */
export async function answer(fetch, incoming, outgoing) {
  let request;
  try {
    request = new IncomingRequest(incoming);
  } catch {
    sendText(outgoing, 400, 'This request cannot be read.\n');
    return;
  }
  outgoing.once('close', () => outgoing.writableFinished || request.abandon());
  try {
    const response = await fetch(request, { clientAddress: clientAddress(incoming) });
    await sendResponse(response, outgoing, incoming.method);
  } catch (error) {
    // A client that left makes errors of its own, which tell nobody anything.
    if (!outgoing.destroyed) console.error(error);
    // Once an answer has begun, only a broken connection can say that it is not whole.
    if (outgoing.headersSent) outgoing.destroy();
    else sendText(outgoing, 500, 'Internal Server Error\n');
  }
}

/**
 * @param {import('./response.mjs').Outgoing} outgoing
 * @param {number} status
 * @param {string} text
 */
function sendText(outgoing, status, text) {
  outgoing.writeHead(status, ['content-type', 'text/plain; charset=utf-8', 'cache-control', 'no-store']);
  outgoing.end(text);
}
