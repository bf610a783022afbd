/** Every byte once. */
/** @type {import('./$types').RequestHandler} */
export const GET = () =>
	new Response(Uint8Array.from({ length: 256 }, (_, byte) => byte), {
		headers: { 'content-type': 'application/octet-stream' }
	});
