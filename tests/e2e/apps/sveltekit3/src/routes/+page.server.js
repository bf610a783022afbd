/** Says what the server sees of the visitor, so that a test can compare. */
/** @type {import('./$types').PageServerLoad} */
export function load({ url, request, getClientAddress }) {
	return {
		renderedAt: new Date().toISOString(),
		origin: url.origin,
		query: url.search,
		clientAddress: getClientAddress(),
		host: request.headers.get('host'),
		headers: [...request.headers.keys()].sort()
	};
}
