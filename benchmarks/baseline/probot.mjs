/**
 * Probot's own server, as `probot run` starts it, without a log: it verifies each delivery's signature, finds that
 * nobody listens to pushes, and answers. Nothing is stored. Prints its address when it answers.
 */
import { createServer } from 'node:net';
import { Probot, Server } from 'probot';

const { APP_ID, PRIVATE_KEY, WEBHOOK_SECRET } = process.env;

/** Probot takes port 0 for its default, so a free one must be found for it. */
const port = await new Promise((resolve) => {
	const finder = createServer().listen(0, '127.0.0.1', () => {
		const { port } = finder.address();
		finder.close(() => resolve(port));
	});
});
const settings = { appId: APP_ID, privateKey: PRIVATE_KEY, secret: WEBHOOK_SECRET, logLevel: 'fatal' };
/** The server takes its log from here, and would write a line for each request otherwise. */
const quiet = new Probot(settings);
await quiet.ready();
const server = new Server({
	host: '127.0.0.1',
	port,
	webhookPath: '/webhooks/github',
	Probot: Probot.defaults(settings),
	log: quiet.log
});
await server.load(() => {});
await server.start();
console.log(`http://127.0.0.1:${port}`);
