/** Says which Node runs the server. */
/** @type {import('./$types').RequestHandler} */
export const GET = () => new Response(process.versions.node);
