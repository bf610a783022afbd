// Runs the edge function in Node on what standard input says, and prints the calls a second.
import { readFileSync } from 'node:fs';

const { source, store, paths, rounds, headers } = JSON.parse(readFileSync(0, 'utf8'));
const values = new Map(Object.entries(store));

globalThis.cloudfront = {
	kvs: () => ({
		get: async (key, { format } = {}) => {
			if (!values.has(key)) throw new Error('KeyNotFound');
			return format === 'json' ? JSON.parse(values.get(key)) : values.get(key);
		},
		exists: async (key) => values.has(key)
	}),
	updateRequestOrigin: () => {},
	selectRequestOriginById: () => {}
};
const module = source.replace("import cf from 'cloudfront';", 'const cf = globalThis.cloudfront;');
const { handler } = await import(`data:text/javascript,${encodeURIComponent(`${module}\nexport { handler };`)}`);

async function run(count) {
	const start = performance.now();
	for (let round = 0; round < count; round++) {
		for (const uri of paths) {
			const request = { method: 'GET', uri, querystring: {}, cookies: {}, headers: structuredClone(headers) };
			request.rawQueryString = () => '';
			await handler({ version: '1.0', context: {}, viewer: { ip: '203.0.113.7' }, request });
		}
	}
	return (count * paths.length * 1000) / (performance.now() - start);
}

await run(rounds / 10);
console.log(await run(rounds));
