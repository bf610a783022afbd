import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const adapter = fileURLToPath(new URL('../../../build_runner/adapter/', import.meta.url));
let app = '';

before(() => {
	app = mkdtempSync(join(tmpdir(), 'register-'));
	for (const name of ['@sveltejs/adapter-static', '@sveltejs/adapter-vercel']) {
		const folder = join(app, 'node_modules', name);
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, type: 'module', main: 'index.js' }));
		writeFileSync(join(folder, 'index.js'), `export default () => ({ name: ${JSON.stringify(name)} });`);
	}
});
after(() => rmSync(app, { recursive: true }));

/** Run a module of the app as a build would, and return what it prints. */
function run(text, before = adapter) {
	const file = join(app, 'config.mjs');
	writeFileSync(file, text);
	return execFileSync(process.execPath, [`--import=${pathToFileURL(join(before, 'register.mjs'))}`, file], {
		encoding: 'utf8'
	}).trim();
}

test('an adapter that is not even installed is ours', () => {
	assert.equal(
		run(`import adapter from '@sveltejs/adapter-auto'; console.log(adapter().name);`),
		'@battleshiper/adapter-sveltekit'
	);
});

test('an installed adapter, imported by its file as Vite does it, is ours', () => {
	const file = pathToFileURL(join(app, 'node_modules/@sveltejs/adapter-vercel/index.js')).href;
	assert.equal(
		run(`import adapter from ${JSON.stringify(file)}; console.log(adapter({ runtime: 'edge' }).name);`),
		'@battleshiper/adapter-sveltekit'
	);
});

test('the static adapter stays what it is', () => {
	assert.equal(
		run(`import adapter from '@sveltejs/adapter-static'; console.log(adapter().name);`),
		'@sveltejs/adapter-static'
	);
});

test('other packages are found as ever, and missing ones are missed as ever', () => {
	assert.match(
		run(`import 'node:fs'; try { await import('nowhere'); } catch (error) { console.log(error.code); }`),
		/ERR_MODULE_NOT_FOUND/
	);
});

test('options reach our adapter only when the app names it', () => {
	const text = (name) => `import adapter from ${JSON.stringify(name)};
const asked = [];
const builder = {
	config: { paths: { base: '' } }, routes: [], log: { warn() {} },
	writeClient() {}, writePrerendered() {},
	generateFallback: () => asked.push('fallback'),
	getBuildDirectory() { throw new Error('server'); }
};
await adapter({ fallback: true, out: ${JSON.stringify(join(app, 'out'))} }).adapt(builder).catch((error) => asked.push(error.message));
console.log(asked.join());`;
	assert.equal(run(text('@battleshiper/adapter-sveltekit')), 'fallback');
	assert.equal(
		run(text('@sveltejs/adapter-cloudflare')),
		'Battleshiper: @battleshiper/adapter-sveltekit replaces @sveltejs/adapter-cloudflare.\nserver'
	);
});
