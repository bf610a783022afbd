/** Makes the Request that a site's code sees out of what the edge passes on. */

/** Nothing but the edge speaks to us, so what these headers say is the edge's word. */
const HOST = 'x-forwarded-host';
const PROTOCOL = 'x-forwarded-proto';
const ADDRESS = 'x-forwarded-for';

/**
 * Node's own, or what `event.mjs` makes of an event.
 *
 * @typedef {import('node:stream').Readable & {
 *   method?: string, url?: string, headers: import('node:http').IncomingHttpHeaders }} Incoming
 */

/** What a client asked for. */
export class IncomingRequest extends Request {
  /** @type {AbortController | undefined} */
  #leaving;
  #isAbandoned = false;

  /**
   * @param {Incoming} incoming
   * @throws {TypeError} for an address or a method that the web does not know
   */
  constructor(incoming) {
    const headers = /** @type {Record<string, string>} */ (incoming.headers);
    const { method = 'GET', url } = incoming;
    const host = headers[HOST] ?? headers.host ?? 'localhost';
    const protocol = headers[PROTOCOL] === 'https' ? 'https' : 'http';
    headers.host = host;
    /** @type {RequestInit & { duplex?: 'half' }} */
    const init = { method, headers };
    if (hasBody(method, headers)) {
      init.body = readBody(incoming);
      init.duplex = 'half';
    }
    super(`${protocol}://${host}${url}`, init);
  }

  /** Aborts when the client leaves. Made when it is first asked for, because few ask and it is not cheap. */
  get signal() {
    if (!this.#leaving) {
      this.#leaving = new AbortController();
      if (this.#isAbandoned) this.#leaving.abort();
    }
    return this.#leaving.signal;
  }

  /** The client has left. */
  abandon() {
    this.#isAbandoned = true;
    this.#leaving?.abort();
  }
}

/**
 * The address that the edge saw.
 *
 * @param {Incoming} incoming
 * @returns {string}
 */
export function clientAddress(incoming) {
  const value = incoming.headers[ADDRESS];
  return (typeof value === 'string' && value.split(',', 1)[0].trim()) || '127.0.0.1';
}

/**
 * @param {string} method
 * @param {Record<string, string>} headers
 */
function hasBody(method, headers) {
  if (method === 'GET' || method === 'HEAD') return false;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * Reads no more than is asked for. Who stops reading can still answer: what remains is read and dropped.
 *
 * @param {Incoming} incoming
 * @returns {ReadableStream<Uint8Array>}
 */
function readBody(incoming) {
  let isOver = false;
  /** @param {() => void} settle */
  const finish = (settle) => () => {
    if (!isOver) settle();
    isOver = true;
  };
  return new ReadableStream(
    {
      start(controller) {
        incoming.pause();
        incoming.on('data', (chunk) => {
          if (isOver) return;
          controller.enqueue(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
          incoming.pause();
        });
        incoming.on('end', finish(() => controller.close()));
        incoming.on('error', () => {}); // 'close' follows
        incoming.on('close', finish(() => controller.error(new Error('The client left before its request was complete.'))));
      },
      pull() {
        incoming.resume();
      },
      cancel() {
        isOver = true;
        incoming.resume();
      },
    },
    { highWaterMark: 0 },
  );
}
