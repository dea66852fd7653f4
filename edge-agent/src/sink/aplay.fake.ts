import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A stand-in for `aplay` and the kernel behind it: a program of its own that plays at the pace of a card. */
export interface FakeAplay {
  readonly program: string;
  /** Stands for `/proc/asound`. */
  readonly procFolder: string;
  /** Returns what the card has played in its present life. */
  heard(): Int16Array;
  /** Returns when the first sample left the card, on the kernel's monotonic clock in milliseconds. */
  beganAtMs(): number;
  /** Returns the process id of the present life. */
  pid(): number;
  /** Returns the arguments it was started with. */
  args(): readonly string[];
}

/** Writes the program and a card 0 with one playback device, whose buffer holds 200 ms, into `folder`. */
export function installFakeAplay(folder: string, { bufferMs = 200 } = {}): FakeAplay {
  const program = join(folder, 'aplay');
  const procFolder = join(folder, 'asound');
  mkdirSync(join(procFolder, 'card0/pcm0p/sub0'), { recursive: true });
  writeFileSync(
    join(procFolder, 'cards'),
    ' 0 [Device         ]: USB-Audio - USB Audio Device\n                      C-Media USB Audio Device at usb-1\n',
  );
  writeFileSync(join(procFolder, 'card0/pcm0p/sub0/status'), 'closed\n');
  writeFileSync(program, `#!${process.execPath}\nconst BUFFER = ${bufferMs * 96};\n${SCRIPT}`);
  chmodSync(program, 0o755);
  const read = (name: string) => readFileSync(join(folder, name));
  const life = () => JSON.parse(read('life.json').toString());
  return {
    program,
    procFolder,
    heard() {
      const bytes = read('heard.raw');
      return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    },
    beganAtMs: () => life().beganAtMs,
    pid: () => life().pid,
    args: () => life().args,
  };
}

/*
 * The card takes periods while its buffer has room, begins when the buffer is full, and then plays 48 samples a
 * millisecond; each 3 ms it writes the status as the kernel's snd_pcm_substream_proc_status_read would print it.
 */
const SCRIPT = `
const { closeSync, openSync, renameSync, writeFileSync, writeSync } = require('node:fs');
const PERIOD = 960 * 2;
const status = __dirname + '/asound/card0/pcm0p/sub0/status';
const replace = (path, text) => { writeFileSync(path + '.new', text); renameSync(path + '.new', path); };
const note = (more) => replace(__dirname + '/life.json', JSON.stringify({ pid: process.pid, args: process.argv.slice(2), ...more }));
const heard = openSync(__dirname + '/heard.raw', 'w');
const nowMs = () => Number(process.hrtime.bigint()) / 1e6;
const seconds = (ms) => (ms / 1000).toFixed(9);
let buffer = Buffer.alloc(0), taken = 0, played = 0, beganAtMs = 0, ended = false;
note({});
process.stdin.on('end', () => { ended = true; }).pause();
const timer = setInterval(() => {
  for (let chunk; taken - played * 2 + PERIOD <= BUFFER && (chunk = process.stdin.read(PERIOD)); taken += chunk.length)
    buffer = Buffer.concat([buffer, chunk]);
  const now = nowMs();
  if (!beganAtMs && taken >= BUFFER) note({ beganAtMs: (beganAtMs = now) });
  if (beganAtMs) {
    const wanted = Math.min(Math.floor((now - beganAtMs) * 48), taken / 2) - played;
    writeSync(heard, buffer.subarray(0, wanted * 2));
    buffer = buffer.subarray(wanted * 2);
    played += wanted;
  }
  const delay = taken / 2 - played;
  replace(status, [
    'state: ' + (beganAtMs ? 'RUNNING' : 'PREPARED'),
    'owner_pid   : ' + process.pid,
    'trigger_time: ' + seconds(beganAtMs),
    'tstamp      : ' + seconds(now),
    'delay       : ' + delay,
    'avail       : ' + (BUFFER / 2 - delay),
    'avail_max   : ' + BUFFER / 2,
    '-----',
    'hw_ptr      : ' + played,
    'appl_ptr    : ' + taken / 2,
    '',
  ].join('\\n'));
  if (ended) clearInterval(timer);
}, 3);
`;
