import { describe, expect, it, onTestFinished } from 'vitest';
import { siteInMemory } from '../http/app-fixture.ts';
import { createLiveEventRoutes } from './live-events.routes.ts';
import { createLiveEvents } from './live-events.service.ts';

async function eventSite() {
  const site = await siteInMemory();
  const { db, clock } = site;
  const liveEvents = createLiveEvents({ db, clock });
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  const served = site.serve({ api: createLiveEventRoutes({ liveEvents, clock, ending: ending.signal }) });
  const cookie = await served.cookieFor('author');
  /** Opens the stream; `until` reads on until what has come contains a text, `end` to its end. */
  const open = async (headers: Record<string, string> = {}) => {
    const response = await served.app.request('http://loa.test/api/v1/events', {
      headers: { cookie, ...headers },
    });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let seen = '';
    const until = async (text: string) => {
      while (!seen.includes(text)) {
        const chunk = await reader?.read();
        if (!chunk || chunk.done) throw new Error(`the stream ended after: ${seen}`);
        seen += chunk.value;
      }
      return seen;
    };
    const end = async () => {
      for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read())
        seen += chunk.value;
      return seen;
    };
    return { status: response.status, until, end, leave: () => reader?.cancel() };
  };
  return { ...site, ...served, liveEvents, ending, open };
}
const hold = (holdId: string) => ({ kind: 'hold', holdId }) as const;

describe('the stream of live events', () => {
  it('tells what happens from now on, each event with its number and kind', async () => {
    const { liveEvents, open } = await eventSite();
    await liveEvents.publish(hold('before'));
    const stream = await open();
    await stream.until(':\n\n');
    await liveEvents.publish(hold('hol_1'));
    const seen = await stream.until('hol_1');
    expect(seen).toContain('event: hold\ndata: {"kind":"hold","holdId":"hol_1"}\nid: 2\n');
    expect(seen).not.toContain('before');
  });

  it('goes on after the last event that a reader has seen, without loss or repetition', async () => {
    const { liveEvents, open } = await eventSite();
    for (let count = 1; count <= 450; count++) await liveEvents.publish(hold(`hol_${count}.`));
    const stream = await open({ 'last-event-id': '3' });
    const seen = await stream.until('hol_450.');
    const ids = [...seen.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    expect(ids.slice(0, 2)).toEqual([4, 5]);
    expect(ids.every((id, index) => id === index + 4)).toBe(true);
  });

  it('beats every 15 s, so that no proxy takes the silence for death', async () => {
    const { clock, open } = await eventSite();
    const stream = await open();
    await stream.until(':\n\n');
    await clock.advance(15_000);
    await stream.until(':\n\n:\n\n');
  });

  it('ends with the controller, and lets go of a reader who left', async () => {
    const { clock, ending, open } = await eventSite();
    const gone = await open();
    await gone.until(':\n\n');
    expect(clock.sleepers()).toBe(1);
    await gone.leave();
    await expect.poll(() => clock.sleepers()).toBe(0);
    const stays = await open();
    await stays.until(':\n\n');
    ending.abort();
    await stays.end();
    expect(clock.sleepers()).toBe(0);
  });

  it('is for signed-in people, and says what a wrong Last-Event-ID should be', async () => {
    const { nobody, open } = await eventSite();
    expect((await nobody('GET', '/api/v1/events')).status).toBe(401);
    expect((await open({ 'last-event-id': 'yesterday' })).status).toBe(422);
  });
});
