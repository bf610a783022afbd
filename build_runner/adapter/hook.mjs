/**
 * Resolves the names of adapters to ours, for Node's two kinds of hooks.
 */

import { recognise } from './names.js';

/**
 * @param {string} specifier
 * @returns {{ url: string, format: 'module', shortCircuit: true } | null}
 */
function replace(specifier) {
	const wanted = recognise(specifier);
	if (!wanted) return null;
	const url = wanted.isOurs
		? new URL('./index.js', import.meta.url)
		: new URL(`./replacement.js?instead-of=${encodeURIComponent(wanted.name)}`, import.meta.url);
	return { url: url.href, format: 'module', shortCircuit: true };
}

/**
 * For `module.registerHooks` and, because a plain value may stand for a promise, for `module.register`.
 *
 * @param {string} specifier
 * @param {object} context
 * @param {(specifier: string, context: object) => any} nextResolve
 */
export function resolve(specifier, context, nextResolve) {
	return replace(specifier) ?? nextResolve(specifier, context);
}
