// What CloudFront gives its functions, for the function's source to run in QuickJS: the `cloudfront` module as a global
// and one event at a time. Python may not be called while a time limit runs, so a read of the store waits in `wanted`
// until Python brings the value.
let wanted = null;
let outcome = null;
let failure = null;
let origin = null;
let messages = [];

const console = { log: (message) => messages.push(`${message}`) };

const cf = {
  kvs: () => ({ get: (key) => ask(key, 'get'), exists: (key) => ask(key, 'exists') }),
  updateRequestOrigin: (settings) => {
    origin = settings.domainName;
  },
  selectRequestOriginById: (id) => {
    origin = id;
  },
};

function ask(key, kind) {
  return new Promise((resolve, reject) => {
    wanted = { key, kind, resolve, reject };
  });
}

/** Starts on an event; returns what `next` returns. */
function start(method, uri, query, headers, address) {
  wanted = outcome = failure = origin = null;
  messages = [];
  const request = {
    method,
    uri,
    querystring: {},
    headers: JSON.parse(headers),
    cookies: {},
    rawQueryString: () => query,
  };
  const event = { version: '1.0', context: { eventType: 'viewer-request' }, viewer: { ip: address }, request };
  handler(event).then(succeed, refuse);
  return wanted && wanted.key;
}

function succeed(result) {
  outcome = result;
}

function refuse(error) {
  failure = error;
}

/** Brings the value of the key that is wanted; null: there is none. */
function bring(value) {
  const { kind, resolve, reject } = wanted;
  wanted = null;
  if (kind === 'exists') resolve(value !== null);
  else if (value === null) reject(new Error('KeyNotFound'));
  else resolve(value);
}

/** Says that the store failed. */
function fail() {
  const { reject } = wanted;
  wanted = null;
  reject(new Error('the store cannot be read'));
}

/**
 * The next key that is wanted, or what the function decided: for an object `<uri> <status> <1 for noindex, else 0>`
 * (a URI begins with a slash, a key does not), otherwise an object in JSON.
 */
function next() {
  if (wanted) return wanted.key;
  if (failure) throw failure;
  if (!outcome) throw new Error('the function waits for something that never comes');
  const { statusCode, headers, body, uri } = outcome;
  if (statusCode) return JSON.stringify({ status: statusCode, headers, body, messages });
  const status = headers['x-battleshiper-status'];
  if (origin === null || status) {
    return `${uri} ${status ? status.value : 200} ${headers['x-battleshiper-robots'] ? 1 : 0}`;
  }
  return JSON.stringify({ origin, headers });
}
