/** Reads Lambda's events as if they were requests over HTTP from the edge. */

import { Readable } from 'node:stream';

/**
 * @typedef {object} FunctionEvent
 * @property {string} rawPath
 * @property {string} [rawQueryString]
 * @property {Record<string, string>} headers
 * @property {string[]} [cookies]
 * @property {string} [body]
 * @property {boolean} [isBase64Encoded]
 * @property {{ http: { method: string } }} [requestContext]
 * @property {boolean} [buffered]
 */

/** What the edge and AWS say to each other. The site sees what `restore` makes of it. */
const NOT_THE_CLIENTS = /^(x-battleshiper-|x-amz-|x-amzn-|x-forwarded-|authorization$|content-length$|cookie$)/;

/**
 * @param {FunctionEvent} event
 * @returns {import('./request.mjs').Incoming}
 */
export function incomingOf({ rawPath, rawQueryString, headers, cookies, body, isBase64Encoded, requestContext }) {
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  const restored = restore(headers, cookies);
  if (bytes.length) restored['content-length'] = String(bytes.length);
  return Object.assign(Readable.from(bytes.length ? [bytes] : []), {
    method: requestContext?.http.method,
    url: rawQueryString ? `${rawPath}?${rawQueryString}` : rawPath,
    headers: restored,
  });
}

/**
 * Headers as `edge/local/` sends them: the client's own, and what the edge function says about the way here, which is
 * always HTTPS.
 *
 * @param {Record<string, string>} headers
 * @param {string[]} [cookies]
 */
function restore(headers, cookies) {
  /** @type {Record<string, string>} */
  const restored = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!NOT_THE_CLIENTS.test(name.toLowerCase())) restored[name.toLowerCase()] = value;
  }
  const said = {
    authorization: headers['x-battleshiper-authorization'],
    cookie: cookies?.length ? cookies.join('; ') : headers.cookie,
    'x-forwarded-for': headers['x-battleshiper-address'],
    'x-forwarded-host': headers['x-forwarded-host'],
    'x-forwarded-proto': 'https',
  };
  for (const [name, value] of Object.entries(said)) {
    if (value !== undefined) restored[name] = value;
  }
  return restored;
}
