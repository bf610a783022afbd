/** Sends a Response over HTTP, streaming its body. */

/** What is between us and the edge, and so Node's to say (RFC 9110, section 7.6.1). */
const NOT_PASSED_ON = new Set(['connection', 'keep-alive', 'proxy-connection', 'trailer', 'transfer-encoding', 'upgrade']);

/** @typedef {import('node:http').ServerResponse | import('./outgoing.mjs').BufferedAnswer
 *   | import('./outgoing.mjs').StreamedAnswer} Outgoing */

/**
 * @param {Response} response
 * @param {Outgoing} outgoing
 * @param {string | undefined} method  of the request
 * @returns {Promise<void>} Settled when everything is sent or the client is gone; rejected when the body fails.
 */
export async function sendResponse(response, outgoing, method) {
  if (!(response instanceof Response)) throw new TypeError('The package returned no Response.');
  const { body, status } = response;
  if (!body || method === 'HEAD' || status === 204 || status === 304) {
    // Without a length, who is between us and the client may go on waiting for a body (RFC 9110, section 8.6).
    const isEmpty = method !== 'HEAD' && status !== 204 && status !== 304 && !response.headers.has('content-length');
    writeHead(response, outgoing, isEmpty ? 0 : undefined);
    outgoing.end();
    if (body) await body.cancel();
    return;
  }
  const reader = body.getReader();
  const leave = () => reader.cancel().catch(() => {});
  if (outgoing.destroyed) {
    leave();
    return;
  }
  outgoing.once('close', leave);
  try {
    await sendBody(response, reader, outgoing);
  } finally {
    outgoing.off('close', leave);
  }
}

/**
 * @param {Response} response
 * @param {ReadableStreamDefaultReader<Uint8Array>} reader
 * @param {Outgoing} outgoing
 */
async function sendBody(response, reader, outgoing) {
  const declared = response.headers.get('content-length');
  let { done, value } = await reader.read();
  if (!done && Number(declared ?? -1) === value?.byteLength) {
    // A page in one piece, which most are: one write for all of it.
    writeHead(response, outgoing);
    outgoing.end(value);
    return;
  }
  if (!done) {
    const next = reader.read();
    const following = await Promise.race([next, nextTurn()]);
    if (following?.done) {
      writeHead(response, outgoing, declared === null ? value?.byteLength : undefined);
      outgoing.end(value);
      return;
    }
    writeHead(response, outgoing);
    await write(outgoing, value);
    ({ done, value } = await next);
  } else {
    writeHead(response, outgoing);
  }
  while (!done && !outgoing.destroyed) {
    await write(outgoing, value);
    ({ done, value } = await reader.read());
  }
  outgoing.end();
}

/**
 * Names and values in turn, so that every Set-Cookie stays a header of its own.
 *
 * @param {Response} response
 * @param {Outgoing} outgoing
 * @param {number} [length]
 */
function writeHead(response, outgoing, length) {
  const headers = [];
  for (const [name, value] of response.headers) {
    if (!NOT_PASSED_ON.has(name)) headers.push(name, value);
  }
  if (length !== undefined) headers.push('content-length', String(length));
  outgoing.writeHead(response.status, headers);
}

/**
 * @param {Outgoing} outgoing
 * @param {Uint8Array | undefined} chunk
 */
async function write(outgoing, chunk) {
  if (outgoing.write(chunk) || outgoing.destroyed) return;
  await new Promise((resolve) => {
    const go = () => {
      outgoing.off('drain', go);
      outgoing.off('close', go);
      resolve(undefined);
    };
    outgoing.on('drain', go);
    outgoing.on('close', go);
  });
}

/** @returns {Promise<undefined>} */
function nextTurn() {
  return new Promise((resolve) => setImmediate(resolve));
}
