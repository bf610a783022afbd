/** An HTTP server between the edge, which is the only one to reach it, and a package's `fetch`. */

import { createServer } from 'node:http';
import { IncomingRequest, clientAddress } from './request.mjs';
import { sendResponse } from './response.mjs';

/**
 * Connections are kept for longer than the edge keeps them, so that it never sends into a closing one. The edge has
 * limits of its own for slow and for large requests.
 */
const OPTIONS = { keepAliveTimeout: 65_000, requestTimeout: 0, headersTimeout: 0, maxHeaderSize: 64 * 1024 };

/**
 * @typedef {(request: Request, info: { clientAddress: string }) => Response | Promise<Response>} SiteFetch
 */

/**
 * A server that answers with what `fetch` says. What cannot be answered is a 500 with the reason on standard error.
 *
 * @param {SiteFetch} fetch
 * @returns {import('node:http').Server}
 */
export function createFunctionServer(fetch) {
  return createServer(OPTIONS, (incoming, outgoing) => {
    outgoing.sendDate = false; // the edge says it
    // The platform asks whether we still get to our work. The edge never passes on what has no path.
    if (incoming.url === '*') outgoing.writeHead(204).end();
    else answer(fetch, incoming, outgoing);
  });
}

/**
 * @param {SiteFetch} fetch
 * @param {import('node:http').IncomingMessage} incoming
 * @param {import('node:http').ServerResponse} outgoing
 */
async function answer(fetch, incoming, outgoing) {
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
 * @param {import('node:http').ServerResponse} outgoing
 * @param {number} status
 * @param {string} text
 */
function sendText(outgoing, status, text) {
  outgoing.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  outgoing.end(text);
}
