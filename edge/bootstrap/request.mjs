/**
 * Makes the Request that a site's code sees out of what the edge passes on.
 */

/** Nothing but the edge speaks to us, so what these headers say is the edge's word. */
const HOST = 'x-forwarded-host';
const PROTOCOL = 'x-forwarded-proto';
const ADDRESS = 'x-forwarded-for';
const AUTHORIZATION = 'x-battleshiper-authorization';
const INTERNAL = 'x-battleshiper-';

/** A request that cannot be shown to the site; `status` is the answer. */
export class BadRequestError extends Error {
	/**
	 * @param {number} status
	 * @param {string} message
	 */
	constructor(status, message) {
		super(message);
		this.status = status;
	}
}

/**
 * @param {import('node:http').IncomingMessage} incoming
 * @param {AbortSource} abort Ends the request's signal.
 * @returns {Request}
 */
export function makeRequest(incoming, abort) {
	const { method = 'GET', url = '' } = incoming;
	if (url[0] !== '/') throw new BadRequestError(400, 'Bad Request');
	const headers = /** @type {Record<string, string>} */ (incoming.headers);
	const host = headers[HOST] ?? headers.host ?? 'localhost';
	const protocol = headers[PROTOCOL] === 'https' ? 'https' : 'http';
	headers.host = host;
	setAside(headers);
	const hasBody = method !== 'GET' && method !== 'HEAD' && carriesBody(headers);
	let request;
	try {
		request = new Request(`${protocol}://${host}${url}`, {
			method,
			headers,
			body: hasBody ? streamBody(incoming) : null,
			// @ts-expect-error  the DOM's types do not know what Node asks of a streamed body
			duplex: 'half'
		});
	} catch {
		throw new BadRequestError(method === 'TRACE' || method === 'CONNECT' ? 405 : 400, 'Bad Request');
	}
	// Few look at the signal, and making one for each request costs more than all the rest of this.
	Object.defineProperty(request, 'signal', { get: abort.signal, configurable: true });
	return request;
}

/**
 * The address that the edge saw.
 *
 * @param {import('node:http').IncomingMessage} incoming
 * @returns {string}
 */
export function clientAddress(incoming) {
	const value = incoming.headers[ADDRESS];
	return (typeof value === 'string' && value.split(',', 1)[0].trim()) || '127.0.0.1';
}

/** A signal that is made when somebody asks for it. */
export class AbortSource {
	/** @type {AbortController | undefined} */
	#controller;
	#isOver = false;

	signal = () => {
		this.#controller ??= new AbortController();
		if (this.#isOver) this.#controller.abort();
		return this.#controller.signal;
	};

	abort() {
		this.#isOver = true;
		this.#controller?.abort();
	}
}

/**
 * Headers between us and the edge end here; the one that the edge had to lay aside comes back.
 *
 * @param {Record<string, string>} headers
 */
function setAside(headers) {
	if (headers[AUTHORIZATION] !== undefined) headers.authorization = headers[AUTHORIZATION];
	for (const name in headers) {
		if (name[0] === 'x' && name.startsWith(INTERNAL)) delete headers[name];
	}
}

/** @param {Record<string, string>} headers */
function carriesBody(headers) {
	return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * @param {import('node:http').IncomingMessage} incoming
 * @returns {ReadableStream<Uint8Array>}
 */
function streamBody(incoming) {
	let isOver = false;
	return new ReadableStream({
		start(controller) {
			incoming.pause();
			incoming.on('data', (chunk) => {
				if (isOver) return;
				controller.enqueue(chunk);
				if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
			});
			incoming.on('end', () => {
				if (!isOver) controller.close();
				isOver = true;
			});
			incoming.on('error', (error) => {
				if (!isOver) controller.error(error);
				isOver = true;
			});
		},
		pull() {
			incoming.resume();
		},
		cancel() {
			// The rest is read and dropped, so that an answer can still be sent.
			isOver = true;
			incoming.resume();
		}
	});
}
