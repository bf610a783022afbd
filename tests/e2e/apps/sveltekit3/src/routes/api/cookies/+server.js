/** Sets three cookies, one with a comma in its date, and says which came in. */
/** @type {import('./$types').RequestHandler} */
export const GET = ({ cookies }) => {
	const seen = cookies.getAll().map(({ name, value }) => `${name}=${value}`);
	cookies.set('first', '1', { path: '/' });
	cookies.set('second', '2', { path: '/', expires: new Date('2100-01-01T00:00:00Z') });
	cookies.set('third', 'a b', { path: '/', httpOnly: false });
	return new Response(seen.sort().join('\n'));
};
