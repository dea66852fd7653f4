import type { OccurrenceId } from '@loa/kernel';
import { ROUTINE_RULES } from '@loa/schedules';
import { aConfig, aKeyRecord, aPlan, aPolicy, aSound, EXAMPLE_MS, sha256Of, someKeys } from './builders.ts';
import type { JournalBatch, JournalEvent, Receipt } from './journal.ts';
import { EVERY_BOX, type MessageKind, type MessageOf } from './orders.ts';
import { parseDeviceId } from './topics.ts';

/** The box to which every sample is addressed. */
export const SAMPLE_DEVICE = parseDeviceId('loa-3f8k2m');
/** The order key of the samples: what `createSigner(TEST_KEYS.order)` publishes. */
const ORDER_KEY = {
  kid: 'WIVScylYTLJY--UYWxHi5Uwwwoq4RnZEvevY3mdaFzI',
  x: 'wxJcmzJsqXw2d9bNBq9clWr1TsI1zMXg4vDe3zqq81A',
};
const MINUTE_MS = 60_000;

const signed = (id: string) => ({
  v: 1 as const,
  suite: 'eddsa-1' as const,
  device: SAMPLE_DEVICE,
  id,
  issuedAtMs: EXAMPLE_MS,
});
const state = (id: string, rev: number) => ({ ...signed(id), epoch: 1, rev });
const act = (id: string) => ({ ...signed(id), expMs: EXAMPLE_MS + 10 * MINUTE_MS });
const emergency = { ...ROUTINE_RULES, class: 'emergency' as const, rank: 90 };
const twoPersons = { kind: 'two-persons' as const, by: 'Nguyễn Thị Hoa', confirmedBy: 'Trần Văn Bình' };

/** One message of every kind that the controller or the root signs. */
export const SAMPLE_MESSAGES: { readonly [Kind in MessageKind]: MessageOf<Kind> } = {
  plan: { kind: 'plan', ...state('ord_0001', 4), body: { kind: 'inline', content: aPlan() } },
  policy: { kind: 'policy', ...state('ord_0002', 2), body: aPolicy() },
  hold: {
    kind: 'hold',
    ...state('ord_0003', 3),
    body: {
      holds: [
        {
          id: 'hold_0001',
          includesEmergency: false,
          fromMs: EXAMPLE_MS,
          untilMs: null,
          reason: 'Lễ tang tại thôn 1',
          by: 'Trần Văn Bình',
        },
      ],
    },
  },
  config: {
    kind: 'config',
    ...state('ord_0004', 1),
    body: aConfig({
      pinned: [
        {
          templateId: 'tpl_flood',
          name: 'Cảnh báo lũ',
          version: 2,
          manifest: sha256Of('flood manifest'),
          sounds: [aSound('siren'), aSound('flood'), aSound('drill')],
          parts: [
            { kind: 'sound', sound: 0 },
            { kind: 'pause', ms: 1000 },
            { kind: 'sound', sound: 1, language: 'vi' },
          ],
          repeat: { times: 3, gapMs: 5000 },
          gainDb: 0,
          drillParts: [{ kind: 'sound', sound: 2, language: 'vi' }],
          byHand: true,
        },
      ],
    }),
  },
  keys: {
    kind: 'keys',
    ...state('ord_0005', 1),
    device: EVERY_BOX,
    body: someKeys({ orderKeys: [aKeyRecord(ORDER_KEY)] }),
  },
  update: {
    kind: 'update',
    ...state('ord_0006', 1),
    body: {
      targets: [
        {
          component: 'agent',
          version: '1.4.0',
          sha256: sha256Of('agent'),
          bytes: 41_943_040,
          release: 'eyJhbGciOiJFZERTQSJ9.e30.AA',
          installFrom: '01:00',
          installTo: '03:30',
        },
      ],
    },
  },
  play: {
    kind: 'play',
    ...act('ord_0007'),
    body: {
      occurrenceId: 'cum-thon-1~ord_0007~1767564002000' as OccurrenceId,
      title: 'Cảnh báo lũ trên sông Trà Khúc',
      rules: emergency,
      sounds: [aSound('siren'), aSound('flood')],
      parts: [
        { kind: 'sound', sound: 0 },
        { kind: 'sound', sound: 1, language: 'vi' },
      ],
      repeat: { times: 3, gapMs: 5000 },
      gainDb: 0,
      startAtMs: EXAMPLE_MS + 2000,
      stopByMs: EXAMPLE_MS + 10 * MINUTE_MS,
      drill: false,
      authority: { kind: 'template', templateId: 'tpl_flood', version: 2, by: 'Nguyễn Thị Hoa' },
    },
  },
  'session-open': {
    kind: 'session-open',
    ...act('ord_0008'),
    body: {
      sessionId: 'ses_0001',
      occurrenceId: 'cum-thon-1~ord_0008~1767564005000' as OccurrenceId,
      title: 'Chủ tịch xã nói chuyện trực tiếp',
      source: 'live',
      relayId: null,
      rules: { ...emergency, class: 'priority' },
      gainDb: -3,
      startAtMs: EXAMPLE_MS + 5000,
      maxMs: 15 * MINUTE_MS,
      frameKeySha256: sha256Of('frame key'),
      jitterMs: 600,
      sounds: [aSound('chime'), aSound('stand by')],
      preRoll: [0],
      standBy: [1],
      authority: twoPersons,
    },
  },
  'session-close': {
    kind: 'session-close',
    ...act('ord_0009'),
    body: { sessionId: 'ses_0001', reason: 'Buổi phát đã kết thúc' },
  },
  'self-test': {
    kind: 'self-test',
    ...act('ord_0010'),
    body: { stages: ['sink', 'amplifier'], gainDb: -46 },
  },
  cancel: {
    kind: 'cancel',
    ...act('ord_0011'),
    body: { actId: 'ord_0007', reason: 'Đã hết cảnh báo', by: 'Trần Văn Bình' },
  },
  welcome: {
    kind: 'welcome',
    ...signed('ans_0001'),
    body: {
      nonce: 'AAAAAAAAAAAAAAAAAAAAAA',
      timeMs: EXAMPLE_MS,
      states: { plan: { epoch: 1, rev: 4 }, hold: { epoch: 1, rev: 3 } },
      wants: ['policy'],
      journal: { journalId: 'jrn-1', seq: 12 },
    },
  },
  ack: { kind: 'ack', ...signed('ans_0002'), body: { journalId: 'jrn-1', seq: 28 } },
  time: {
    kind: 'time',
    ...signed('ans_0003'),
    body: { nonce: 'BBBBBBBBBBBBBBBBBBBBBA', timeMs: EXAMPLE_MS },
  },
};

const occurrence = {
  occurrenceId: 'cum-thon-1~ser_0001~1767564000000' as OccurrenceId,
  origin: { kind: 'plan' as const, epoch: 1, rev: 4 },
  plannedAtMs: EXAMPLE_MS,
};

type Facts<Kind extends JournalEvent['kind']> = Omit<
  Extract<JournalEvent, { readonly kind: Kind }>,
  'seq' | 'atMs' | 'clock' | 'bootId' | 'kind'
>;
const facts: { readonly [Kind in JournalEvent['kind']]: Facts<Kind> } = {
  boot: { agentVersion: '0.1.0', cause: 'power returned' },
  receipt: {
    receipt: {
      orderId: 'ord_0001',
      kind: 'plan',
      revision: { epoch: 1, rev: 4 },
      verdict: 'accepted',
      code: null,
      detail: '',
    },
  },
  claim: occurrence,
  outcome: {
    ...occurrence,
    result: 'played',
    reason: 'complete',
    evidence: 'microphone',
    airing: {
      startedAtMs: EXAMPLE_MS + 12,
      endedAtMs: EXAMPLE_MS + 15_012,
      startErrorMs: 12,
      heardMs: 15_000,
      repeatsDone: 1,
      gainDb: 0,
      peakDbfs: -1.2,
      rmsDbfs: -16.3,
      confidence: 0.97,
      evidenceDb: 18.5,
    },
    detail: '',
  },
  media: { sha256: sha256Of('speech'), state: 'held', code: null },
  hold: { holds: ['hold_0001'], silent: true },
  'clock-change': { from: 'holdover', to: 'trusted', stepMs: -140, uncertaintyMs: 30 },
  sink: { state: 'lost', gapMs: 820, detail: 'aplay ended with code 1' },
  amplifier: { state: 'on', detail: '' },
  session: { sessionId: 'ses_0001', state: 'left', framesHeard: 9_800, framesRefused: 0 },
  'self-test': {
    actId: 'ord_0010',
    stages: [{ stage: 'sink', passed: true, confidence: 0.98, detail: '' }],
  },
  local: { action: 'stop', by: 'trưởng thôn', untilMs: EXAMPLE_MS + 30 * MINUTE_MS },
  refused: {
    channel: 'order',
    code: 'order/bad-signature',
    count: 40,
    detail: 'the signature does not fit the bytes',
  },
  original: {
    state: 'policy',
    epoch: 1,
    rev: 2,
    sha256: sha256Of('eyJhbGciOiJFZERTQSJ9.e30.AA'),
    jws: 'eyJhbGciOiJFZERTQSJ9.e30.AA',
  },
  update: {
    component: 'agent',
    version: '1.4.0',
    state: 'downloading',
    percent: 40,
    code: null,
    detail: '',
  },
  traffic: {
    fromMs: EXAMPLE_MS - 3_600_000,
    toMs: EXAMPLE_MS,
    bytes: {
      live: { up: 0, down: 0 },
      orders: { up: 420, down: 9_800 },
      journal: { up: 5_100, down: 640 },
      media: { up: 900, down: 1_240_000 },
      time: { up: 2_400, down: 4_100 },
      other: { up: 3_500, down: 200 },
    },
  },
  forecast: {
    planEpoch: 1,
    planRev: 4,
    missing: [sha256Of('speech')],
    reason: 'will-not-arrive',
    dueAtMs: EXAMPLE_MS + 86_400_000,
  },
  fault: { code: 'storage/slow-disk', detail: 'a commit took 2.1 s' },
  lost: { from: 3, to: 9 },
};

/** One journal event of every kind, following one another. */
export const SAMPLE_EVENTS: readonly JournalEvent[] = Object.entries(facts).map(
  ([kind, fact], index) =>
    ({
      seq: 13 + index,
      atMs: EXAMPLE_MS,
      clock: 'trusted',
      bootId: 'boot-1',
      kind,
      ...fact,
    }) as JournalEvent,
);

const fromBox = { v: 1 as const, suite: 'eddsa-1' as const, device: SAMPLE_DEVICE };

/** All of them in one batch. */
export const SAMPLE_BATCH: JournalBatch = { ...fromBox, journalId: 'jrn-1', events: [...SAMPLE_EVENTS] };

/** A refusal of an altered order, whose id could not be believed. */
export const SAMPLE_REFUSAL: Receipt = {
  ...fromBox,
  atMs: EXAMPLE_MS,
  clock: 'trusted',
  orderId: null,
  kind: null,
  revision: null,
  verdict: 'refused',
  code: 'order/bad-signature',
  detail: 'the signature does not fit the bytes',
};

/** The acceptance of the sample plan. */
export const SAMPLE_RECEIPT: Receipt = {
  ...SAMPLE_REFUSAL,
  orderId: 'ord_0001',
  kind: 'plan',
  revision: { epoch: 1, rev: 4 },
  verdict: 'accepted',
  code: null,
  detail: '',
};
