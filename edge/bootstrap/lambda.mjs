/**
 * Runs a function package on AWS Lambda. It lies in a folder of its own, with all it needs, in the package's zip; the
 * package's `index.mjs` is at the top. A package that cannot be loaded fails Lambda's init with the reason.
 */

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createHandler } from './handler.mjs';

const { fetch } = await import(pathToFileURL(join(process.env.LAMBDA_TASK_ROOT ?? '/var/task', 'index.mjs')).href);
if (typeof fetch !== 'function') throw new TypeError('The index.mjs of this package does not export a function `fetch`.');

export const handler = createHandler(fetch, globalThis.awslambda);
