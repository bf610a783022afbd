/** An HTTP server between the edge, which is the only one to reach it, and a package's `fetch`. */

import { createServer } from 'node:http';
import { answer } from './answer.mjs';

/**
 * Connections are kept for longer than the edge keeps them, so that it never sends into a closing one. The edge has
 * limits of its own for slow and for large requests.
 */
const OPTIONS = { keepAliveTimeout: 65_000, requestTimeout: 0, headersTimeout: 0, maxHeaderSize: 64 * 1024 };

/**
 * @param {import('./answer.mjs').SiteFetch} fetch
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
