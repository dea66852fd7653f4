import { join } from 'node:path';
import { AppError } from '@loa/kernel';
import { type AgentProcess, startAgent } from '../support/agent-process.ts';
import type { ControllerProcess } from '../support/controller-process.ts';
import { body, type Person, signIn } from '../support/person.ts';
import { waitFor } from '../support/wait-for.ts';

/** The hamlets of the demo. The commune is real in name; its loudspeakers here are not. */
export const HAMLETS = ['Thôn Định Thái', 'Thôn Định Trung', 'Thôn Định Xuân'] as const;

/** One hamlet's loudspeakers and the box that serves them. */
export interface Hamlet {
  readonly name: string;
  readonly clusterId: string;
  readonly agent: AgentProcess;
}

/** A commune ready to broadcast: people, hamlets, boxes. */
export interface Village {
  readonly communeId: string;
  readonly author: Person;
  readonly approver: Person;
  readonly hamlets: readonly Hamlet[];
  /** Makes a fresh one-time link for each of the two accounts. */
  signInLinks(): Promise<ReadonlyArray<{ readonly name: string; readonly url: string }>>;
}

const ALL_WEEK = [1, 2, 3, 4, 5, 6, 7];

/** Sets a commune up as its people would: through the API, with claim codes and compared fingerprint words. */
export async function settle(
  controller: ControllerProcess,
  {
    folder,
    hamlets = HAMLETS,
    agentEnv = () => ({}),
    onAgent = () => {},
  }: {
    readonly folder: string;
    readonly hamlets?: readonly string[];
    readonly agentEnv?: (name: string) => Readonly<Record<string, string>>;
    /** Told of each process at once, so that whoever started the village can end it even when this fails. */
    readonly onAgent?: (name: string, agent: AgentProcess) => void;
  },
): Promise<Village> {
  const admin = await signIn(await controller.firstSignIn());
  const { areas } = await body(admin.api.areas.$get());
  const commune = areas.find(({ parentId }) => parentId === null);
  if (!commune) throw new AppError('the site has no root area', { code: 'test/village' });
  await allowAllHours(admin);
  const invite = async (name: string, role: 'author' | 'approver') =>
    body(admin.api.people.$post({ json: { name, role, areaId: commune.id } }));
  const staff = await invite('Nguyễn Thị Lan (văn hóa – xã hội)', 'author');
  const leader = await invite('Trần Văn Minh (lãnh đạo UBND xã)', 'approver');
  const boxes = await Promise.all(
    hamlets.map(async (name, index) => {
      const area = await body(admin.api.areas.$post({ json: { parentId: commune.id, name, kind: 'Thôn' } }));
      const cluster = await body(
        admin.api.clusters.$post({ json: { areaId: area.id, name, warmUpMs: 200 } }),
      );
      const claim = await body(admin.api.clusters[':id']['claim-codes'].$post({ param: { id: cluster.id } }));
      const agent = startAgent(join(folder, `box-${index + 1}`), {
        controllerUrl: controller.httpUrl,
        claimCode: claim.code,
        env: agentEnv(name),
      });
      onAgent(name, agent);
      await approveBox(admin, cluster.id, agent);
      return { name, clusterId: cluster.id, agent };
    }),
  );
  return {
    communeId: commune.id,
    author: await signIn(staff.link.url),
    approver: await signIn(leader.link.url),
    hamlets: boxes,
    signInLinks: () =>
      Promise.all(
        [staff, leader].map(async ({ person }) => {
          const { link } = await body(
            admin.api.people[':id']['sign-in-link'].$post({ param: { id: person.id } }),
          );
          return { name: person.name, url: link.url };
        }),
      ),
  };
}

/** The demo must sound at whatever hour it is tried; a commune decides its own hours. */
async function allowAllHours({ api }: Person): Promise<void> {
  const { policy } = await body(api.policy.$get());
  await body(
    api.policy.$put({ json: { ...policy, windows: [{ days: ALL_WEEK, from: '00:00', to: '24:00' }] } }),
  );
}

/** Lets a box in only when the six words it shows are those that the console shows. */
async function approveBox({ api }: Person, clusterId: string, agent: AgentProcess): Promise<void> {
  const shown = await agent.line((line) => /"words":"([^"]+)"/.exec(line)?.[1]);
  const pending = await waitFor(`the box of ${clusterId} to ask`, async () => {
    const { enrolments } = await body(api.enrolments.$get());
    return enrolments.find((enrolment) => enrolment.clusterId === clusterId);
  });
  if (pending.fingerprintWords.join(' ') !== shown)
    throw new AppError(`the box shows "${shown}", the console "${pending.fingerprintWords.join(' ')}"`, {
      code: 'test/words-differ',
    });
  await body(api.enrolments[':id'].approval.$post({ param: { id: pending.id }, json: { wordsAgree: true } }));
}
