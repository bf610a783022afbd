/** An HTTP server between the edge, which is the only one to reach it, and a package's `fetch`. */

import { createServer } from 'node:http';

import { IncomingRequest } from './request.mjs';
import { sendResponse } from './response.mjs';

// The edge keeps connections for less time than this, so it never finds one being closed. It has time limits of its
// own for slow clients.
const OPTIONS = { keepAliveTimeout: 65_000, requestTimeout: 0, headersTimeout: 0, maxHeaderSize: 64 * 1024 };

/**
 * @param {(request: Request, info: { clientAddress: string }) => Response | Promise<Response>} fetch
 * @returns {import('node:http').Server}
 */
export function createFunctionServer(fetch) {
  return createServer(OPTIONS, (incoming, outgoing) => {
    // No path at all: the platform asks whether we still react. The edge never passes this on.
    if (incoming.url === '*') sendPlain(outgoing, 204, '');
    else answer(fetch, incoming, outgoing);
  });
}

async function answer(fetch, incoming, outgoing) {
  let request;
  try {
    request = new IncomingRequest(incoming);
  } catch {
    sendPlain(outgoing, 400, 'This request cannot be read.\n');
    return;
  }
  outgoing.once('close', () => outgoing.writableFinished || request.abandon());
  try {
    const response = await fetch(request, { clientAddress: incoming.headers['x-forwarded-for'] ?? '' });
    await sendResponse(response, incoming.method, outgoing);
  } catch (error) {
    if (!outgoing.destroyed) console.error(error);
    // Once an answer has begun, only a broken connection can say that it is not whole.
    if (outgoing.headersSent) outgoing.destroy();
    else sendPlain(outgoing, 500, 'Internal Server Error\n');
  }
}

function sendPlain(outgoing, status, text) {
  outgoing.writeHead(status, text ? ['content-type', 'text/plain; charset=utf-8', 'cache-control', 'no-store'] : []);
  outgoing.end(text);
}
