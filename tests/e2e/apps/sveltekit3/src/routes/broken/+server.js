/** @type {import('./$types').RequestHandler} */
export const GET = () => {
	throw new Error('broken on purpose');
};
