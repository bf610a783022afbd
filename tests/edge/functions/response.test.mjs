// What CloudFront changes in answers on their way to the client.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventHeaders, handlerOf } from './cloudfront.mjs';

const handler = await handlerOf('viewer-response');

function answer(asked, headers) {
  const response = { statusCode: 200, headers: eventHeaders(Object.entries(headers)), cookies: {} };
  const returned = handler({ request: { headers: eventHeaders(Object.entries(asked)) }, response });
  assert.equal(returned, response);
  return Object.fromEntries(Object.entries(returned.headers).map(([name, { value }]) => [name, value]));
}

const FILE = { 'cache-control': 'public, max-age=31536000, immutable', 'content-type': 'text/css', etag: '"x"' };

test('a file keeps what S3 was told, and loses what S3 says about itself', () => {
  const seen = answer({}, { ...FILE, 'x-amz-server-side-encryption': 'AES256', 'x-amz-version-id': '1', server: 'AmazonS3' });
  assert.deepEqual(seen, { ...FILE, 'x-content-type-options': 'nosniff' });
});

test('a file of a preview is not for search engines', () => {
  assert.equal(answer({ 'x-battleshiper-robots': 'noindex' }, FILE)['x-robots-tag'], 'noindex');
  assert.equal(answer({}, FILE)['x-robots-tag'], undefined);
});

test('an answer of code stays as it was made', () => {
  const headers = { server: 'mine', 'x-amz-meta-a': 'mine', 'set-cookie': 'a=1' };
  const asked = { 'x-battleshiper-request': 'r-1', 'x-battleshiper-robots': 'noindex' };
  assert.deepEqual(answer(asked, { ...headers, 'x-amzn-trace-id': 'Root=1' }), headers);
});
