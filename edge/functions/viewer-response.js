// What CloudFront changes in answers that are not errors (viewer response, runtime cloudfront-js-2.0). It does not run
// where the origin answered with 400 or more, so functions and the router say for themselves what their errors need.
//
// Files are the same objects in production and in previews, and only the request tells which of the two it was for.
// What S3 was told when they were stored stays (`Cache-Control`, `Content-Type`). A function's answer reaches the client
// as it was made.

const INTERNAL = /^(x-amz-|x-amzn-|server$)/;

function handler(event) {
  const asked = event.request.headers;
  const headers = event.response.headers;
  if (asked['x-battleshiper-request']) {
    delete headers['x-amzn-trace-id'];
    return event.response;
  }
  for (const name in headers) {
    if (INTERNAL.test(name)) delete headers[name];
  }
  headers['x-content-type-options'] = { value: 'nosniff' };
  if (asked['x-battleshiper-robots']) headers['x-robots-tag'] = { value: 'noindex' };
  return event.response;
}
