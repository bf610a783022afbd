/**
 * Stands in for the builder that SvelteKit hands to adapters: it writes small files and remembers what was asked.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export class FakeBuilder {
	/**
	 * @param {string} folder Where the app's build lies.
	 * @param {{ kit: 2 | 3, base?: string, routes?: object[], instrumentation?: boolean }} app
	 */
	constructor(folder, { kit, base = '', routes = [], instrumentation = false }) {
		this.folder = folder;
		this.routes = routes;
		this.instrumentation = instrumentation;
		this.calls = [];
		const settings = { paths: { base } };
		this.config = kit === 2 ? { kit: settings } : settings;
		this.log = { warn: (text) => this.calls.push(`warn ${text}`) };
		if (kit === 2) {
			this.generateManifest = ({ relativePath }) => `{ kit: 2, from: ${JSON.stringify(relativePath)} }`;
		} else {
			this.generateServerInstance = (file) => this.#write(file, 'export const server = "three";');
			this.createInstrumentationInitializer = ({ outputDirectory }) =>
				this.#write(`${outputDirectory}/init.js`, '// environment');
		}
		this.#write(`${this.getServerDirectory()}/index.js`, 'export class Server {}');
		if (instrumentation) this.#write(`${this.getServerDirectory()}/instrumentation.server.js`, '');
	}

	getServerDirectory() {
		return `${this.folder}/kit/output/server`;
	}

	getBuildDirectory(name) {
		return `${this.folder}/kit/${name}`;
	}

	hasServerInstrumentationFile() {
		return this.instrumentation;
	}

	writeClient(folder) {
		this.#write(`${folder}/_app/start.js`, '');
	}

	writePrerendered(folder) {
		this.#write(`${folder}/about.html`, 'about');
	}

	async generateFallback(file) {
		this.#write(file, 'fallback');
	}

	#write(file, text) {
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, text);
		return file;
	}
}
