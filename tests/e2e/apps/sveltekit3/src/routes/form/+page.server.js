import { fail, redirect } from '@sveltejs/kit';

/** @satisfies {import('./$types').Actions} */
export const actions = {
	greet: async ({ request }) => {
		const name = String((await request.formData()).get('name') ?? '');
		if (!name) return fail(400, { missing: true });
		return { name };
	},
	leave: () => redirect(303, '/')
};
