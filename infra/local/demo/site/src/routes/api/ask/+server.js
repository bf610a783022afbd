import { json } from '@sveltejs/kit';

/** @type {import('./$types').RequestHandler} */
export function GET() {
	return json({ node: process.versions.node, now: new Date().toISOString() });
}
