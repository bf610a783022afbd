/**
 * Runs a function package behind HTTP on a unix socket: `node local.mjs <package folder> [socket path]`.
 *
 * Without a path, standard input is a socket that the caller has bound and nobody listens at yet, so that whoever can
 * connect knows that the package has loaded. A package that cannot be loaded ends the program with status 1. SIGTERM
 * lets open requests end first.
 */

import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { takeEnvironment } from './environment.mjs';
import { createFunctionServer } from './server.mjs';

const LAST_REQUESTS_MS = 10_000;
const STANDARD_INPUT = 0;

const [folder, socket] = process.argv.slice(2);
if (!folder) {
  console.error('Usage: node local.mjs <package folder> [socket path]');
  process.exit(2);
}

takeEnvironment(resolve(folder));
const { fetch } = await import(pathToFileURL(resolve(folder, 'index.mjs')).href);
if (typeof fetch !== 'function') {
  console.error('The index.mjs of this package does not export a function `fetch`.');
  process.exit(1);
}

const server = createFunctionServer(fetch);
process.once('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), LAST_REQUESTS_MS).unref();
});
if (socket) {
  rmSync(socket, { force: true });
  server.listen(socket);
} else {
  server.listen({ fd: STANDARD_INPUT });
}
