/**
 * What differs between SvelteKit 2 and 3, and the small programs that start an app on either.
 */

import { existsSync, writeFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';

/**
 * The app's settings: SvelteKit 3 has them at the top, SvelteKit 2 below `kit`.
 *
 * @param {any} builder
 * @returns {{ paths: { base: string } }}
 */
export function settingsOf(builder) {
	return builder.config.paths ? builder.config : builder.config.kit;
}

/**
 * Tell which routes answer requests by code of their own that only a server can run.
 *
 * @param {any} builder
 * @returns {string[]}
 */
export function findDynamicEndpoints(builder) {
	return builder.routes
		.filter((/** @type {any} */ route) => route.prerender !== true)
		.filter((/** @type {any} */ route) => route.api?.methods.length || route.page?.methods.includes('POST'))
		.map((/** @type {any} */ route) => route.id);
}

/**
 * Tell which routes the server answers, as visitors see them: groups, such as `(app)`, are in no address.
 *
 * @param {any} builder
 * @returns {string[]}
 */
export function findServerRoutes(builder) {
	const routes = (builder.routes ?? []).filter((/** @type {any} */ route) => route.prerender !== true);
	const ids = routes.map((/** @type {any} */ route) => route.id.replaceAll(/\/\([^/)]+\)(?=\/|$)/g, '') || '/');
	return [...new Set(ids)];
}

/**
 * Write the programs to bundle, and return them by name: `server` exports the app's server; `environment` and
 * `instrumentation`, where the app has instrumentation, must run before it, in this order.
 *
 * @param {any} builder
 * @param {string} folder
 * @returns {Record<string, string>}
 */
export function writeSources(builder, folder) {
	const serverDirectory = resolve(builder.getServerDirectory());
	/** @type {Record<string, string>} */
	const entries = {};
	if (builder.hasServerInstrumentationFile?.()) {
		if (builder.createInstrumentationInitializer) {
			entries.environment = resolve(builder.createInstrumentationInitializer({ outputDirectory: folder }));
		}
		entries.instrumentation = `${serverDirectory}/instrumentation.server.js`;
	}
	entries.server = resolve(folder, 'server.js');
	if (builder.generateServerInstance) {
		builder.generateServerInstance(entries.server);
	} else {
		const path = toSpecifier(relative(resolve(folder), serverDirectory));
		const manifest = builder.generateManifest({ relativePath: path });
		writeFileSync(
			entries.server,
			`import { Server } from ${JSON.stringify(`${path}/index.js`)};\nexport const server = new Server(${manifest});\n`
		);
	}
	for (const [name, file] of Object.entries(entries)) {
		if (!existsSync(file)) throw new Error(`SvelteKit did not write the ${name} of the app to ${file}.`);
	}
	return entries;
}

/**
 * Return the text of the function's entry.
 *
 * @param {string[]} entries The names of what was bundled, in the order to run them.
 * @returns {string}
 */
export function writeEntry(entries) {
	const first = entries.filter((name) => name !== 'server').map((name) => `await import('./app/${name}.js');\n`);
	return `import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

// CommonJS packages know where they are; in a bundle that is here.
globalThis.__filename ??= fileURLToPath(import.meta.url);
globalThis.__dirname ??= fileURLToPath(new URL('.', import.meta.url));

${first.join('')}const { server } = await import('./app/server.js');

await server.init({
	env: process.env,
	read: (file) => Readable.toWeb(createReadStream(new URL(\`assets/\${file}\`, import.meta.url)))
});

/**
 * @param {Request} request
 * @param {{ clientAddress: string }} info
 * @returns {Promise<Response>}
 */
export function fetch(request, info) {
	return server.respond(request, { getClientAddress: () => info.clientAddress });
}
`;
}

/** @param {string} path */
function toSpecifier(path) {
	const forward = path.split(sep).join('/');
	return forward.startsWith('.') ? forward : `./${forward}`;
}
