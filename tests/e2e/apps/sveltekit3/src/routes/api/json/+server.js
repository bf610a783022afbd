import { json } from '@sveltejs/kit';

/** @type {import('./$types').RequestHandler} */
export const GET = ({ url }) => json({ method: 'GET', query: url.search, text: 'Größe 🚀' });

/** @type {import('./$types').RequestHandler} */
export const POST = async ({ request }) =>
	json({ method: 'POST', got: await request.json() }, { status: 201 });

/** @type {import('./$types').RequestHandler} */
export const PUT = async ({ request }) => json({ method: 'PUT', got: await request.text() });

/** @type {import('./$types').RequestHandler} */
export const DELETE = () => new Response(null, { status: 204 });
