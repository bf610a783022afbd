/**
 * Puts the server and every package it uses into a few files, so that it runs without `node_modules`.
 *
 * The app's own Vite does it (5 to 8): it is there, and it reads the app's packages as the app's build did.
 */

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * @param {object} options
 * @param {Record<string, string>} options.entries Files by the name of the bundle to make of each.
 * @param {string} options.target The folder to fill.
 * @param {(text: string) => void} options.log
 * @returns {Promise<void>}
 */
export async function bundle({ entries, target, log }) {
	const vite = await loadVite(process.cwd());
	const output = { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js', format: 'es' };
	try {
		await vite.build({
			root: process.cwd(),
			configFile: false,
			envFile: false,
			envDir: false,
			logLevel: 'warn',
			customLogger: quietLogger(vite, log),
			publicDir: false,
			plugins: [watchForBinaries(log)],
			ssr: { noExternal: true, target: 'node' },
			build: {
				ssr: true,
				outDir: target,
				emptyOutDir: true,
				target: 'node20',
				minify: false,
				reportCompressedSize: false,
				rollupOptions: { input: entries, output, preserveEntrySignatures: 'strict' }
			}
		});
	} catch (error) {
		throw new Error(`The server could not be bundled: ${explain(error)}`, { cause: error });
	}
}

/**
 * @param {string} folder The app's.
 * @returns {Promise<any>}
 */
async function loadVite(folder) {
	const require = createRequire(join(folder, 'package.json'));
	let manifest;
	try {
		manifest = require.resolve('vite/package.json');
	} catch (error) {
		throw new Error('Vite is not among the packages of the app: add `vite` to its devDependencies.', { cause: error });
	}
	return import(pathToFileURL(join(dirname(manifest), 'dist', 'node', 'index.js')).href);
}

/**
 * Vite warns about everything that its own reports would say; only what a person can act on is passed on.
 *
 * @param {any} vite
 * @param {(text: string) => void} log
 */
function quietLogger(vite, log) {
	const logger = vite.createLogger('warn');
	logger.warn = (/** @type {string} */ text) => {
		if (/could not be resolved|unresolved/i.test(text)) log(text);
	};
	logger.warnOnce = logger.warn;
	return logger;
}

/**
 * A package's compiled parts cannot be put into a bundle: say which package it is. A part that the bundle names is
 * an error; where a package only looks for one as it runs, it may do without.
 *
 * @param {(text: string) => void} log
 */
function watchForBinaries(log) {
	return {
		name: 'battleshiper:watch-for-binaries',
		enforce: 'pre',
		/** @param {string} id */
		load(id) {
			const file = id.split('?')[0];
			if (!file.endsWith('.node') || !existsSync(file)) return null;
			throw new Error(
				`${packageOf(file)?.name} has a compiled part (${basename(file)}), which server functions cannot carry. ` +
					'Use a package that is plain JavaScript or WebAssembly, or load it while prerendering only.'
			);
		},
		/** @this {{ getModuleIds(): Iterable<string> }} */
		buildEnd() {
			const found = new Map([...this.getModuleIds()].map(packageOf).map((found) => [found?.name, found]));
			for (const [name, info] of found) {
				if (info && looksForBinaries(info.folder)) {
					log(`${name} may need a compiled part that server functions cannot carry: try the page that uses it.`);
				}
			}
		}
	};
}

/**
 * @param {string} folder A package's.
 * @returns {boolean}
 */
function looksForBinaries(folder) {
	const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
	if (manifest.gypfile || LOADERS.some((loader) => manifest.dependencies?.[loader])) return true;
	const require = createRequire(join(folder, 'package.json'));
	return Object.keys(manifest.optionalDependencies ?? {}).some((name) => {
		for (const place of require.resolve.paths(name) ?? []) {
			const file = join(place, name, 'package.json');
			if (existsSync(file)) return /"[^"]+\.node"/.test(readFileSync(file, 'utf8'));
		}
		return false;
	});
}

/** What packages with compiled parts find them with. */
const LOADERS = ['@mapbox/node-pre-gyp', 'bindings', 'node-gyp-build', 'node-pre-gyp', 'prebuild-install'];

/**
 * @param {string} file
 * @returns {{ name: string, folder: string } | null}
 */
function packageOf(file) {
	const start = file.lastIndexOf(MODULES);
	if (start < 0 || file.includes('\0')) return null;
	const parts = file.slice(start + MODULES.length).split('/');
	const name = parts.slice(0, parts[0].startsWith('@') ? 2 : 1).join('/');
	const folder = file.slice(0, start + MODULES.length) + name;
	return existsSync(join(folder, 'package.json')) ? { name, folder } : null;
}

const MODULES = '/node_modules/';

/** @param {any} error */
function explain(error) {
	const text = String(error?.message ?? error).split('\n').filter(Boolean).slice(0, 4).join('\n');
	return error?.id && !text.includes(error.id) ? `${text} (in ${error.id})` : text;
}
