import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recognise } from '../../../build_runner/adapter/names.js';

test('our own names and those of other hosts are recognised', () => {
	assert.deepEqual(recognise('@battleshiper/adapter-sveltekit'), {
		name: '@battleshiper/adapter-sveltekit',
		isOurs: true
	});
	for (const name of ['@megakuul/adapter-battleshiper', '@sveltejs/adapter-auto', 'svelte-adapter-bun']) {
		assert.deepEqual(recognise(name), { name, isOurs: false });
	}
});

test('a file of an adapter is recognised wherever the package manager put it', () => {
	for (const folder of [
		'/app/node_modules/@sveltejs/adapter-node/index.js',
		'/app/node_modules/.pnpm/@sveltejs+adapter-node@5.0.0/node_modules/@sveltejs/adapter-node/index.js',
		'/with%20space/node_modules/%40sveltejs/adapter-node/index.js'
	]) {
		assert.equal(recognise(`file://${folder}`)?.name, '@sveltejs/adapter-node');
	}
});

test('everything else is left alone, the static adapter above all', () => {
	for (const specifier of [
		'@sveltejs/adapter-static',
		'file:///app/node_modules/@sveltejs/adapter-static/index.js',
		'@sveltejs/adapter-node-extra',
		'@sveltejs/adapter-auto/package.json',
		'./@sveltejs/adapter-auto',
		'file:///app/src/adapter-auto/index.js',
		'file:///app/%E0%A4%A',
		''
	]) {
		assert.equal(recognise(specifier), null, specifier);
	}
});
