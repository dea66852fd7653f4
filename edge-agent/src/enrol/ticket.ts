import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeSecretFile } from '../db/durable-file.ts';

const ticketFile = z.object({ enrolmentId: z.string().min(1), claimCode: z.string().min(1) });
/** An enrolment that waits for a person. */
export type Ticket = z.output<typeof ticketFile>;

/** Where a waiting enrolment is remembered, so that a crash does not burn a second claim code. */
export interface TicketFile {
  read(): Promise<Ticket | undefined>;
  write(ticket: Ticket): Promise<void>;
  remove(): Promise<void>;
}

/** Creates the file of a data folder, readable by this user only. */
export function ticketFileIn(dataDir: string): TicketFile {
  const path = join(dataDir, 'enrolment.json');
  return {
    async read() {
      try {
        return ticketFile.parse(JSON.parse(await readFile(path, 'utf8')));
      } catch {
        return undefined; // none, or half of one: then the claim code is used again
      }
    },
    write: (ticket) => writeSecretFile(path, JSON.stringify(ticket)),
    remove: () => rm(path, { force: true }),
  };
}
