import { beforeEach, describe, expect, it } from 'vitest';
import { contentSite, renderFromText } from '../content-fixture.ts';
import { createProcedureStore } from '../procedures/procedure.store.ts';
import type { RenderVariant } from './render-variant.ts';

let site: Awaited<ReturnType<typeof contentSite>>;

const speech = (text: string, language = 'vi') => ({ language, segments: [{ kind: 'speech', text }] });
const draft = (over: object = {}) => ({
  areaId: 'are_root',
  title: 'Tiêm chủng',
  variants: [speech('Tiêm chủng lúc 7h ngày 15/3.')],
  ...over,
});
const write = (over: object = {}, as = site.author) => as('POST', '/api/v1/bulletins', draft(over));
const edit = (id: string, changes: object, as = site.author) =>
  as('PATCH', `/api/v1/bulletins/${id}`, changes);
const get = async (id: string) => (await site.author('GET', `/api/v1/bulletins/${id}`)).body;

beforeEach(async () => {
  site = await contentSite();
});

describe('a draft', () => {
  it('shows the words that will be spoken, and what is said otherwise than written', async () => {
    const { status, body } = await write();
    expect(status).toBe(201);
    expect(body).toMatchObject({
      version: 1,
      state: 'draft',
      class: 'routine',
      unverified: false,
      rendered: [],
    });
    const [segment] = body.variants[0].segments;
    expect(segment.said.spoken).toBe('Tiêm chủng lúc bảy giờ ngày mười lăm tháng ba.');
    expect(segment.said.changes.map(({ from }: { from: string }) => from)).toEqual(['7h', 'ngày 15/3']);
  });

  it('keeps the wording of its author where the normaliser is wrong, and other languages as they are', async () => {
    const own = { kind: 'speech', text: 'Họp ở P.5', spoken: 'Họp ở phòng số năm' };
    const { body } = await write({
      variants: [{ language: 'vi', segments: [own] }, speech('Jơh 7h', 'bdq')],
    });
    const said = body.variants.map((one: { segments: [{ said: object }] }) => one.segments[0].said);
    expect(said).toEqual([
      { spoken: 'Họp ở phòng số năm', changes: [] },
      { spoken: 'Jơh 7h', changes: [] },
    ]);
  });

  it.each([
    ['no words', { variants: [speech('  ')] }, 'variants.0.segments.0.text'],
    ['one language twice', { variants: [speech('a'), speech('b')] }, 'variants'],
    ['no title', { title: ' ' }, 'title'],
    ['a class that is none', { class: 'loud' }, 'class'],
    [
      'an endless pause',
      { variants: [{ language: 'vi', segments: [{ kind: 'pause', ms: 60_001 }] }] },
      'variants.0.segments.0.ms',
    ],
  ])('with %s is refused, naming the field', async (_, over, path) => {
    const { status, body } = await write(over);
    expect([status, body.code, body.fields[0].path]).toEqual([422, 'request/invalid', path]);
  });

  it('with a recording that is not in the library is refused', async () => {
    const segments = [{ kind: 'recording', sound: 'a'.repeat(64) }];
    expect((await write({ variants: [{ language: 'vi', segments }] })).body.code).toBe('sound/unknown');
  });

  it('is written only where one may write', async () => {
    const villager = await site.somebody('author', 'are_dong');
    expect((await write({}, villager)).body.code).toBe('people/forbidden');
    expect((await write({}, site.leader)).body.code).toBe('people/forbidden');
    expect((await write({ areaId: 'are_none' })).body.code).toBe('area/unknown');
    expect((await write({ areaId: 'are_dong' }, villager)).status).toBe(201);
  });

  it('changes by versions: whoever looked at an old one reads it again first', async () => {
    const { body } = await write();
    const changed = await edit(body.id, { version: 1, title: 'Tiêm chủng mở rộng' });
    expect(changed.body).toMatchObject({ version: 2, title: 'Tiêm chủng mở rộng', variants: body.variants });
    const late = await edit(body.id, { version: 1, title: 'Khác' });
    expect([late.status, late.body.code]).toEqual([409, 'request/stale-version']);
    expect((await get(body.id)).title).toBe('Tiêm chủng mở rộng');
  });

  it('stands in the list, the last changed first', async () => {
    const { body: first } = await write();
    await write({ title: 'Khác' });
    await site.clock.advance(1_000);
    await edit(first.id, { version: 1, class: 'priority' });
    const { bulletins } = (await site.leader('GET', '/api/v1/bulletins')).body;
    expect(bulletins.map(({ title }: { title: string }) => title)).toEqual(['Tiêm chủng', 'Khác']);
    expect(bulletins[0]).toMatchObject({ class: 'priority', version: 2, languages: ['vi'] });
  });
});

describe('an explainer', () => {
  const from = async (code: string) => {
    const procedure = (await createProcedureStore(site.db).all()).find((one) => one.code === code);
    return site.author('POST', '/api/v1/bulletins/from-procedure', {
      procedureId: procedure?.id,
      areaId: 'are_root',
    });
  };

  it('is a chime and a script, and remembers the version of its record', async () => {
    const { status, body } = await from('3.000722');
    expect(status).toBe(201);
    expect(body).toMatchObject({ unverified: true, procedure: { version: 1 }, class: 'routine' });
    const kinds = body.variants[0].segments.map(({ kind }: { kind: string }) => kind);
    expect(kinds).toEqual(['chime', 'pause', 'speech']);
  });

  it('of a repealed or unknown procedure is refused', async () => {
    const repealed = await from('2.002621');
    expect([repealed.status, repealed.body.code]).toEqual([409, 'procedure/not-current']);
    const unknown = { procedureId: 'prc_none', areaId: 'are_root' };
    expect((await site.author('POST', '/api/v1/bulletins/from-procedure', unknown)).status).toBe(404);
  });
});

describe('rendering', () => {
  it('goes through the queue to a sound, telling how far it is', async () => {
    const { body } = await write({ variants: [speech('Một.'), speech('Two.', 'en')] });
    const ready = await site.rendered(site.author, body.id);
    expect(ready).toMatchObject({ state: 'ready', failure: null });
    expect(ready.rendered).toMatchObject([
      { language: 'en', durationMs: 10_000, spokenText: 'Two.' },
      { language: 'vi', durationMs: 10_000, spokenText: 'Một.' },
    ]);
    const events = site.raw.prepare("SELECT body FROM live_events WHERE kind = 'bulletin' ORDER BY id").all();
    const told = events.map((row) => JSON.parse(String(row['body'])));
    expect(told.map(({ state, progress }) => progress ?? state)).toEqual([
      'draft',
      'rendering',
      0.5,
      1,
      'ready',
    ]);
  });

  it('that fails says why, keeps the text, and may be asked for again', async () => {
    const { body } = await write({ variants: [speech('hỏng')] });
    const failed = await site.rendered(site.author, body.id);
    expect(failed).toMatchObject({
      state: 'failed',
      failure: { code: 'media/speech-failed', detail: 'the voice failed' },
      variants: [{ segments: [{ text: 'hỏng' }] }],
    });
    await edit(body.id, { version: 1, variants: [speech('Lành.')] });
    expect(await site.rendered(site.author, body.id)).toMatchObject({ state: 'ready', failure: null });
  });

  it('of what was submitted is refused: approved sounds do not change under their approval', async () => {
    const { id } = await site.written(site.author);
    const submission = {
      targets: { areas: ['are_root'] },
      firstDate: '2026-01-05',
      lastDate: '2026-01-06',
      windows: [{ days: [1], from: '05:00', to: '06:00' }],
    };
    expect((await site.author('POST', `/api/v1/bulletins/${id}/submit`, submission)).status).toBe(201);
    expect((await site.author('POST', `/api/v1/bulletins/${id}/render`)).body.code).toBe(
      'bulletin/wrong-state',
    );
  });

  it('of a version that was changed meanwhile is thrown away', async () => {
    const { slow, release } = slowRender();
    site = await contentSite({ renderVariant: slow });
    const { body } = await write();
    await site.author('POST', `/api/v1/bulletins/${body.id}/render`);
    await edit(body.id, { version: 1, title: 'Khác' });
    release();
    const other = await write();
    expect((await site.rendered(site.author, other.body.id)).state).toBe('ready');
    expect(await get(body.id)).toMatchObject({ state: 'draft', version: 2, rendered: [] });
  });

  it('that a stop cut off goes on after the next start', async () => {
    const { slow, release, signals } = slowRender();
    site = await contentSite({ renderVariant: slow });
    const { body } = await write();
    await site.author('POST', `/api/v1/bulletins/${body.id}/render`);
    await expect.poll(() => signals.length).toBe(1);
    const stopping = site.rendering.stop(AbortSignal.timeout(1_000));
    expect(signals[0]?.aborted).toBe(true);
    await stopping;
    expect((await get(body.id)).state).toBe('rendering');
    release();
    site.rendering.start();
    await site.event(0, (event) => event.kind === 'bulletin' && event.state === 'ready');
    expect(await get(body.id)).toMatchObject({ state: 'ready', version: 1 });
  });
});

/** A renderer that waits until it is released, or cut off. */
function slowRender() {
  const gate = Promise.withResolvers<void>();
  const signals: AbortSignal[] = [];
  const slow: RenderVariant = async (variant, options) => {
    signals.push(options.signal);
    const cut = new Promise<void>((_, reject) => {
      options.signal.addEventListener('abort', () => reject(options.signal.reason));
    });
    await Promise.race([gate.promise, cut]);
    return renderFromText(variant, options);
  };
  return { slow, release: gate.resolve, signals };
}
