/**
 * Runs a function package on AWS Lambda. It lies in a folder of its own, with all it needs, in the package's zip; the
 * package's `index.mjs` is at the top. A package that cannot be loaded fails every invocation with the reason.
 */

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createHandler } from './handler.mjs';

/** Begins while Lambda starts us. Not awaited here: a module that waits cannot be loaded in every way there is. */
const loading = load(join(process.env.LAMBDA_TASK_ROOT ?? '/var/task', 'index.mjs'));
loading.catch(() => {}); // whoever asks first is told

export const handler = createHandler(loading, globalThis.awslambda);

/** @param {string} file */
async function load(file) {
  const { fetch } = await import(pathToFileURL(file).href);
  if (typeof fetch !== 'function') throw new TypeError('The index.mjs of this package does not export a function `fetch`.');
  return fetch;
}
