import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import adapter from '../../../build_runner/adapter/index.js';
import { findDynamicEndpoints, findServerRoutes, settingsOf, writeEntry, writeSources } from '../../../build_runner/adapter/kit.js';
import { FakeBuilder } from './fake_builder.mjs';

let folder = '';

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'kit-'));
	mkdirSync(join(folder, 'sources'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('settings are found where each SvelteKit has them', () => {
	for (const kit of [2, 3]) {
		assert.equal(settingsOf(new FakeBuilder(folder, { kit, base: '/docs' })).paths.base, '/docs');
	}
});

test('what the server answers is listed as visitors see it', () => {
	const routes = [
		{ id: '/(app)/(inner)/blog/[slug]', prerender: false },
		{ id: '/(app)', prerender: 'auto' },
		{ id: '/', prerender: false },
		{ id: '/about', prerender: true },
		{ id: '/a(b)c/x', prerender: false }
	];
	const builder = new FakeBuilder(folder, { kit: 2, routes });
	assert.deepEqual(findServerRoutes(builder), ['/blog/[slug]', '/', '/a(b)c/x']);
});

test('SvelteKit 2 gets a server made of its manifest', () => {
	const entries = writeSources(new FakeBuilder(folder, { kit: 2 }), join(folder, 'sources'));
	assert.deepEqual(Object.keys(entries), ['server']);
	const text = readFileSync(entries.server, 'utf8');
	assert.match(text, /import \{ Server \} from "\.\.\/kit\/output\/server\/index\.js"/);
	assert.match(text, /new Server\(\{ kit: 2, from: "\.\.\/kit\/output\/server" \}\)/);
});

test('SvelteKit 3 makes its server itself', () => {
	const entries = writeSources(new FakeBuilder(folder, { kit: 3 }), join(folder, 'sources'));
	assert.match(readFileSync(entries.server, 'utf8'), /"three"/);
});

test('instrumentation comes before the server, and in SvelteKit 3 the environment before that', () => {
	const of = (kit) =>
		Object.keys(writeSources(new FakeBuilder(folder, { kit, instrumentation: true }), join(folder, 'sources')));
	assert.deepEqual(of(2), ['instrumentation', 'server']);
	assert.deepEqual(of(3), ['environment', 'instrumentation', 'server']);
	const text = writeEntry(of(3));
	assert.ok(text.indexOf('environment.js') < text.indexOf('instrumentation.js'));
	assert.ok(text.indexOf('instrumentation.js') < text.indexOf('server.js'));
});

test('a server that SvelteKit did not write is missed at once', () => {
	const builder = new FakeBuilder(folder, { kit: 3 });
	builder.generateServerInstance = () => {};
	assert.throws(() => writeSources(builder, join(folder, 'sources')), /did not write the server/);
});

test('endpoints and form actions need a server, pages and prerendered endpoints do not', () => {
	const route = (id, prerender, api, page) => ({ id, prerender, api: { methods: api }, page: { methods: page } });
	const routes = [
		route('/page', false, [], ['GET']),
		route('/form', false, [], ['GET', 'POST']),
		route('/api', 'auto', ['GET'], []),
		route('/feed.xml', true, ['GET'], [])
	];
	assert.deepEqual(findDynamicEndpoints({ routes }), ['/form', '/api']);
});

test('a single-page app has a fallback, its prerendered pages, and no server', async () => {
	const out = join(folder, 'out');
	await adapter({ fallback: true, out }).adapt(new FakeBuilder(folder, { kit: 2, base: '/docs' }));
	assert.equal(readFileSync(`${out}/client/200.html`, 'utf8'), 'fallback');
	assert.ok(existsSync(`${out}/client/docs/_app/start.js`));
	assert.ok(existsSync(`${out}/prerendered/docs/about.html`));
	assert.ok(!existsSync(`${out}/server`));
});

test('a single-page app with endpoints is refused by their names', async () => {
	const routes = [{ id: '/api', prerender: false, api: { methods: ['POST'] }, page: { methods: [] } }];
	const building = adapter({ fallback: true, out: join(folder, 'out') }).adapt(new FakeBuilder(folder, { kit: 3, routes }));
	await assert.rejects(building, /these routes need one: \/api/);
});

test('output of an earlier build does not stay', async () => {
	const out = join(folder, 'out');
	mkdirSync(`${out}/server/old`, { recursive: true });
	await adapter({ fallback: true, out }).adapt(new FakeBuilder(folder, { kit: 2 }));
	assert.ok(!existsSync(`${out}/server`));
});
