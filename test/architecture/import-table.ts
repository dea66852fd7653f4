/** What one workspace may import, and where code that needs more belongs. */
export interface WorkspaceRule {
  /** Workspaces it may import, by folder. */
  readonly may: readonly string[];
  /** True when only `import type` may cross. */
  readonly typesOnly?: true;
  /** The only packages (not workspaces) its code may import; without it, whatever its package.json declares. */
  readonly packages?: readonly RegExp[];
  /** Tells the person who is stopped where the code should go instead. */
  readonly instead: string;
}

/** Who may import whom. The reasons are in docs/architecture.md. */
export const IMPORT_TABLE: Readonly<Record<string, WorkspaceRule>> = {
  kernel: {
    may: [],
    packages: [/^node:/],
    instead: 'kernel imports nothing but Node: keep this in the workspace that needs it and pass it in.',
  },
  schedules: {
    may: [],
    packages: [/^rrule-temporal$/],
    instead:
      'schedules is pure: pass `now` and data in, or move this to edge-agent/src/playout or a controller/src/<feature>/*.service.ts.',
  },
  contract: {
    may: ['kernel', 'schedules'],
    instead:
      'contract holds only what crosses the wire: move the logic to controller or edge-agent and keep the message here.',
  },
  media: {
    may: ['kernel'],
    instead: 'media knows sounds, not schedules or messages: take plain values and let the caller translate.',
  },
  'firmware-bridge': {
    may: ['kernel'],
    instead:
      'firmware-bridge knows relays, volume and faults only: decide in edge-agent and pass the decision in.',
  },
  'edge-agent': {
    may: ['kernel', 'contract', 'schedules', 'firmware-bridge', 'media'],
    instead:
      'both ends meet only on the wire: put what they share into contract (messages) or schedules (rules).',
  },
  controller: {
    may: ['kernel', 'contract', 'schedules', 'media'],
    instead:
      'both ends meet only on the wire: put what they share into contract (messages) or schedules (rules).',
  },
  'controller/web': {
    may: ['controller', 'contract'],
    typesOnly: true,
    instead:
      'the console takes types only: write `import type`, and ask the controller over HTTP for values.',
  },
  test: {
    may: ['kernel', 'contract', 'schedules', 'media', 'firmware-bridge', 'edge-agent', 'controller'],
    instead: 'whole-system tests may import every workspace, through its doors.',
  },
};

/** A package that only some files may import. */
export interface PackageDoor {
  readonly name: RegExp;
  readonly files: RegExp;
  readonly instead: string;
}

/** Packages with one door. A test beside an allowed file (`x.store.test.ts`) may use the same package. */
export const PACKAGE_DOORS: readonly PackageDoor[] = [
  {
    name: /^kysely(\/|$)/,
    files: /\.store\.ts$|^controller\/src\/db\//,
    instead: 'SQL belongs in a .store.ts file or in controller/src/db.',
  },
  {
    name: /^(hono|@hono\/[^/]+)(\/|$)/,
    files: /\.routes\.ts$|^controller\/src\/http\/|^controller\/web\/|^test\/support\/person\.ts$/,
    instead: 'HTTP belongs in a .routes.ts file or in controller/src/http; let the service return a value.',
  },
  {
    name: /^mqtt(\/|$)/,
    files:
      /\.gateway\.ts$|^controller\/src\/mqtt\/|^controller\/src\/broker\/.*(\.test|-fixture)\.ts$|^edge-agent\/src\/link\/|^test\//,
    instead:
      'MQTT belongs in a .gateway.ts file, controller/src/mqtt or edge-agent/src/link; pass messages in.',
  },
  {
    name: /^aedes(\/|$|-)/,
    files: /^controller\/src\/broker\//,
    instead:
      'the broker is a separate process in controller/src/broker; speak to it through the mqtt client.',
  },
  {
    name: /^(serialport|modbus-serial)(\/|$)/,
    files: /\.driver\.ts$/,
    instead: 'hardware belongs in a firmware-bridge/src/drivers/*.driver.ts file.',
  },
];

/** The closed list of roles a file name may end in; CONTRIBUTING.md explains each. */
export const FILE_SUFFIXES = [
  'service',
  'store',
  'routes',
  'gateway',
  'driver',
  'schema',
  'fake',
  'conformance',
  'process',
  'test',
  'bench',
  'config',
];

/** Names that say nothing, so that everything ends up in them. */
export const DUMPING_GROUNDS = /^(utils?|helpers?|common|misc|types)$/;
