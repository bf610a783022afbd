/** Three lines, each written when the one before has had time to arrive. */
/** @type {import('./$types').RequestHandler} */
export const GET = () => {
	const encoder = new TextEncoder();
	return new Response(
		new ReadableStream({
			async start(controller) {
				for (const line of ['one', 'two', 'three']) {
					controller.enqueue(encoder.encode(`${line}\n`));
					await new Promise((resolve) => setTimeout(resolve, 200));
				}
				controller.close();
			}
		}),
		{ headers: { 'content-type': 'text/plain' } }
	);
};
