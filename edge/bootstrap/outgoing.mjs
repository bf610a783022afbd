/** Stand where Node's ServerResponse stands in a server, so that `response.mjs` sends into Lambda as it does over HTTP. */

import { EventEmitter, once } from 'node:events';
import { Writable } from 'node:stream';

/** Collects an answer. */
export class BufferedAnswer extends Writable {
  headersSent = false;
  #head = {};
  #chunks = [];

  /** @param {boolean} isPreview */
  constructor(isPreview) {
    super({ decodeStrings: true });
    this.isPreview = isPreview;
  }

  /** @param {number} status @param {string[]} headers  names and values in turn */
  writeHead(status, headers) {
    this.headersSent = true;
    this.#head = preludeOf(status, headers, this.isPreview);
    return this;
  }

  _write(chunk, _encoding, done) {
    this.#chunks.push(chunk);
    done();
  }

  /** A Lambda proxy response; rejected when the answer broke off. */
  async result() {
    if (this.destroyed && !this.writableFinished) throw new Error("The site's answer broke off.");
    if (!this.writableFinished) await once(this, 'finish');
    const body = Buffer.concat(this.#chunks);
    return body.length ? { ...this.#head, body: body.toString('base64'), isBase64Encoded: true } : this.#head;
  }
}

/** Sends an answer into Lambda's response stream as it is made. */
export class StreamedAnswer extends EventEmitter {
  headersSent = false;
  writableFinished = false;
  destroyed = false;
  /** @type {Writable} */
  #stream;
  #hasWritten = false;
  #open;
  #isPreview;

  /**
   * @param {(prelude: object) => Writable} open
   * @param {boolean} isPreview
   */
  constructor(open, isPreview) {
    super();
    this.#open = open;
    this.#isPreview = isPreview;
    /** Settled when Lambda has taken everything or takes no more; rejected when the site's answer broke off. */
    this.ended = new Promise((resolve, reject) => {
      this.once('failure', reject);
      this.once('close', resolve);
    });
    this.ended.catch(() => {}); // who wants to know asks later
  }

  /** @param {number} status @param {string[]} headers  names and values in turn */
  writeHead(status, headers) {
    this.headersSent = true;
    this.#stream = this.#open(preludeOf(status, headers, this.#isPreview));
    this.#stream.on('drain', () => this.emit('drain'));
    this.#stream.once('finish', () => {
      this.writableFinished = true;
      this.emit('close');
    });
    // The runtime hears of it as well, and tells.
    this.#stream.once('error', () => {
      this.destroyed = true;
      this.emit('close');
    });
    return this;
  }

  write(chunk) {
    // The runtime would send anything else as JSON.
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) throw new TypeError('A body is made of bytes.');
    this.#hasWritten = true;
    return this.#stream.write(chunk);
  }

  end(chunk) {
    if (this.destroyed) return;
    // Lambda sends status and headers with the first write, and a stream that ends without one has none.
    if (chunk !== undefined || !this.#hasWritten) this.write(chunk ?? '');
    this.#stream.end();
  }

  /**
   * The invocation fails, and everybody sees that the answer is not whole. It is for the runtime to end its stream: who
   * destroys it ends the process, because nobody waits for the promise that is rejected then.
   */
  destroy() {
    this.destroyed = true;
    this.emit('failure', new Error("The site's answer broke off."));
    this.emit('close');
  }
}

/**
 * @param {number} statusCode
 * @param {string[]} fields
 * @param {boolean} isPreview
 */
function preludeOf(statusCode, fields, isPreview) {
  /** @type {Record<string, string>} */
  const headers = {};
  const cookies = [];
  for (let at = 0; at < fields.length; at += 2) {
    if (fields[at] === 'set-cookie') cookies.push(fields[at + 1]);
    else headers[fields[at]] = fields[at + 1];
  }
  if (isPreview) headers['x-robots-tag'] = 'noindex';
  return cookies.length ? { statusCode, headers, cookies } : { statusCode, headers };
}
