import { type Enrolment, enrolment, problem } from '@loa/contract';
import { AppError, type Clock, type Logger, MAX_SLEEP_MS } from '@loa/kernel';
import type { AgentErrorCode } from '../errors.ts';
import type { HttpOptions, HttpRequest } from '../link/http.ts';

/** Asks the controller about an enrolment until it answers; only an answer may end the enrolment. */
export type AskController = (path: string, options: Question) => Promise<Enrolment>;
type Question = Omit<HttpOptions, 'signal'>;

const FIRST_RETRY_MS = 1_000;
/** One request; a controller that takes longer is asked again. */
const ANSWER_MS = 20_000;
/** An enrolment has two PEM chains and a signed message of keys. */
const MAX_ANSWER_BYTES = 256 * 1024;

/**
 * Creates the asker of one enrolment, ended by `signal`.
 * @throws {AppError} agent/claim-refused, agent/claim-expired; agent/bad-answer for what is not of this protocol.
 */
export function createAskController({
  http,
  clock,
  log,
  signal,
}: {
  readonly http: HttpRequest;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}): AskController {
  const askOnce = async (path: string, question: Question): Promise<Enrolment> => {
    const limit = new AbortController();
    void clock.sleep(ANSWER_MS, { signal: limit.signal }).then(
      () => limit.abort(),
      () => {}, // answered in time
    );
    try {
      const either = AbortSignal.any([signal, limit.signal]);
      using answer = await http(path, { ...question, signal: either });
      return readAnswer(answer.status, JSON.parse(await answer.text(MAX_ANSWER_BYTES)));
    } finally {
      limit.abort();
    }
  };
  return async (path, question) => {
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(2 * waitMs, MAX_SLEEP_MS)) {
      try {
        return await askOnce(path, question);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof AppError && !error.retryable) throw error;
        const reason = error instanceof Error ? error.message : String(error);
        log.warn({ reason }, 'the controller cannot be reached yet; asking again');
        await clock.sleep(waitMs, { signal });
      }
    }
  };
}

/** Problems that end an enrolment, and what to do about each. */
const FINAL: Readonly<Record<string, { readonly code: AgentErrorCode; readonly sentence: string }>> = {
  'edge/claim-expired': {
    code: 'agent/claim-expired',
    sentence: 'the claim code is too old: ask for a new one at the console',
  },
  'edge/claim-refused': {
    code: 'agent/claim-refused',
    sentence: 'the controller refused the claim code: check it, or ask for a new one at the console',
  },
  'edge/not-found': {
    code: 'agent/claim-refused',
    sentence: 'the controller does not know this enrolment any more: ask for a new claim code at the console',
  },
};

/** Turns what the controller answered into an enrolment, or into a sentence about why there is none. */
function readAnswer(status: number, body: unknown): Enrolment {
  const answer = enrolment.safeParse(body);
  if (answer.success) return answer.data;
  const trouble = problem.safeParse(body);
  const { code, detail } = trouble.success ? trouble.data : { code: `HTTP ${status}`, detail: '' };
  const final = FINAL[code];
  if (final)
    throw new AppError<AgentErrorCode>(detail ? `${final.sentence} (${detail})` : final.sentence, {
      code: final.code,
    });
  throw new AppError<AgentErrorCode>(`the controller answered ${code} ${detail}`.trim(), {
    code: 'agent/bad-answer',
    retryable: status >= 500 || status === 429,
  });
}
