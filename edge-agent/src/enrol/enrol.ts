import { readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import {
  EDGE_PATHS,
  type Enrolment,
  type EnrolRequest,
  enrolment,
  fingerprintWords,
  type PrivateJwk,
  problem,
} from '@loa/contract';
import { AppError, type Clock, errorCode, type Logger, MAX_SLEEP_MS, type Secret } from '@loa/kernel';
import { writeSecretFile } from '../db/durable-file.ts';
import type { AgentErrorCode } from '../errors.ts';
import { AGENT_VERSION } from '../version.ts';
import { certificateRequest } from './certificate-request.ts';
import { type Identity, readIdentity, writeIdentity } from './identity.ts';

const FIRST_RETRY_MS = 1_000;
/** One request; a controller that takes longer is asked again. */
const ANSWER_MS = 20_000;

const fault = (code: AgentErrorCode, message: string, cause?: unknown) =>
  new AppError<AgentErrorCode>(message, { code, cause });

/**
 * Returns the box's identity: the stored one, or one that is asked for now and waited for until a person has compared the
 * six words. Survives a crash at any point: the request is asked about again instead of made again.
 * @throws {AppError} agent/claim-needed, agent/claim-refused, agent/claim-expired, agent/bad-identity.
 */
export async function enrol({
  dataDir,
  controllerUrl,
  claimCode,
  key,
  clock,
  log,
  signal,
}: {
  readonly dataDir: string;
  readonly controllerUrl: string;
  readonly claimCode: () => Promise<Secret | undefined>;
  readonly key: PrivateJwk;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}): Promise<Identity> {
  const stored = await readIdentity(dataDir);
  if (stored) return stored;
  const words = fingerprintWords(Buffer.from(key.x, 'base64url')).join(' ');
  const ticketPath = join(dataDir, 'enrolment-id');

  const request = async (path: string, init: RequestInit = {}): Promise<Enrolment> => {
    const limit = new AbortController();
    void clock.sleep(ANSWER_MS, { signal: limit.signal }).then(
      () => limit.abort(),
      () => {},
    );
    try {
      const response = await fetch(controllerUrl + path, {
        ...init,
        redirect: 'error',
        signal: AbortSignal.any([signal, limit.signal]),
      });
      return readAnswer(response.status, await response.json());
    } finally {
      limit.abort();
    }
  };

  /** Asks until there is an answer; only an answer may end the enrolment. */
  const requestUntilAnswered = async (path: string, init?: RequestInit): Promise<Enrolment> => {
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(2 * waitMs, MAX_SLEEP_MS)) {
      try {
        return await request(path, init);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof AppError && !error.retryable) throw error;
        log.warn(
          { controllerUrl, reason: errorCode(error) ?? String(error) },
          'the controller cannot be reached yet; asking again',
        );
        await clock.sleep(waitMs, { signal });
      }
    }
  };

  const begin = async (): Promise<Enrolment> => {
    const code = await claimCode();
    if (!code)
      throw fault(
        'agent/claim-needed',
        'this box has no identity yet: set LOA_AGENT_CLAIM_CODE to the claim code that the console shows for its cluster',
      );
    const asked: EnrolRequest = {
      v: 1,
      claimCode: code.reveal(),
      csrPem: certificateRequest(key, 'loa-box'),
      hardware: { hostname: hostname(), arch: process.arch, platform: process.platform },
      agentVersion: AGENT_VERSION,
    };
    return requestUntilAnswered(EDGE_PATHS.enrolments, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(asked),
    });
  };

  const ask = async (ticket: string): Promise<Enrolment> => {
    try {
      return await requestUntilAnswered(EDGE_PATHS.enrolment(ticket));
    } catch (error) {
      if (errorCode(error)?.startsWith('agent/claim')) await rm(ticketPath, { force: true });
      throw error;
    }
  };

  const ticket = await readFile(ticketPath, 'utf8').catch(() => undefined);
  let answer = ticket === undefined ? await begin() : await ask(ticket);
  if (answer.status === 'pending') {
    await writeSecretFile(ticketPath, answer.enrolmentId);
    log.info({ words }, 'waiting until somebody at the console confirms these six words');
  }
  while (answer.status === 'pending') {
    await clock.sleep(Math.min(answer.retryAfterS * 1000, MAX_SLEEP_MS), { signal });
    answer = await ask(answer.enrolmentId);
  }
  if (answer.status === 'refused') {
    await rm(ticketPath, { force: true });
    throw fault(
      'agent/claim-refused',
      `the enrolment was refused: ${answer.reason}. Ask for a new claim code.`,
    );
  }
  await writeIdentity(dataDir, answer);
  await rm(ticketPath, { force: true });
  log.info({ device: answer.deviceId, cluster: answer.clusterName }, 'this box has its identity');
  return answer;
}

/** Turns what the controller answered into an enrolment, or into a sentence about why there is none. */
function readAnswer(status: number, body: unknown): Enrolment {
  const answer = enrolment.safeParse(body);
  if (answer.success) return answer.data;
  const trouble = problem.safeParse(body);
  const { code, detail } = trouble.success ? trouble.data : { code: `HTTP ${status}`, detail: '' };
  if (code === 'edge/claim-expired')
    throw fault('agent/claim-expired', 'the claim code is too old: ask for a new one at the console');
  if (code === 'edge/claim-refused')
    throw fault(
      'agent/claim-refused',
      `the controller refused the claim code: ${detail || 'check it and try again'}`,
    );
  if (code === 'edge/not-found')
    throw fault(
      'agent/claim-refused',
      'the controller does not know this enrolment any more: ask for a new claim code',
    );
  throw new AppError<AgentErrorCode>(`the controller answered ${code} ${detail}`, {
    code: 'agent/bad-answer',
    retryable: status >= 500 || status === 429 || code === 'edge/too-many',
  });
}
