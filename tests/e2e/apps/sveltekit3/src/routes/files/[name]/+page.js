/** @type {import('./$types').PageLoad} */
export const load = ({ params }) => ({ name: params.name });
