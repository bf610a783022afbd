/**
 * Sends a Response over HTTP, streaming its body.
 */

/**
 * @param {Response} response
 * @param {import('node:http').ServerResponse} outgoing
 * @param {string} method
 * @returns {Promise<void>} Settled when everything is sent or the client is gone; rejected when the body fails.
 */
export async function sendResponse(response, outgoing, method) {
	const headers = listHeaders(response.headers);
	const { body, status } = response;
	if (!body || method === 'HEAD' || status === 204 || status === 304) {
		outgoing.writeHead(status, headers).end();
		if (body) await body.cancel().catch(() => {});
		return;
	}
	const reader = body.getReader();
	const leave = () => reader.cancel().catch(() => {});
	outgoing.once('close', leave);
	try {
		await sendBody(reader, outgoing, status, headers);
	} finally {
		outgoing.off('close', leave);
	}
}

/**
 * @param {ReadableStreamDefaultReader<Uint8Array>} reader
 * @param {import('node:http').ServerResponse} outgoing
 * @param {number} status
 * @param {string[]} headers
 */
async function sendBody(reader, outgoing, status, headers) {
	let { done, value } = await reader.read();
	if (!done) {
		// Most bodies are one piece, which is cheaper to send when we know that it is all.
		const next = reader.read();
		const following = await Promise.race([next, turn()]);
		if (following?.done) {
			if (!knowsLength(headers)) headers.push('content-length', String(value?.byteLength));
			outgoing.writeHead(status, headers).end(value);
			return;
		}
		outgoing.writeHead(status, headers);
		await write(outgoing, value);
		({ done, value } = await next);
	} else {
		outgoing.writeHead(status, headers);
	}
	while (!done && !outgoing.destroyed) {
		await write(outgoing, value);
		({ done, value } = await reader.read());
	}
	outgoing.end();
}

/**
 * @param {import('node:http').ServerResponse} outgoing
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
function turn() {
	return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Names and values in turn, so that every Set-Cookie stays a header of its own.
 *
 * @param {Headers} headers
 * @returns {string[]}
 */
function listHeaders(headers) {
	const list = [];
	for (const [name, value] of headers) {
		if (name !== 'connection' && name !== 'transfer-encoding') list.push(name, value);
	}
	return list;
}

/** @param {string[]} headers */
function knowsLength(headers) {
	for (let at = 0; at < headers.length; at += 2) if (headers[at] === 'content-length') return true;
	return false;
}
