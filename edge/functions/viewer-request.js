// Which site a request is for, and who answers it. Runs on every request: as a CloudFront function (viewer request,
// runtime cloudfront-js-2.0), and in the local edge. The data it reads is described in platform/model/route.py, and
// fingerprints in platform/model/fingerprint.py. The runtime knows ES 5.1, const, let, arrows, templates, async and
// await, and little else (no for-of, no spread, no promise chains, no timers).
//
// It returns a response, or the request for one of three origins: the objects (the distribution's default), the
// project's function, or the router, which has headers that say what to do: `x-battleshiper-function` (invoke it with
// this request) or `x-battleshiper-status` (answer with this object and this status).
import cf from 'cloudfront';

/** Set when the function is published. */
const SITES_DOMAIN = 'localhost';
const ROUTER = 'router';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const FILE = 1;
const PAGE = 2;
const INDEX = 4;
const PRERENDERED_SHIFT = 3;

const METHODS = /^(GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE)$/;
const HOST = /^([a-z0-9.-]*[a-z0-9-])\.?(:[0-9]*)?$/;
const LABEL = /^[a-z0-9-]{1,63}$/;
const PLAIN_PATH = /^((\/[\w-][\w.-]*)+\/?|\/)$/;
const OUR_HEADERS = /^(x-battleshiper-|x-forwarded-|x-real-ip$|forwarded$)/;
const HASHED_CODE = /\/assets\/[^/]*-[\w-]{8,}\.(js|mjs|css)$/;

const kvs = cf.kvs();
const imul = Math.imul;

async function handler(event) {
  const request = event.request;
  const host = hostOf(request.headers.host);
  if (!host) return page(400, 'Bad Request', 'This request does not say which site it is for.');
  const label = labelOf(host);
  if (!label) return page(404, 'Not Found', 'There is no site at this address.');
  try {
    const record = JSON.parse(await kvs.get(label));
    const path = pathOf(request.uri);
    const place = placeOf(request, record, path);
    const found = place && find(place, await kvs.get(place.shard));
    return route(request, record, path, found, host, event.viewer.ip);
  } catch (error) {
    return await explain(label, error);
  }
}

/** A store that fails must not look like one without the key. */
async function explain(label, error) {
  try {
    if (!(await kvs.exists(label))) return page(404, 'Not Found', 'There is no site at this address.');
  } catch (again) {
    error = again;
  }
  console.log(`${error}`);
  return page(503, 'Service Unavailable', 'We cannot find the way to this site just now. Please try again.');
}

function route(request, record, path, found, host, address) {
  if (path === null) return page(400, 'Bad Request', 'This address cannot be read.');
  if (!isRead(request)) {
    if (!record.function || !METHODS.test(request.method)) return methodNotAllowed();
    return toRouter(request, record, host, address);
  }
  if (found) return found.object ? toObject(request, record, found.object) : redirect(found.redirect, request);
  if (isImmutable(record, path)) return toObject(request, record, `client${path}`);
  if (record.function) return toFunction(request, record, host, address);
  if (HASHED_CODE.test(path)) return page(404, 'Not Found', 'This file belongs to another version of the site.');
  if (record.fallback) return toObject(request, record, record.fallback);
  if (!record.missing) return page(404, 'Not Found', 'There is no page at this address.');
  toObject(request, record, record.missing);
  request.headers['x-battleshiper-status'] = { value: '404' };
  cf.selectRequestOriginById(ROUTER);
  return request;
}

function isRead(request) {
  return request.method === 'GET' || request.method === 'HEAD';
}

function isImmutable(record, path) {
  return record.immutable && path.startsWith(record.immutable);
}

/** The host without port and trailing dot, or null when there is not exactly one that makes sense. */
function hostOf(header) {
  if (!header || (header.multiValue && header.multiValue.length > 1)) return null;
  const match = HOST.exec(header.value.toLowerCase());
  return match && { name: match[1], port: match[2] || '' };
}

function labelOf(host) {
  const suffix = `.${SITES_DOMAIN}`;
  if (!host.name.endsWith(suffix)) return null;
  const label = host.name.slice(0, -suffix.length);
  return LABEL.test(label) ? label : null;
}

/** The path decoded once. Null: hostile or broken. Empty: fine, but no file of ours can be meant. */
function pathOf(uri) {
  if (PLAIN_PATH.test(uri)) return uri;
  if (!/^\/[\x21-\x7e]*$/.test(uri) || uri.includes('\\')) return null;
  let path = uri;
  if (uri.includes('%')) {
    try {
      path = decodeURIComponent(uri);
    } catch (error) {
      return null;
    }
    path = path.normalize('NFC');
  }
  if (/[\x00-\x1f\x7f]|\/\.\.?(\/|$)/.test(path)) return null;
  return /\/\/|\\/.test(path) || /%2f/i.test(uri) ? '' : path;
}

/** Which form of which stem a path is, and where the stem's entry would be. Null: in no table. */
function placeOf(request, record, path) {
  if (!path || !record.shards || !isRead(request) || isImmutable(record, path)) return null;
  const isIndex = path.endsWith('/index.html');
  const isPage = !isIndex && path.endsWith('.html');
  const isFolder = path.endsWith('/');
  const stem = path.slice(0, path.length - (isIndex ? 11 : isPage ? 5 : isFolder ? 1 : 0));
  let first = 0x811c9dc5 ^ record.salt;
  let second = 0x9747b28c ^ record.salt;
  for (let i = 0; i < stem.length; i += 2) {
    const pair = stem.charCodeAt(i) | (stem.charCodeAt(i + 1) << 16);
    first = imul(first ^ pair, 0x01000193);
    first ^= first >>> 13;
    second = imul(second ^ pair, 0x5bd1e995);
    second ^= second >>> 15;
  }
  first = mix(first);
  second = mix(second ^ stem.length);
  let mark = '';
  for (let shift = 0; shift < 30; shift += 6) mark += ALPHABET[(second >>> shift) & 63];
  mark += ALPHABET[(first >>> 20) & 63] + ALPHABET[first >>> 26];
  const shard = `${record.deployment}/${(first & 0xfffff) % record.shards}`;
  return { stem, mark, shard, isIndex, isPage, isFolder, isBare: !isIndex && !isPage && !isFolder };
}

function mix(value) {
  value ^= value >>> 16;
  value = imul(value, 0x7feb352d);
  value ^= value >>> 15;
  value = imul(value, 0x846ca68b);
  return value ^ (value >>> 16);
}

/** What lies at a place: an object, a redirect, or nothing. `table` holds its shard's entries. */
function find(place, table) {
  let at = table.indexOf(place.mark);
  while (at % 8 > 0) at = table.indexOf(place.mark, at + 1);
  const files = at < 0 ? 0 : ALPHABET.indexOf(table[at + 7]);
  const stem = place.stem;
  if (files & FILE && place.isBare) return objectAt(files, FILE, stem);
  if (files & PAGE && (place.isBare || place.isPage)) return objectAt(files, PAGE, `${stem}.html`);
  if (files & INDEX && (place.isFolder || place.isIndex)) return objectAt(files, INDEX, `${stem}/index.html`);
  if (files & INDEX && place.isBare) return { redirect: `${stem}/` };
  if (files & PAGE && place.isFolder && stem) return { redirect: stem };
  return null;
}

function objectAt(files, bit, path) {
  return { object: (files & (bit << PRERENDERED_SHIFT) ? 'prerendered' : 'client') + path };
}

function toObject(request, record, object) {
  const path = object.split('/').map(encodeURIComponent).join('/');
  request.uri = `/sites/${record.project}/${record.deployment}/${path}`;
  request.querystring = {}; // S3 would act on some
  delete request.headers['x-battleshiper-status'];
  markPreview(request.headers, record);
  return request;
}

/** CloudFront signs these requests for the function's URL, in `Authorization`, so the client's moves aside. */
function toFunction(request, record, host, address) {
  setHeaders(request.headers, record, host, address);
  const authorization = request.headers.authorization;
  if (authorization) request.headers['x-battleshiper-authorization'] = authorization;
  cf.updateRequestOrigin({
    domainName: record.function,
    hostHeader: record.function,
    originAccessControlConfig: { enabled: true, signingBehavior: 'always', signingProtocol: 'sigv4', originType: 'lambda' },
    customOriginConfig: { port: 443, protocol: 'https', sslProtocols: ['TLSv1.2'] },
    customHeaders: {},
  });
  return request;
}

/** CloudFront cannot sign a body that it has not seen, so the router invokes the function. */
function toRouter(request, record, host, address) {
  setHeaders(request.headers, record, host, address);
  request.headers['x-battleshiper-function'] = { value: record.function };
  cf.selectRequestOriginById(ROUTER);
  return request;
}

/** Nothing that the client says about us or about the way here reaches a function. (120 is x, 102 is f.) */
function setHeaders(headers, record, host, address) {
  for (const name in headers) {
    const first = name.charCodeAt(0);
    if ((first === 120 || first === 102) && OUR_HEADERS.test(name)) delete headers[name];
  }
  headers['x-forwarded-for'] = { value: address };
  headers['x-forwarded-host'] = { value: host.name + host.port };
  markPreview(headers, record);
}

function markPreview(headers, record) {
  if (record.noindex) headers['x-battleshiper-robots'] = { value: 'noindex' };
  else delete headers['x-battleshiper-robots'];
}

function redirect(path, request) {
  const query = request.rawQueryString();
  const location = path.split('/').map(encodeURIComponent).join('/') + (query ? `?${query}` : '');
  return {
    statusCode: 308,
    statusDescription: 'Permanent Redirect',
    headers: { location: { value: location }, 'cache-control': { value: 'public, max-age=0, must-revalidate' } },
  };
}

function methodNotAllowed() {
  const response = page(405, 'Method Not Allowed', 'This site can only be read.');
  response.headers.allow = { value: 'GET, HEAD' };
  return response;
}

function page(status, title, text) {
  return {
    statusCode: status,
    statusDescription: title,
    headers: { 'content-type': { value: 'text/html; charset=utf-8' }, 'cache-control': { value: 'no-store' } },
    body: `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${status} ${title}</title>
<style>body{margin:0;min-height:100vh;display:grid;place-content:center;padding:2rem;box-sizing:border-box;
font:1.1rem/1.6 system-ui,sans-serif}p{margin:0;max-width:32rem}i{font-style:normal;opacity:.65}
b{font:200 6rem/1 system-ui,sans-serif;letter-spacing:-.05em;color:#6d7cff}</style>
<p><b>${status}</b><p><strong>${title}</strong><p><i>${text}</i>
`,
  };
}
