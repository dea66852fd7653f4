import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { memoryLogger } from '@loa/kernel/testing';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../temp-folder.ts';
import { openAgentDatabase } from './agent-database.ts';
import { prepareDataDir } from './data-dir.ts';

const open = (dir: string, log = memoryLogger()) => openAgentDatabase({ dir, log, suffix: 't' });

describe('the database of the agent', () => {
  it('remembers over a restart', () => {
    const dir = tempFolder();
    const first = open(dir);
    first.remember('k', 'v');
    first.close();
    const second = open(dir);
    expect(second.recall('k')).toBe('v');
    expect(second.sql.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    second.close();
  });

  it('takes a failed transaction back whole', () => {
    const database = open(tempFolder());
    expect(() =>
      database.transaction(() => {
        database.remember('k', 'v');
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(database.recall('k')).toBeUndefined();
    database.close();
  });

  it('moves a damaged file aside, says so, and begins anew', () => {
    const dir = tempFolder();
    writeFileSync(join(dir, 'agent.db'), Buffer.alloc(8192, 'not a database'));
    const log = memoryLogger();
    const database = open(dir, log);
    expect(database.movedTo).toBe(join(dir, 'agent.db.damaged-t'));
    expect(readFileSync(join(dir, 'agent.db.damaged-t')).length).toBe(8192);
    expect(log.lines[0]).toMatchObject({ level: 'error', fields: { code: 'agent/database-damaged' } });
    database.close();
  });

  it('sees a page that was overwritten', () => {
    const dir = tempFolder();
    const first = open(dir);
    for (let i = 0; i < 500; i++) first.remember(`key-${i}`, 'x'.repeat(200));
    first.close();
    const path = join(dir, 'agent.db');
    const bytes = readFileSync(path);
    bytes.fill(0xff, bytes.length - 3 * 4096);
    writeFileSync(path, bytes);
    const second = open(dir);
    expect(second.movedTo).toBeDefined();
    second.close();
  });

  it('refuses a second agent on the same folder with a sentence', () => {
    const dir = tempFolder();
    const first = open(dir);
    expect(() => open(dir)).toThrow('another agent already runs on the data folder');
    first.close();
  });

  it('refuses a database of a newer agent and leaves it as it is', () => {
    const dir = tempFolder();
    const first = open(dir);
    first.sql.exec('PRAGMA user_version = 99');
    first.close();
    expect(() => open(dir)).toThrow('install the newer agent again');
    expect(existsSync(join(dir, 'agent.db.damaged-t'))).toBe(false);
  });
});

describe('the data folder', () => {
  it('that cannot be made is refused with its path and what to do', () => {
    const file = join(tempFolder(), 'file');
    writeFileSync(file, '');
    expect(() => prepareDataDir(join(file, 'data'))).toThrow(/cannot be used: .*Set LOA_AGENT_DATA_DIR/);
  });
});
