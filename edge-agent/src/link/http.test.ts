import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttp, type HttpRequest } from './http.ts';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A controller on loopback that answers as told, and how to ask it. */
async function aController(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const paths: string[] = [];
  const connections = { made: 0, closed: 0 };
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    answer(request, response);
  });
  server.on('connection', (socket) => {
    connections.made++;
    socket.on('close', () => connections.closed++);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return { url, http: createHttp({ controllerUrl: url }), paths, connections };
}
const { signal } = new AbortController();
const ask = async (http: HttpRequest, path = '/') => {
  using answer = await http(path, { signal });
  return answer.text(1000);
};

describe('a request to the controller', () => {
  it('carries its method, headers and whole body, and gives status, headers and body back', async () => {
    let got: unknown;
    const { http } = await aController(async (request, response) => {
      const body = Buffer.concat(await Array.fromAsync(request)).toString();
      const { range, 'content-length': length } = request.headers;
      got = { method: request.method, url: request.url, range, length, body };
      response.writeHead(206, { 'content-range': 'bytes 5-9/10' }).end('thôn');
    });
    using answer = await http('/a/b?c=d', {
      method: 'PUT',
      headers: { range: 'bytes=5-' },
      body: 'xã',
      signal,
    });
    expect(got).toEqual({ method: 'PUT', url: '/a/b?c=d', range: 'bytes=5-', length: '3', body: 'xã' });
    expect(answer.status).toBe(206);
    expect(answer.header('content-range')).toBe('bytes 5-9/10');
    expect(answer.header('etag')).toBeUndefined();
    expect(await answer.text(5)).toBe('thôn');
  });

  it('does not follow a redirect, which would show its key elsewhere', async () => {
    const { http, paths } = await aController((_, response) =>
      response.writeHead(302, { location: '/elsewhere' }).end(),
    );
    await expect(ask(http)).rejects.toMatchObject({
      code: 'agent/bad-answer',
      retryable: true,
      message: expect.stringMatching(/^http:.*a redirect \(302\)/),
    });
    expect(paths).toEqual(['/']);
  });

  it.each([
    ['before it is sent', () => {}, 'at once'],
    ['while nothing answers', () => {}, 'when asked'],
    [
      'within the body',
      (_: unknown, response: ServerResponse) => void response.write('a part'),
      'when asked',
    ],
  ] as const)('ended %s fails with the reason it was ended for', async (_, answer, when) => {
    const { http, paths, connections } = await aController(answer);
    const control = new AbortController();
    const reason = new TypeError('the line stood still');
    if (when === 'at once') control.abort(reason);
    const asked = http('/', { signal: control.signal }).then((answered) => answered.text(1000));
    asked.catch(() => {}); // looked at below
    if (when !== 'at once') await expect.poll(() => paths.length).toBe(1);
    control.abort(reason);
    await expect(asked).rejects.toBe(reason);
    await expect.poll(() => connections.closed).toBe(connections.made);
  });

  it('that meets nobody, or a connection that breaks, says whom it asked and what happened', async () => {
    const nobody = createHttp({ controllerUrl: 'http://127.0.0.1:9' });
    await expect(ask(nobody)).rejects.toMatchObject({
      code: 'agent/unreachable',
      message: expect.stringMatching(/^http:\/\/127.0.0.1:9: .*ECONNREFUSED/),
    });
    const { http, url } = await aController((_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('a part', () => response.destroy());
    });
    await expect(ask(http)).rejects.toMatchObject({
      code: 'agent/unreachable',
      message: expect.stringContaining(url),
    });
  });
});

describe('an answer', () => {
  it('that is larger than expected is not taken in, and lets its connection go', async () => {
    const { http, connections } = await aController((_, response) => {
      response.writeHead(500);
      response.write('x'.repeat(1001));
    });
    await expect(ask(http)).rejects.toMatchObject({ code: 'agent/bad-answer', retryable: true });
    await expect.poll(() => connections.closed).toBe(1);
  });

  it('that nobody reads lets its connection go when more would come, and keeps it when it was all there', async () => {
    const { http, connections } = await aController((request, response) => {
      if (request.url === '/long') response.write('x');
      else response.writeHead(404).end('{}');
    });
    const look = async (path: string) => {
      using answer = await http(path, { signal });
      return answer.status;
    };
    for (let i = 0; i < 20; i++) expect(await look('/short')).toBe(404);
    expect(connections.made).toBeLessThan(5); // one is free again a moment after it was let go
    expect(connections.closed).toBe(0);
    expect(await look('/long')).toBe(200);
    await expect.poll(() => connections.closed).toBe(1);
  });
});
