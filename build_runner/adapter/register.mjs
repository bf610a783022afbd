/**
 * Put before a build with `NODE_OPTIONS=--import=<this file>`: an app that names another host's adapter is then
 * built by ours, without a changed line.
 */

import * as module from 'node:module';
import { resolve } from './hook.mjs';

if (module.registerHooks) {
	module.registerHooks({ resolve });
} else {
	module.register('./hook.mjs', import.meta.url);
}
