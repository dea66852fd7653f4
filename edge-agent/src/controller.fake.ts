import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  CHANNEL_OF,
  type Channel,
  CLAIM_HEADER,
  createSigner,
  deviceId,
  type Enrolment,
  EVERY_BOX,
  enrolRequest,
  type Hello,
  hello as helloSchema,
  type JournalBatch,
  linkAuthorization,
  type MessageKind,
  openJournal,
  openReceipt,
  parseTopic,
  type Receipt,
  type StateRevisions,
  timeRequest,
  topicOf,
} from '@loa/contract';
import { someKeys, TEST_KEYS } from '@loa/contract/testing';
import { type BrokerFake, createBrokerFake } from './link/broker.fake.ts';

type Event = JournalBatch['events'][number];

/** Whose key signs a message, and what it says; what is left out is filled in. */
export interface FakeMessage {
  readonly kind: MessageKind;
  readonly body: unknown;
  readonly key?: keyof typeof TEST_KEYS;
  readonly [field: string]: unknown;
}

/** The other end of the wire for one box: broker, enrolment, media and orders over HTTP, and a ledger of events. */
export interface ControllerFake {
  readonly broker: BrokerFake;
  readonly device: string;
  readonly linkKey: string;
  start(): Promise<{ readonly url: string; readonly mqttUrl: string }>;
  stop(): Promise<void>;
  /** Signs a message for the box; states and acts get the fields that they need. */
  sign(message: FakeMessage): Promise<string>;
  /** Signs and sends on the message's own channel, or on another. Returns the text that was sent. */
  send(message: FakeMessage, channel?: Channel): Promise<string>;
  sendRaw(channel: Channel, payload: string | Uint8Array): void;
  /** Gives a sound to serve; returns its name, or serves `bytes` under a name that is not theirs. */
  serve(bytes: Uint8Array, name?: string): { readonly sha256: string; readonly bytes: number };
  /** What the box has delivered and this end has committed, in order and without gaps. */
  readonly events: readonly Event[];
  readonly receipts: readonly Receipt[];
  readonly hellos: readonly Hello[];
  readonly health: readonly Uint8Array[];
  readonly requests: readonly { readonly path: string; readonly range: string | undefined }[];
  readonly options: {
    /** Answers hellos. */
    welcomes: boolean;
    /** Signs acks for journal batches. */
    acks: boolean;
    /** How the enrolment goes. */
    enrolment: 'issue' | 'wait' | 'refuse' | 'expired';
    /** Cuts a media answer after so many bytes, once. */
    cutAfterBytes: number | undefined;
    /** What the controller's clock says more than the real one. */
    timeOffsetMs: number;
    states: StateRevisions;
    wants: readonly ('plan' | 'policy')[];
    journal: 'as-committed' | { readonly seq: number };
  };
}

/** The key that comes after this prefix in a request is the box's (RFC 8410 §4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** Creates the fake. `nowMs` is the time it believes in. */
export function createControllerFake({
  nowMs,
  device: name = 'box-0001',
}: {
  readonly nowMs: () => number;
  readonly device?: string;
}): ControllerFake {
  const device = deviceId.parse(name);
  const linkKey = randomBytes(32).toString('base64url');
  const broker = createBrokerFake({ accept: (user, password) => user === device && password === linkKey });
  const events: Event[] = [];
  const receipts: Receipt[] = [];
  const hellos: Hello[] = [];
  const health: Uint8Array[] = [];
  const requests: { path: string; range: string | undefined }[] = [];
  const files = new Map<string, Uint8Array>();
  const options: ControllerFake['options'] = {
    welcomes: true,
    acks: true,
    enrolment: 'issue',
    cutAfterBytes: undefined,
    timeOffsetMs: 0,
    states: {},
    wants: [],
    journal: 'as-committed',
  };
  let boxKey: { kid: string; x: string } | undefined;
  let journalId: string | undefined;
  let mqttUrl = '';
  let claimCode = '';
  let count = 0;
  const now = () => Math.round(nowMs() + options.timeOffsetMs);

  const sign: ControllerFake['sign'] = async ({
    kind,
    key = kind === 'keys' ? 'root' : 'order',
    ...rest
  }) => {
    const signer = await createSigner(TEST_KEYS[key]);
    const isState = ['plan', 'policy', 'hold', 'config', 'keys', 'update'].includes(kind);
    const isReply = ['welcome', 'ack', 'time'].includes(kind);
    const fields = isState ? { epoch: 1, rev: ++count } : isReply ? {} : { expMs: now() + 60_000 };
    const addressee = kind === 'keys' ? EVERY_BOX : device;
    const message = {
      v: 1,
      suite: 'eddsa-1',
      device: addressee,
      id: `ord_${++count}`,
      issuedAtMs: now(),
      ...fields,
      ...rest,
    };
    return signer.sign({ ...message, kind });
  };
  const sendRaw = (channel: Channel, payload: string | Uint8Array) =>
    broker.send(topicOf(device, channel), payload);
  const send: ControllerFake['send'] = async (message, channel = CHANNEL_OF[message.kind]) => {
    const jws = await sign(message);
    sendRaw(channel, jws);
    return jws;
  };

  const keys = async () => {
    const { kid, x } = (await createSigner(TEST_KEYS.order)).publicKey;
    const halfYearMs = 180 * 86_400_000; // both halves within LIMITS.orderKeyDays
    const body = someKeys({
      orderKeys: [
        { kid, x, notBeforeMs: now() - halfYearMs, notAfterMs: now() + halfYearMs, revoked: false },
      ],
    });
    return sign({ kind: 'keys', body, epoch: 0, rev: 1 });
  };

  const issue = async (): Promise<Enrolment> => ({
    status: 'issued',
    enrolmentId: 'enr_1',
    deviceId: device,
    clusterId: 'cum-thon-1' as never,
    clusterName: 'Thôn 1',
    certificatePem: null,
    authorityPem: null,
    linkKey,
    root: (await createSigner(TEST_KEYS.root)).publicKey,
    keys: await keys(),
    mqttUrl,
  });

  const commit = ({ journalId: id, events: batch }: JournalBatch) => {
    if (journalId !== id) events.length = 0;
    journalId = id;
    for (const event of batch) {
      const next = (events.at(-1)?.seq ?? 0) + 1;
      if (event.seq === next || (event.seq > next && event.kind === 'lost')) events.push(event);
    }
  };

  broker.onMessage(({ topic, payload }) => {
    void (async () => {
      const channel = parseTopic(topic)?.channel;
      const jws = payload.toString('latin1');
      if (channel === 'hello') {
        const hello = helloSchema.parse(JSON.parse(payload.toString()));
        hellos.push(hello);
        if (!options.welcomes) return;
        const seq = options.journal === 'as-committed' ? (events.at(-1)?.seq ?? 0) : options.journal.seq;
        const journal = { journalId: hello.journal.journalId, seq };
        const body = {
          nonce: hello.nonce,
          timeMs: now(),
          states: options.states,
          wants: options.wants,
          journal,
        };
        await send({ kind: 'welcome', body });
      }
      if (channel === 'time/req') {
        const { nonce } = timeRequest.parse(JSON.parse(payload.toString()));
        await send({ kind: 'time', body: { nonce, timeMs: now() } });
      }
      if (channel === 'health') health.push(payload);
      if (!boxKey) return;
      if (channel === 'receipt') {
        const opened = await openReceipt(jws, device, boxKey);
        if (opened.ok) receipts.push(opened.message);
      }
      if (channel === 'journal') {
        const opened = await openJournal(jws, device, boxKey);
        if (!opened.ok) throw new TypeError(`a journal batch does not open: ${opened.why}`);
        commit(opened.message);
        const seq = events.at(-1)?.seq ?? 0;
        if (options.acks) await send({ kind: 'ack', body: { journalId, seq } });
      }
    })();
  });

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '';
    const range = request.headers.range;
    requests.push({ path, range });
    const json = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    const problem = (status: number, code: string) =>
      json(status, { type: 'about:blank', title: code, status, code, detail: 'because the test says so' });
    if (path.startsWith('/edge/v1/enrolments')) {
      const text = Buffer.concat(await Array.fromAsync(request)).toString();
      if (request.method === 'POST') {
        const asked = enrolRequest.parse(JSON.parse(text));
        claimCode = asked.claimCode;
        const der = Buffer.from(asked.csrPem.replace(/-----.*-----/g, ''), 'base64');
        const at = der.indexOf(SPKI_PREFIX) + SPKI_PREFIX.length;
        const x = der.subarray(at, at + 32).toString('base64url');
        const thumbprint = JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }); // RFC 7638
        boxKey = { kid: createHash('sha256').update(thumbprint).digest('base64url'), x };
      }
      if (options.enrolment === 'expired') return problem(410, 'edge/claim-expired');
      if (options.enrolment === 'refuse')
        return json(200, { status: 'refused', enrolmentId: 'enr_1', reason: 'the words differ' });
      if (options.enrolment === 'wait')
        return json(202, {
          status: 'pending',
          enrolmentId: 'enr_1',
          fingerprintWords: ['a', 'b', 'c', 'd', 'e', 'f'],
          retryAfterS: 1,
        });
      if (request.method === 'GET' && request.headers[CLAIM_HEADER] !== claimCode)
        return problem(403, 'edge/claim-refused');
      return json(200, await issue());
    }
    if (request.headers.authorization !== linkAuthorization(device, linkKey))
      return problem(401, 'edge/unauthorised');
    if (request.method === 'PUT') {
      const text = Buffer.concat(await Array.fromAsync(request));
      files.set(path.split('/').at(-1) ?? '', text);
      return void response.writeHead(204).end();
    }
    const file = files.get(path.split('/').at(-1) ?? '');
    if (!file) return problem(404, 'edge/not-found');
    const from = Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
    if (from >= file.length) return problem(416, 'edge/range-not-satisfiable');
    const headers = { 'content-length': String(file.length - from) };
    if (range)
      response.writeHead(206, {
        ...headers,
        'content-range': `bytes ${from}-${file.length - 1}/${file.length}`,
      });
    else response.writeHead(200, headers);
    if (options.cutAfterBytes === undefined) return void response.end(file.subarray(from));
    response.write(file.subarray(from, from + options.cutAfterBytes), () => response.destroy());
    options.cutAfterBytes = undefined;
  };
  const server = createServer((request, response) => void answer(request, response));

  return {
    broker,
    device,
    linkKey,
    events,
    receipts,
    hellos,
    health,
    requests,
    options,
    sign,
    send,
    sendRaw,
    async start() {
      mqttUrl = await broker.start();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, mqttUrl };
    },
    async stop() {
      await broker.stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
    serve(bytes, name = createHash('sha256').update(bytes).digest('hex')) {
      files.set(name, bytes);
      return { sha256: name, bytes: bytes.length };
    },
  };
}
