import { describe, expect, it } from 'vitest';
import { EDGE_ERROR_STATUS } from './codes.ts';
import { SESSION_CLOSE_CODES, sessionEnd, sessionKey, sessionReport } from './session-socket.ts';

const head = { v: 1, sessionId: 'ses_0001' };
const key = { ...head, kind: 'session-key', frameKey: 'A'.repeat(43) };
const report = {
  ...head,
  kind: 'session-report',
  bufferMs: 540,
  framesHeard: 12,
  framesRefused: 0,
  sounding: true,
};
const end = { ...head, kind: 'session-end', lastSeq: 9799 };

describe('the messages of a session', () => {
  it.each([
    ['key', sessionKey, key],
    ['report', sessionReport, report],
    ['end', sessionEnd, end],
  ] as const)('are told apart by their kind: %s', (_, schema, message) => {
    for (const other of [key, report, end])
      expect(schema.safeParse(other).success).toBe(other.kind === message.kind);
  });

  it('report no sound that has not come, and no count below none', () => {
    for (const change of [{ bufferMs: -1 }, { framesHeard: -1 }, { sounding: 1 }, { v: 2 }])
      expect(sessionReport.safeParse({ ...report, ...change }).success, JSON.stringify(change)).toBe(false);
  });

  it('end at a frame, or without one', () => {
    expect(sessionEnd.parse({ ...end, lastSeq: null })).toEqual({ ...end, lastSeq: null });
    expect(sessionEnd.safeParse({ ...end, lastSeq: -1 }).success).toBe(false);
  });
});

it('a session closes with 4000 and the status that says the same over HTTP', () => {
  expect(SESSION_CLOSE_CODES).toEqual({
    unauthorised: 4000 + EDGE_ERROR_STATUS['edge/unauthorised'],
    ended: 4000 + EDGE_ERROR_STATUS['edge/session-ended'],
    'too-slow': 4000 + EDGE_ERROR_STATUS['edge/too-many'],
  });
});
