/** Lambda's runtime API, where the runtime sends what a function answers, by HTTP to this machine
 * (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming). */

import { once } from 'node:events';
import { createServer } from 'node:http';

export const ERROR_TRAILER = 'Lambda-Runtime-Function-Error-Body';

export class RuntimeApi {
  #server = createServer((request, response) => this.#take(request, response));
  #listening;
  #expected = new Map();

  /**
   * @param {object} receive  how the next answer is taken: `onChunk` is called for each piece and may return a promise
   *   to be awaited before the next; `breakAfter` cuts the connection off after so many bytes
   * @returns where to send the answer, and a promise of what comes: bytes, type, whether it is whole, the error it ended with
   */
  async expect(receive) {
    if (!this.#listening) {
      // Whoever waits for an answer keeps the tests running, not who could take another.
      this.#server.on('connection', (socket) => socket.unref());
      this.#server.listen(0, '127.0.0.1').unref();
      this.#listening = once(this.#server, 'listening');
    }
    await this.#listening;
    const id = String(this.#expected.size);
    const received = new Promise((settle) => this.#expected.set(id, { receive, settle }));
    const { port } = this.#server.address();
    return { path: new URL(`http://127.0.0.1:${port}/${id}`), received };
  }

  async #take(request, response) {
    const { receive, settle } = this.#expected.get(request.url.slice(1));
    const chunks = [];
    let size = 0;
    try {
      for await (const chunk of request) {
        chunks.push(chunk);
        size += chunk.length;
        if (size > receive.breakAfter) request.socket.destroy();
        await receive.onChunk?.(chunk);
      }
    } catch {
      settle({ bytes: Buffer.concat(chunks), isWhole: false, error: { errorMessage: 'Runtime.TruncatedResponse' } });
      return;
    }
    response.writeHead(202).end();
    const error = request.trailers[ERROR_TRAILER.toLowerCase()];
    settle({
      bytes: Buffer.concat(chunks),
      type: request.headers['content-type'],
      isWhole: !error,
      error: error && JSON.parse(Buffer.from(error, 'base64')),
    });
  }
}
