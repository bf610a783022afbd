// Which site a request is for, and who answers it. Runs on every request: as a CloudFront function (viewer request,
// runtime cloudfront-js-2.0), and in the local edge. The data it reads is described in platform/model/route.py, and
// fingerprints in platform/model/fingerprint.py. The runtime knows ES 5.1, const, let, arrows, templates, async and
// await (which must not stand among arguments), and little else (no for-of, no spread, no promise chains, no timers).
//
// It returns a response, or the request for one of three origins: the objects (the distribution's default), the
// project's function, or the router. Its headers tell whoever answers what to do; no client can send one of them:
//
// | header | |
// |---|---|
// | `x-battleshiper-robots` | keep search engines away |
// | `x-battleshiper-request` | part of the cache key: what carries it is nobody else's answer |
// | `x-battleshiper-address` | the client's; `x-forwarded-for` grows on the way through AWS |
// | `x-battleshiper-authorization` | the client's `Authorization` |
// | `x-battleshiper-deployment` | to the router: invoke this deployment's function, `<project>/<deployment>` |
// | `x-battleshiper-function` | the same as the record's `function`, for the local edge |
// | `x-battleshiper-status` | to the router: answer with this object and this status |
import cf from 'cloudfront';

/** Set when the function is published. */
const SITES_DOMAIN = 'localhost';
const ROUTER = 'router';
/** How CloudFront speaks to a function's URL. What is left out would be as with the objects. */
const SIGNED = { enabled: true, signingBehavior: 'always', signingProtocol: 'sigv4', originType: 'lambda' };
const ENCRYPTED = { port: 443, protocol: 'https', sslProtocols: ['TLSv1.2'] };
const TIMEOUTS = { readTimeout: 30, connectionTimeout: 5 };
const NONE = {};
const AS_JSON = { format: 'json' };

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const FILE = 1;
const PAGE = 2;
const INDEX = 4;
const PRERENDERED_SHIFT = 3;

const METHODS = /^(GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE)$/;
const HOST = /^([a-z0-9.-]*[a-z0-9-])\.?(:[0-9]*)?$/;
const SITE = new RegExp(`^([a-z0-9-]{1,63})\\.${SITES_DOMAIN.replace(/\./g, '\\.')}\\.?(:[0-9]*)?$`);
const PLAIN_OBJECT = /^[\w./-]*$/;
const PLAIN_PATH = /^((\/[\w-][\w.-]*)+\/?|\/)$/;
const CLAIMS = /^(x-battleshiper-|x-forwarded-|x-amz-|x-real-ip$|forwarded$)/;
const HASHED_CODE = /\/assets\/[^/]*-[\w-]{8,}\.(js|mjs|css)$/;

const kvs = cf.kvs();
const imul = Math.imul;

async function handler(event) {
  const request = event.request;
  const site = siteOf(request.headers.host);
  if (!site) return page(400, 'Bad Request', 'This request does not say which site it is for.');
  const label = site[1];
  if (!label) return page(404, 'Not Found', 'There is no site at this address.');
  try {
    const record = await kvs.get(label, AS_JSON);
    const path = pathOf(request.uri);
    const place = placeOf(request, record, path);
    let table = null;
    if (place) table = await kvs.get(place.shard);
    const found = place && find(place, table);
    return route(event, record, path, found, site);
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

function route(event, record, path, found, site) {
  const request = event.request;
  if (path === null) return page(400, 'Bad Request', 'This address cannot be read.');
  if (!isRead(request)) {
    if (!record.function || !METHODS.test(request.method)) return methodNotAllowed();
    return toRouter(event, record, site);
  }
  if (found) return found[0] === '/' ? redirect(found, request) : toObject(request, record, found);
  if (isImmutable(record, path)) return toObject(request, record, `client${path}`);
  if (record.function) return toFunction(event, record, site);
  if (HASHED_CODE.test(path)) return page(404, 'Not Found', 'This file belongs to another version of the site.');
  if (record.fallback) return toObject(request, record, record.fallback);
  if (!record.missing) return page(404, 'Not Found', 'There is no page at this address.');
  toObject(request, record, record.missing);
  request.headers['x-battleshiper-request'] = { value: event.context.requestId };
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

/** The label and the port of the only host named; no label: it is none of ours; null: it makes no sense. */
function siteOf(header) {
  if (!header || (header.multiValue && header.multiValue.length > 1)) return null;
  const name = header.value.toLowerCase();
  return SITE.exec(name) || (HOST.test(name) ? [] : null);
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
    // Not in the runtime's list of features. Where it is missing, only an address that is not in NFC is not found.
    if (path.normalize) path = path.normalize('NFC');
  }
  if (/[\x00-\x1f\x7f]|\/\.\.?(\/|$)/.test(path)) return null;
  return /\/\/|\\/.test(path) || /%2f/i.test(uri) ? '' : path;
}

/** Which form of which stem a path is, and where the stem's entry would be. Null: in no table. */
function placeOf(request, record, path) {
  if (!path || !record.shards || !isRead(request) || isImmutable(record, path)) return null;
  const form = formOf(path);
  const stem = path.slice(0, path.length - form.length);
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
  const low = ALPHABET[second & 63] + ALPHABET[(second >>> 6) & 63] + ALPHABET[(second >>> 12) & 63];
  const high = ALPHABET[(second >>> 18) & 63] + ALPHABET[(second >>> 24) & 63];
  const mark = low + high + ALPHABET[(first >>> 20) & 63] + ALPHABET[first >>> 26];
  const shard = `${record.deployment}/${(first & 0xfffff) % record.shards}`;
  return { stem: stem, form: form, mark: mark, shard: shard };
}

function formOf(path) {
  if (path.endsWith('/index.html')) return '/index.html';
  if (path.endsWith('.html')) return '.html';
  return path.endsWith('/') ? '/' : '';
}

function mix(value) {
  value ^= value >>> 16;
  value = imul(value, 0x7feb352d);
  value ^= value >>> 15;
  value = imul(value, 0x846ca68b);
  return value ^ (value >>> 16);
}

/** An object, an address to go to (it begins with a slash), or nothing. `table` holds the entries of the place's shard. */
function find(place, table) {
  let at = table.indexOf(place.mark);
  while (at % 8 > 0) at = table.indexOf(place.mark, at + 1);
  if (at < 0) return null;
  const files = ALPHABET.indexOf(table[at + 7]);
  const stem = place.stem;
  const form = place.form;
  if (files & FILE && !form) return objectAt(files, FILE, stem);
  if (files & PAGE && (!form || form === '.html')) return objectAt(files, PAGE, `${stem}.html`);
  if (files & INDEX && form && form !== '.html') return objectAt(files, INDEX, `${stem}/index.html`);
  if (files & INDEX && !form) return `${stem}/`;
  if (files & PAGE && form === '/' && stem) return stem;
  return null;
}

function objectAt(files, bit, path) {
  return (files & (bit << PRERENDERED_SHIFT) ? 'prerendered' : 'client') + path;
}

function toObject(request, record, object) {
  const path = PLAIN_OBJECT.test(object) ? object : object.split('/').map(encodeURIComponent).join('/');
  request.uri = `/sites/${record.project}/${record.deployment}/${path}`;
  // S3 would act on some queries, and takes no more than 8 KB of headers.
  request.querystring = {};
  request.cookies = {};
  setHeaders(request.headers, record);
  return request;
}

function toFunction(event, record, site) {
  tellCode(event, record, site);
  cf.updateRequestOrigin({
    domainName: record.function,
    originAccessControlConfig: SIGNED,
    customOriginConfig: ENCRYPTED,
    timeouts: TIMEOUTS,
    customHeaders: NONE,
  });
  return event.request;
}

/** CloudFront cannot sign a body that it has not seen, so the router invokes the function. */
function toRouter(event, record, site) {
  const headers = event.request.headers;
  tellCode(event, record, site);
  headers['x-battleshiper-function'] = { value: record.function };
  headers['x-battleshiper-deployment'] = { value: `${record.project}/${record.deployment}` };
  cf.selectRequestOriginById(ROUTER);
  return event.request;
}

/** CloudFront signs requests for a function's URL, in `Authorization`, so the client's moves aside. */
function tellCode(event, record, site) {
  const headers = event.request.headers;
  const address = { value: event.viewer.ip };
  setHeaders(headers, record);
  if (headers.authorization) headers['x-battleshiper-authorization'] = headers.authorization;
  headers['x-forwarded-for'] = address;
  headers['x-forwarded-host'] = { value: `${site[1]}.${SITES_DOMAIN}${site[2] || ''}` };
  headers['x-battleshiper-address'] = address;
  headers['x-battleshiper-request'] = { value: event.context.requestId };
}

/** Nothing that the client says about us, about the way here or to AWS reaches an origin. (120 is x, 102 is f.) */
function setHeaders(headers, record) {
  for (const name in headers) {
    const first = name.charCodeAt(0);
    if ((first === 120 || first === 102) && CLAIMS.test(name)) delete headers[name];
  }
  if (record.noindex) headers['x-battleshiper-robots'] = { value: 'noindex' };
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
