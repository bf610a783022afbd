/**
 * Runs a function package on AWS Lambda. It lies in a folder of its own, with all it needs, in the package's zip; the
 * package's `index.mjs` is at the top. A package that cannot be loaded fails every invocation with the reason.
 */

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { takeEnvironment } from './environment.mjs';
import { createHandler } from './handler.mjs';

/** Begins while Lambda starts us. Not awaited here: a module that waits cannot be loaded in every way there is. */
const loading = load(process.env.LAMBDA_TASK_ROOT ?? '/var/task');
loading.catch(() => {}); // whoever asks first is told

export const handler = createHandler(loading, globalThis.awslambda);

/** @param {string} folder */
async function load(folder) {
  takeEnvironment(folder);
  const { fetch } = await import(pathToFileURL(join(folder, 'index.mjs')).href);
  if (typeof fetch !== 'function') throw new TypeError('The index.mjs of this package does not export a function `fetch`.');
  return fetch;
}
