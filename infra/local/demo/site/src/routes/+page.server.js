import { fail } from '@sveltejs/kit';

/** @type {import('./$types').PageServerLoad} */
export function load() {
	return { renderedAt: new Date().toISOString() };
}

/** @satisfies {import('./$types').Actions} */
export const actions = {
	greet: async ({ request }) => {
		const name = String((await request.formData()).get('name') ?? '').trim();
		if (!name) return fail(400, { missing: true });
		return { greeting: `Ahoy, ${name.slice(0, 40)}!` };
	}
};
