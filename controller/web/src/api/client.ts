import type { Problem } from '@loa/contract';
import type { AppType } from '@loa/controller';
import { hc } from 'hono/client';

/** The controller's API, typed by its own routes. */
export const api = hc<AppType>('/api/v1');

/** A refusal of the controller, with its sentence and code. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;

  constructor({ code, status, detail }: Pick<Problem, 'code' | 'status' | 'detail'>) {
    super(detail);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
  }
}

/** Anything that `hc` answers with. */
interface Answer<Body> {
  readonly ok: boolean;
  readonly status: number;
  json(): Promise<Body>;
}

/**
 * Returns the body of an answer.
 * @throws {ApiError} with the problem document's sentence, or `network/unreachable` when there was no answer at all.
 */
export async function read<Body>(request: Promise<Answer<Body>>): Promise<Body> {
  let answer: Answer<Body>;
  try {
    answer = await request;
  } catch {
    throw new ApiError({ code: 'network/unreachable', status: 0, detail: 'the controller does not answer' });
  }
  if (answer.ok) return answer.json();
  const problem = (await answer.json().catch(() => undefined)) as Problem | undefined;
  throw new ApiError({
    code: problem?.code ?? 'network/unreadable',
    status: answer.status,
    detail: problem?.detail ?? `HTTP ${answer.status}`,
  });
}
