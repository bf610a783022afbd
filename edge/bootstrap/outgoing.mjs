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
    /** Settled when Lambda has taken everything; rejected when the answer broke off. */
    this.ended = new Promise((resolve, reject) => {
      this.once('finish', resolve);
      this.once('failure', reject);
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
      this.emit('finish');
      this.emit('close');
    });
    this.#stream.once('error', (error) => {
      this.destroyed = true;
      this.emit('close');
      this.emit('failure', error);
    });
    return this;
  }

  write(chunk) {
    this.#hasWritten = true;
    return this.#stream.write(chunk);
  }

  end(chunk) {
    // Lambda sends status and headers with the first write, and a stream that ends without one has none.
    if (chunk !== undefined || !this.#hasWritten) this.write(chunk ?? '');
    this.#stream.end();
  }

  /** Lambda then breaks the connection, and everybody sees that the answer is not whole. */
  destroy() {
    this.#stream.destroy(new Error("The site's answer broke off."));
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
