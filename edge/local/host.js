// What CloudFront gives its functions, for the function's source to run in QuickJS, one event at a time. The engine calls
// this with the global object and with a function that takes the `cloudfront` module and `console`, and returns the
// source's handler.
//
// Every call between Python and QuickJS costs most of a microsecond, and Python may not be called at all while a time
// limit runs. So values of the route store are kept here and used as they are known; the outcome says which ones were,
// and Python asks again when one of them is no longer true. A read of an unknown key waits until Python brings the value.
//
// `said` tells Python how far the function is. null: go on; `?<key>`: bring this key's value; `!<reason>`: it failed;
// else ` <key> <key>…` as read, a line feed, and what was decided: `<uri> <status> <1 for noindex, else 0>` for an
// object; an answer as an object in JSON; or for a function, each after a separator, its origin, then names and values of
// headers in turn.
(function (outside, load) {
'use strict';

// Neither is in a header, whose values are bytes.
const SEPARATOR = '\u2028';
const SEVERAL = '\u2029';
const CONTEXT = Object.freeze({ eventType: 'viewer-request', requestId: '' });
/** Values, null for none, and what was promised of them: a promise that is kept serves again. */
const known = new Map();
let wanted = null;
let read = '';
let origin = null;
let messages = [];

const console = { log: (message) => messages.push(`${message}`) };

const cf = {
  kvs: () => ({
    get: (key, options) => ask(key, options && options.format === 'json' ? 'json' : 'text'),
    exists: (key) => ask(key, 'exists'),
  }),
  updateRequestOrigin: (settings) => {
    origin = settings.domainName;
  },
  selectRequestOriginById: (id) => {
    origin = id;
  },
};

function ask(key, form) {
  const entry = known.get(key);
  if (entry === undefined) {
    outside.said = `?${key}`;
    return new Promise((resolve, reject) => {
      wanted = { key, form, resolve, reject };
    });
  }
  read += ` ${key}`;
  return entry[form] || (entry[form] = promised(entry.value, form));
}

async function promised(value, form) {
  if (form === 'exists') return value !== null;
  if (value === null) throw new Error('KeyNotFound');
  // The same object for everybody, so nobody may change it; records have no objects within.
  return form === 'json' ? Object.freeze(JSON.parse(value)) : value;
}

/** Starts on an event; `fields` are names and values of headers in turn. */
outside.start = (method, uri, query, address, ...fields) => {
  outside.said = wanted = origin = null;
  read = '';
  messages = [];
  const headers = { __proto__: null }; // a header may have any name
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i];
    const field = { value: fields[i + 1] };
    if (headers[name]) (headers[name].multiValue ||= [{ value: headers[name].value }]).push(field);
    else headers[name] = field;
  }
  const request = { method, uri, querystring: {}, headers, cookies: {}, rawQueryString: () => query };
  handler({ version: '1.0', context: CONTEXT, viewer: { ip: address }, request }).then(conclude, refuse);
};

/** Brings the value of the key that is wanted; null: there is none. */
outside.bring = (value) => {
  const { key, form, resolve } = wanted;
  known.set(key, { value });
  outside.said = wanted = null;
  resolve(ask(key, form));
};

/** Says that the store failed. */
outside.fail = () => {
  const { reject } = wanted;
  outside.said = wanted = null;
  reject(new Error('the store cannot be read'));
};

/** Lets every key be asked for again. */
outside.forget = () => known.clear();

// A joined text is in one piece; Python cannot take one that QuickJS has only noted to put together.
function conclude(outcome) {
  try {
    outside.said = [read, told(outcome)].join('\n');
  } catch (error) {
    refuse(error);
  }
}

function refuse(error) {
  outside.said = ['!', error].join('');
}

function told(outcome) {
  const headers = outcome.headers;
  if (outcome.statusCode) return JSON.stringify({ status: outcome.statusCode, headers, body: outcome.body, messages });
  const status = headers['x-battleshiper-status'];
  if (origin === null || status) {
    return `${outcome.uri} ${status ? status.value : 200} ${headers['x-battleshiper-robots'] ? 1 : 0}`;
  }
  const parts = ['', origin];
  for (const name in headers) {
    const header = headers[name];
    parts.push(name, header.multiValue ? SEVERAL : header.value);
  }
  return parts.join(SEPARATOR);
}

const handler = load(cf, console);
})
