/**
 * Which adapters ours stands in for. Never `@sveltejs/adapter-static`: who names that one wants plain files.
 */

/** Those that are this package, by its present and an earlier name. */
const OURS = ['@battleshiper/adapter-sveltekit', '@megakuul/adapter-battleshiper'];

/** Those for other hosts. */
const HOSTS = [
	'@sveltejs/adapter-auto',
	'@sveltejs/adapter-cloudflare',
	'@sveltejs/adapter-cloudflare-workers',
	'@sveltejs/adapter-netlify',
	'@sveltejs/adapter-node',
	'@sveltejs/adapter-vercel',
	'@deno/svelte-adapter',
	'@yarbsemaj/adapter-lambda',
	'amplify-adapter',
	'svelte-adapter-appengine',
	'svelte-adapter-azure-swa',
	'svelte-adapter-bun',
	'svelte-adapter-deno',
	'svelte-kit-sst',
	'sveltekit-adapter-aws'
];

const ALL = [...OURS, ...HOSTS];

/**
 * Tell which of the adapters an import asks for, by name or by the address of a file of its package.
 *
 * @param {string} specifier
 * @returns {{ name: string, isOurs: boolean } | null}
 */
export function recognise(specifier) {
	const name = ALL.find(
		(candidate) =>
			specifier === candidate ||
			(specifier.startsWith('file:') && specifier.replaceAll('%40', '@').includes(`/node_modules/${candidate}/`))
	);
	return name === undefined ? null : { name, isOurs: OURS[0] === name };
}
