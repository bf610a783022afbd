/**
 * The SvelteKit adapter of Battleshiper, for SvelteKit 2 and 3.
 *
 * It leaves `client/`, `prerendered/` and `server/` in `$BATTLESHIPER_OUTPUT_DIR`, or in `.battleshiper-output`
 * where that is not set. `server/index.mjs` exports `fetch(request, info)` and needs no `node_modules`. `routes.json`
 * lists what the server answers.
 */

import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { bundle } from './bundle.js';
import { findDynamicEndpoints, findServerRoutes, settingsOf, writeEntry, writeSources } from './kit.js';

export const NAME = '@battleshiper/adapter-sveltekit';
const DEFAULT_OUTPUT = '.battleshiper-output';

/**
 * @typedef {object} Options
 * @property {string} [out] Where to leave the output; the environment variable goes before it.
 * @property {boolean} [fallback] Make a single-page app: no server function, and `200.html` answers every path that
 *   is no file. Fails when the app has endpoints that are not prerendered.
 */

/**
 * @param {Options} [options]
 * @returns {import('@sveltejs/kit').Adapter}
 */
export default function adapter(options = {}) {
	return create(options, null);
}

/**
 * @param {Options} options
 * @param {string | null} insteadOf The adapter that the app names, where this one stands in for another.
 * @returns {import('@sveltejs/kit').Adapter}
 */
export function create(options, insteadOf) {
	return {
		name: NAME,
		supports: {
			read: () => true,
			instrumentation: () => true
		},
		async adapt(builder) {
			if (insteadOf) console.log(`Battleshiper: ${NAME} replaces ${insteadOf}.`);
			const out = resolve(process.env.BATTLESHIPER_OUTPUT_DIR || options.out || DEFAULT_OUTPUT);
			for (const folder of ['client', 'prerendered', 'server']) {
				rmSync(`${out}/${folder}`, { force: true, recursive: true });
			}
			const { base } = settingsOf(builder).paths;
			builder.writeClient(`${out}/client${base}`);
			builder.writePrerendered(`${out}/prerendered${base}`);
			const routes = options.fallback ? [] : findServerRoutes(builder);
			mkdirSync(out, { recursive: true });
			writeFileSync(`${out}/routes.json`, `${JSON.stringify(routes)}\n`);
			await (options.fallback ? writeFallback(builder, `${out}/client`) : writeServer(builder, `${out}/server`));
		}
	};
}

/**
 * @param {import('@sveltejs/kit').Builder} builder
 * @param {string} client
 */
async function writeFallback(builder, client) {
	const endpoints = findDynamicEndpoints(builder);
	if (endpoints.length > 0) {
		throw new Error(
			`With \`fallback\` there is no server, but these routes need one: ${endpoints.join(', ')}. ` +
				'Set `export const prerender = true` in them, or remove `fallback` from the adapter.'
		);
	}
	await builder.generateEnvModule?.();
	builder.writePrerendered(`${client}${settingsOf(builder).paths.base}`);
	await builder.generateFallback(`${client}/200.html`);
}

/**
 * @param {import('@sveltejs/kit').Builder} builder
 * @param {string} server
 */
async function writeServer(builder, server) {
	const sources = builder.getBuildDirectory('battleshiper');
	rmSync(sources, { force: true, recursive: true });
	mkdirSync(sources, { recursive: true });
	const entries = writeSources(builder, sources);
	await bundle({ entries, target: `${server}/app`, log: (text) => builder.log.warn(text) });
	for (const asset of builder.findServerAssets?.(builder.routes) ?? []) {
		const source = `${builder.getServerDirectory()}/${asset}`;
		if (existsSync(source)) builder.copy(source, `${server}/assets/${asset}`);
	}
	writeFileSync(`${server}/index.mjs`, writeEntry(Object.keys(entries)));
	// The package stands alone: nothing above it tells Node that its files are modules, or which Node made them.
	writeFileSync(`${server}/package.json`, '{ "type": "module" }\n');
	writeFileSync(`${server}/node-version`, `${process.versions.node}\n`);
}
