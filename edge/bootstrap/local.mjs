/**
 * Runs a server function on one machine: `node local.mjs <package directory> <socket path>`.
 *
 * It speaks HTTP/1.1 on the unix socket until SIGTERM, then lets open requests end. What cannot be answered is a 500
 * with the reason on standard error.
 */

import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AbortSource, BadRequestError, clientAddress, makeRequest } from './request.mjs';
import { sendResponse } from './response.mjs';

/** Longer than the edge keeps connections, so that it never sends into a closing one. */
const KEEP_ALIVE_MS = 65_000;
const LAST_REQUESTS_MS = 10_000;

const [directory, socket] = process.argv.slice(2);
if (!directory || !socket) {
	console.error('Usage: node local.mjs <package directory> <socket path>');
	process.exit(2);
}

/** @type {{ fetch: (request: Request, info: { clientAddress: string }) => Promise<Response> }} */
const site = await import(pathToFileURL(resolve(directory, 'index.mjs')).href);
if (typeof site.fetch !== 'function') {
	console.error('The function package does not export `fetch`.');
	process.exit(1);
}

/**
 * @param {import('node:http').IncomingMessage} incoming
 * @param {import('node:http').ServerResponse} outgoing
 */
async function answer(incoming, outgoing) {
	const abort = new AbortSource();
	outgoing.once('close', () => {
		if (!outgoing.writableFinished) abort.abort();
	});
	try {
		const request = makeRequest(incoming, abort);
		const response = await site.fetch(request, { clientAddress: clientAddress(incoming) });
		await sendResponse(response, outgoing, incoming.method ?? 'GET');
	} catch (error) {
		giveUp(error, outgoing);
	}
}

/**
 * @param {unknown} error
 * @param {import('node:http').ServerResponse} outgoing
 */
function giveUp(error, outgoing) {
	const isTheirs = error instanceof BadRequestError;
	// A client that left makes errors of its own, which tell nobody anything.
	if (!isTheirs && !outgoing.destroyed) console.error(error);
	if (outgoing.headersSent) {
		// Only a broken connection can say that the answer is not whole.
		outgoing.destroy();
		return;
	}
	const status = isTheirs ? error.status : 500;
	outgoing.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
	outgoing.end(isTheirs ? error.message : 'Internal Error');
}

const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, answer);

process.once('SIGTERM', () => {
	server.close(() => process.exit(0));
	server.closeIdleConnections();
	setTimeout(() => process.exit(0), LAST_REQUESTS_MS).unref();
});

rmSync(socket, { force: true });
server.listen(socket);
