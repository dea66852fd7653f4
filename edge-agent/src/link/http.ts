import type { IncomingMessage } from 'node:http';
import { type RequestOptions, request as requestByHttps } from 'node:https';
import { AppError, errorCode } from '@loa/kernel';
import type { AgentErrorCode } from '../errors.ts';

// An `import` reads every name of a built-in module, and `WebSocket` of this one brings in all that `fetch` needs: 12 MB.
const { request: requestByHttp } = process.getBuiltinModule('node:http');

/** What is asked. */
export interface HttpOptions {
  /** Default `GET`. */
  readonly method?: 'GET' | 'HEAD' | 'PUT' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the request, and the reading of its answer: nothing else limits how long they take. */
  readonly signal: AbortSignal;
}

/** What was answered. Hold it by `using`: what is not read by then is let go, with its connection when more would come. */
export interface HttpAnswer extends Disposable {
  readonly status: number;
  header(name: string): string | undefined;
  /** The body as it comes, once. @throws {AppError} agent/unreachable when it is cut; the signal's reason. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Returns the whole body. @throws {AppError} as `body`, and agent/bad-answer when it is larger than `maxBytes`. */
  text(maxBytes: number): Promise<string>;
}

/**
 * Sends one request to the controller.
 * @throws {AppError} agent/unreachable, or agent/bad-answer for a redirect: the controller has one address, and our key is
 * for it alone. Both are retryable. The signal's reason when that ended the request.
 */
export type HttpRequest = (path: string, options: HttpOptions) => Promise<HttpAnswer>;

/** Whom TLS trusts in place of the system's authorities, and who we are to it; PEM. */
export type HttpTls = Pick<RequestOptions, 'ca' | 'cert' | 'key'>;

/** Creates requests to one controller, without the global `fetch`: its first use takes more than 10 MB for good. */
export function createHttp({
  controllerUrl,
  tls = {},
}: {
  readonly controllerUrl: string;
  readonly tls?: HttpTls;
}): HttpRequest {
  const send = controllerUrl.startsWith('https:') ? requestByHttps : requestByHttp;
  return (path, { method = 'GET', headers = {}, body, signal }) =>
    new Promise((resolve, reject) => {
      const whyNot = (error: Error) =>
        signal.aborted
          ? signal.reason
          : fault('agent/unreachable', `${controllerUrl}: ${error.message || errorCode(error)}`, error);
      const request = send(controllerUrl + path, { ...tls, method, headers, signal });
      request.on('error', (error) => reject(whyNot(error)));
      request.on('response', (response) => {
        const answer = answerOf(response, whyNot);
        if (answer.status < 300 || answer.status > 399) return resolve(answer);
        answer[Symbol.dispose]();
        reject(
          fault('agent/bad-answer', `${controllerUrl}: a redirect (${answer.status}) came as an answer`),
        );
      });
      request.end(body);
    });
}

function answerOf(response: IncomingMessage, whyNot: (error: Error) => unknown): HttpAnswer {
  const body = bodyOf(response, whyNot);
  return {
    status: response.statusCode ?? 0,
    header(name) {
      const value = response.headers[name];
      return typeof value === 'string' ? value : value?.join(', ');
    },
    body,
    async text(maxBytes) {
      const pieces: Uint8Array[] = [];
      let bytes = 0;
      for await (const piece of body) {
        bytes += piece.length;
        if (bytes > maxBytes)
          throw fault('agent/bad-answer', `more than ${maxBytes} bytes came as an answer`);
        pieces.push(piece);
      }
      return Buffer.concat(pieces).toString();
    },
    [Symbol.dispose]() {
      if (response.complete) response.resume();
      else response.destroy();
    },
  };
}

async function* bodyOf(
  response: IncomingMessage,
  whyNot: (error: Error) => unknown,
): AsyncGenerator<Uint8Array> {
  try {
    yield* response;
  } catch (error) {
    throw error instanceof Error ? whyNot(error) : error;
  }
}

function fault(code: AgentErrorCode, message: string, cause?: Error): AppError<AgentErrorCode> {
  return new AppError(message, { code, retryable: true, cause });
}
