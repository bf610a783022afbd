/**
 * What Lambda's Node runtime hands to a handler that streams: some methods and properties of an HTTP request to the
 * runtime API, and no Writable (https://github.com/aws/aws-lambda-nodejs-runtime-interface-client). As there,
 *
 * - the first write calls a hook, by which status and headers go before it;
 * - what is neither text nor bytes is sent as JSON;
 * - nobody awaits the answer of an invocation whose handler has failed: if the stream fails as well, that is an unhandled
 *   rejection, which ends the process.
 */

import { Agent, request as httpRequest } from 'node:http';
import { ERROR_TRAILER } from './runtime-api.mjs';

const PASSED_ON = ['destroy', 'end', 'on', 'once', 'off', 'emit', 'removeListener'];
const SHOWN = ['writableFinished', 'writableEnded', 'writableNeedDrain', 'destroyed'];
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** @param {URL} path */
export function openResponse(path) {
  const request = httpRequest(path, { method: 'POST', agent, headers: { trailer: ERROR_TRAILER } });
  const answered = new Promise((resolve, reject) => {
    request.on('response', (response) => response.resume().on('end', resolve));
    request.on('error', (error) => {
      reject(error);
      request.destroy(error);
    });
  });
  const fail = (error) => {
    const told = { errorType: error.name, errorMessage: error.message };
    request.addTrailers({ [ERROR_TRAILER]: Buffer.from(JSON.stringify(told)).toString('base64') });
    request.end();
  };
  return { stream: streamTo(request), answered, fail };
}

function streamTo(request) {
  const stream = { _onBeforeFirstWrite: undefined };
  let hasBegun = false;
  for (const name of PASSED_ON) stream[name] = request[name].bind(request);
  for (const name of SHOWN) Object.defineProperty(stream, name, { get: () => request[name] });
  stream.setContentType = (type) => {
    if (hasBegun) throw new Error('Cannot set content-type, too late.');
    request.setHeader('Content-Type', type);
  };
  stream.write = (chunk, ...given) => {
    const isPlain = typeof chunk === 'string' || Buffer.isBuffer(chunk) || chunk?.constructor === Uint8Array;
    if (!hasBegun) stream._onBeforeFirstWrite?.((first) => request.write(first));
    hasBegun = true;
    return request.write(isPlain ? chunk : JSON.stringify(chunk), ...given);
  };
  return stream;
}
