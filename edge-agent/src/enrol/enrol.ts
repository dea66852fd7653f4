import { hostname } from 'node:os';
import {
  CLAIM_HEADER,
  EDGE_PATHS,
  type EnrolRequest,
  fingerprintWords,
  type PrivateJwk,
} from '@loa/contract';
import { AppError, type Clock, errorCode, type Logger, MAX_SLEEP_MS, type Secret } from '@loa/kernel';
import type { AgentErrorCode } from '../errors.ts';
import type { HttpRequest } from '../link/http.ts';
import { AGENT_VERSION } from '../version.ts';
import { createAskController } from './ask-controller.ts';
import { certificateRequest } from './certificate-request.ts';
import { type Identity, readIdentity, writeIdentity } from './identity.ts';
import { type Ticket, ticketFileIn } from './ticket.ts';

/**
 * Returns the box's identity: the stored one, or one that is asked for now and waited for until a person has compared the
 * six words. Survives a crash at any point: the request is asked about again instead of made again.
 * @throws {AppError} agent/claim-needed, agent/claim-refused, agent/claim-expired, agent/bad-identity, agent/bad-answer.
 */
export async function enrol({
  dataDir,
  http,
  claimCode,
  key,
  clock,
  log,
  signal,
}: {
  readonly dataDir: string;
  readonly http: HttpRequest;
  readonly claimCode: () => Promise<Secret | undefined>;
  readonly key: PrivateJwk;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}): Promise<Identity> {
  const stored = await readIdentity(dataDir);
  if (stored) return stored;
  const askController = createAskController({ http, clock, log, signal });
  const ticketFile = ticketFileIn(dataDir);

  const begin = async (code: string) => {
    const asked: EnrolRequest = {
      v: 1,
      claimCode: code,
      csrPem: certificateRequest(key, 'loa-box'),
      hardware: { hostname: hostname(), arch: process.arch, platform: process.platform },
      agentVersion: AGENT_VERSION,
    };
    const headers = { 'content-type': 'application/json' };
    return askController(EDGE_PATHS.enrolments, { method: 'POST', headers, body: JSON.stringify(asked) });
  };
  const goOn = ({ enrolmentId, claimCode: code }: Ticket) =>
    askController(EDGE_PATHS.enrolment(enrolmentId), { headers: { [CLAIM_HEADER]: code } });

  const waitForPerson = async (): Promise<Identity> => {
    const ticket = await ticketFile.read();
    const code = ticket?.claimCode ?? (await neededCode(claimCode)).reveal();
    let answer = ticket ? await goOn(ticket) : await begin(code);
    if (answer.status === 'pending') {
      await ticketFile.write({ enrolmentId: answer.enrolmentId, claimCode: code });
      const words = fingerprintWords(Buffer.from(key.x, 'base64url')).join(' ');
      log.info({ words }, 'waiting until somebody at the console confirms these six words');
    }
    while (answer.status === 'pending') {
      await clock.sleep(Math.min(answer.retryAfterS * 1000, MAX_SLEEP_MS), { signal });
      answer = await goOn({ enrolmentId: answer.enrolmentId, claimCode: code });
    }
    if (answer.status === 'issued') return answer;
    throw new AppError<AgentErrorCode>(
      `the enrolment was refused: ${answer.reason}. Ask for a new claim code.`,
      { code: 'agent/claim-refused' },
    );
  };

  try {
    const identity = await waitForPerson();
    await writeIdentity(dataDir, identity);
    await ticketFile.remove();
    log.info({ device: identity.deviceId, cluster: identity.clusterName }, 'this box has its identity');
    return identity;
  } catch (error) {
    if (errorCode(error)?.startsWith('agent/claim-')) await ticketFile.remove();
    throw error;
  }
}

async function neededCode(claimCode: () => Promise<Secret | undefined>): Promise<Secret> {
  const code = await claimCode();
  if (code) return code;
  throw new AppError<AgentErrorCode>(
    'this box has no identity yet: set LOA_AGENT_CLAIM_CODE to the claim code that the console shows for its cluster',
    { code: 'agent/claim-needed' },
  );
}
