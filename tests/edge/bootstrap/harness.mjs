/** A function server on a unix socket, and a client that sees what goes over the wire. */

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request as send } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFunctionServer } from '../../../edge/bootstrap/server.mjs';

/** What the edge says about the way of every request. */
export const FROM_EDGE = {
  'x-forwarded-for': '203.0.113.9',
  'x-forwarded-host': 'shop.example.com',
  'x-forwarded-proto': 'https',
};

/**
 * Serve `fetch` for as long as test `t` runs.
 *
 * @param {import('node:test').TestContext} t
 * @param {import('../../../edge/bootstrap/answer.mjs').SiteFetch} fetch
 */
export async function serve(t, fetch) {
  const folder = await mkdtemp(join(tmpdir(), 'bootstrap-'));
  const socketPath = join(folder, 'socket');
  const server = createFunctionServer(fetch);
  server.listen(socketPath);
  await once(server, 'listening');
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });
  return new Client(socketPath);
}

class Client {
  /** @param {string} socketPath */
  constructor(socketPath) {
    this.socketPath = socketPath;
  }

  /** Send a request whose body the caller ends; resolves to Node's request. */
  open(path, { method = 'GET', headers = {}, ...rest } = {}) {
    return send({ socketPath: this.socketPath, path, method, headers: { ...FROM_EDGE, ...headers }, ...rest });
  }

  /** Ask and read the whole answer. */
  async ask(path, { body = '', ...options } = {}) {
    const request = this.open(path, options);
    request.end(body);
    const [response] = await once(request, 'response');
    const chunks = [];
    for await (const chunk of response) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    return { status: response.statusCode, headers: response.headers, raw: response.rawHeaders, bytes, text: `${bytes}` };
  }

  /** Send bytes as they are; resolves to all that comes back until the connection ends. */
  async raw(bytes) {
    const connection = connect(this.socketPath);
    connection.end(bytes);
    const chunks = [];
    for await (const chunk of connection) chunks.push(chunk);
    return `${Buffer.concat(chunks)}`;
  }
}
