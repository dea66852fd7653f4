import { describe, expect, it } from 'vitest';
import { AppError } from './app-error.ts';
import { type ConfigSchema, loadConfig, parseEnvFile } from './config.ts';

/** Says no with these issues, or yes with what it was given. */
const schema = (
  issues?: Extract<ReturnType<ConfigSchema<unknown>['~standard']['validate']>, { issues: object }>['issues'],
) =>
  ({
    '~standard': { validate: (value: unknown) => (issues ? { issues } : { value }) },
  }) as ConfigSchema<unknown>;

const faultOf = (work: () => unknown): AppError => {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('loadConfig', () => {
  it('takes the keys that begin with LOA_, the environment over the file', () => {
    const config = loadConfig(schema(), {
      env: { LOA_PORT: '81', HOME: '/root', LOA_EMPTY: '', LOA_UNSET: undefined },
      file: { LOA_PORT: '80', LOA_DATA_DIR: '/var/lib/loa', OTHER: 'x', LOA_UNSET: 'from the file' },
    });
    expect(config).toEqual({
      LOA_PORT: '81',
      LOA_DATA_DIR: '/var/lib/loa',
      LOA_EMPTY: '',
      LOA_UNSET: 'from the file',
    });
  });

  it('lists every bad key at once, with what was wanted and where it was set', () => {
    const fault = faultOf(() =>
      loadConfig(
        schema([
          { message: 'wanted a port, 1 to 65535', path: ['LOA_PORT'] },
          { message: 'wanted a folder', path: [{ key: 'LOA_DATA_DIR' }] },
          { message: 'is required', path: ['LOA_CONTROLLER_URL'] },
          { message: 'two brokers are configured' },
        ]),
        { env: { LOA_PORT: 'x' }, file: { LOA_PORT: '80', LOA_DATA_DIR: '' } },
      ),
    );
    expect(fault.code).toBe('config/invalid');
    expect(fault.message.split('\n')).toEqual([
      'the configuration has 4 problem(s):',
      '  LOA_PORT: wanted a port, 1 to 65535 (set in the environment)',
      '  LOA_DATA_DIR: wanted a folder (set in the configuration file)',
      '  LOA_CONTROLLER_URL: is required',
      '  configuration: two brokers are configured',
    ]);
    expect(fault.details['problems']).toEqual([
      'LOA_PORT: wanted a port, 1 to 65535 (set in the environment)',
      'LOA_DATA_DIR: wanted a folder (set in the configuration file)',
      'LOA_CONTROLLER_URL: is required',
      'configuration: two brokers are configured',
    ]);
  });

  it('names each key that does not exist, in the form in which zod reports them', () => {
    const fault = faultOf(() =>
      loadConfig(
        schema([
          { message: 'Unrecognized keys: "LOA_PROT", "LOA_DTA"', path: [], keys: ['LOA_PROT', 'LOA_DTA'] },
        ]),
        { env: { LOA_PROT: '80' }, file: { LOA_DTA: '/x' } },
      ),
    );
    expect(fault.message.split('\n').slice(1)).toEqual([
      '  LOA_PROT: there is no such key (set in the environment)',
      '  LOA_DTA: there is no such key (set in the configuration file)',
    ]);
  });

  it('never repeats a value, which may be a secret', () => {
    const fault = faultOf(() =>
      loadConfig(schema([{ message: 'too short', path: ['LOA_TOKEN'] }]), { env: { LOA_TOKEN: 'hunter2' } }),
    );
    expect(`${fault.message}${JSON.stringify(fault.details)}`).not.toContain('hunter2');
  });

  it('refuses a schema that answers later', () => {
    const later: ConfigSchema<unknown> = { '~standard': { validate: async (value) => ({ value }) } };
    expect(() => loadConfig(later, { env: {} })).toThrow('must be synchronous');
  });
});

describe('parseEnvFile', () => {
  it.for([
    ['a value', 'LOA_PORT=80', { LOA_PORT: '80' }],
    ['spaces around', '  LOA_PORT = 80  ', { LOA_PORT: '80' }],
    ['a value with spaces', 'LOA_NAME=Vĩnh Quang', { LOA_NAME: 'Vĩnh Quang' }],
    ['quotes', `LOA_A=" x "\nLOA_B=' y '`, { LOA_A: ' x ', LOA_B: ' y ' }],
    ['a quote inside', `LOA_A=it's`, { LOA_A: `it's` }],
    ['an empty value', 'LOA_A=\nLOA_B=""', { LOA_A: '', LOA_B: '' }],
    ['an equals sign inside', 'LOA_URL=http://x/?a=b', { LOA_URL: 'http://x/?a=b' }],
    ['a hash inside, which is no comment', 'LOA_COLOUR=#ff0000 # red', { LOA_COLOUR: '#ff0000 # red' }],
    ['comments and empty lines', '# LOA_PORT=1\n\n   # more\nLOA_PORT=80\n', { LOA_PORT: '80' }],
    ['export', 'export LOA_PORT=80', { LOA_PORT: '80' }],
    ['Windows line ends and a byte order mark', '\uFEFFLOA_A=1\r\nLOA_B=2\r\n', { LOA_A: '1', LOA_B: '2' }],
    ['a key set twice, the last of which wins', 'LOA_A=1\nLOA_A=2', { LOA_A: '2' }],
    ['nothing', '', {}],
  ] as const)('reads %s', ([, text, entries]) => {
    expect(parseEnvFile(text)).toEqual(entries);
  });

  it('names every line it does not understand, and never its text', () => {
    const fault = faultOf(() => parseEnvFile('LOA_A=1\nLOA_TOKEN hunter2\nloa_token=hunter2\n# fine\n'));
    expect(fault).toMatchObject({ code: 'config/invalid', details: { lines: [2, 3] } });
    expect(fault.message).toContain('line 2, 3');
    expect(fault.message).not.toContain('hunter2');
  });
});
