/**
 * Stands in for the adapter of another host, whose options mean nothing here. Its address says which one.
 */

import { create } from './index.js';

const insteadOf = new URL(import.meta.url).searchParams.get('instead-of');

/** @returns {import('@sveltejs/kit').Adapter} */
export default function adapter() {
	return create({}, insteadOf);
}
