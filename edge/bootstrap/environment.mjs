/**
 * The environment variables that a project sets, as the platform leaves them in a package
 * (`platform/pipeline/function_environment.py`).
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = '.battleshiper-environment.json';

/**
 * Take a package's variables into the environment, before anything of the package runs.
 *
 * @param {string} folder
 */
export function takeEnvironment(folder) {
  let text;
  try {
    text = readFileSync(join(folder, FILE), 'utf8');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return;
    throw error;
  }
  Object.assign(process.env, JSON.parse(text));
}
