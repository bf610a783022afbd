/** @type {import('./$types').PageServerLoad} */
export function load() {
	return { late: new Promise((resolve) => setTimeout(() => resolve('the late part'), 200)) };
}
