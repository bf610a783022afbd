/** CloudFront as far as its functions see it: each is imported from its source, with a made-up `cloudfront` module. */
import { readFile } from 'node:fs/promises';

const here = new URL('.', import.meta.url);
export const site = JSON.parse(await readFile(new URL('site.json', here), 'utf8'));

/** The route store, and what was chosen as the origin of the last request. */
export const world = { store: new Map(Object.entries(site)), failing: null, origin: null };

globalThis.cloudfront = {
  kvs: () => ({
    get: async (key, { format } = {}) => {
      if (world.failing) throw world.failing;
      if (!world.store.has(key)) throw new Error('KeyNotFound');
      const value = world.store.get(key);
      return format === 'json' ? JSON.parse(value) : value;
    },
    exists: async (key) => {
      if (world.failing) throw world.failing;
      return world.store.has(key);
    },
  }),
  updateRequestOrigin: (settings) => {
    world.origin = settings;
  },
  selectRequestOriginById: (id) => {
    world.origin = id;
  },
};

/** Import a function's handler from the file that is published. */
export async function handlerOf(name) {
  const source = await readFile(new URL(`../../../edge/functions/${name}.js`, here), 'utf8');
  const module = source.replace("import cf from 'cloudfront';", 'const cf = globalThis.cloudfront;');
  const { handler } = await import(`data:text/javascript,${encodeURIComponent(`${module}\nexport { handler };`)}`);
  return handler;
}

/** Headers as events have them. */
export function eventHeaders(fields) {
  const headers = {};
  for (const [name, value] of fields) {
    if (headers[name]) (headers[name].multiValue ??= [{ value: headers[name].value }]).push({ value });
    else headers[name] = { value };
  }
  return headers;
}
