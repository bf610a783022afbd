/** @type {import('./$types').RequestHandler} */
export const POST = async ({ request }) =>
	new Response(await request.arrayBuffer(), {
		headers: { 'content-type': request.headers.get('content-type') ?? 'application/octet-stream' }
	});
