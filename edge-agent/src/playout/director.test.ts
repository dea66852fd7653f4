import { aConfig, aPolicy } from '@loa/contract/testing';
import { describe, expect, it } from 'vitest';
import { aBox, aPlay, EXAMPLE_MS, MINUTE_MS, planOf, sha256Of, startDirector } from './director-rig.ts';

const FIVE_AM = EXAMPLE_MS;
const untilFive = 10 * MINUTE_MS;

describe('P6 a plan alone is enough', () => {
  it('each occurrence sounds once, at its instant, and ends in one outcome', async () => {
    const box = aBox();
    const { plan, outcomes, stop } = await startDirector(box);
    plan(
      planOf([
        { id: 'a', atMin: 0 },
        { id: 'b', atMin: 1 },
      ]),
    );
    await box.clock.advance(untilFive + 2 * MINUTE_MS);
    expect(box.player.heard.map(({ id, fromMs }) => [id, fromMs])).toEqual([
      ['a', FIVE_AM],
      ['b', FIVE_AM + MINUTE_MS],
    ]);
    expect(outcomes()).toEqual(['a played complete', 'b played complete']);
    await stop();
  });

  it('no timer sleeps over 30 s, so that a jump of the clock is noticed', async () => {
    const box = aBox();
    const { plan, stop } = await startDirector(box);
    let longestMs = 0;
    const { sleep } = box.clock;
    box.clock.sleep = (ms, options) => {
      longestMs = Math.max(longestMs, ms);
      return sleep(ms, options);
    };
    plan(planOf([{ id: 'a', atMin: 60 }]));
    await box.clock.advance(5 * MINUTE_MS);
    expect(longestMs).toBeLessThanOrEqual(30_000);
    await stop();
  });
});

describe('P4 nothing plays twice', () => {
  it('an occurrence that was played is not played again from the same or a newer plan', async () => {
    const box = aBox();
    const rig = await startDirector(box);
    rig.plan(planOf([{ id: 'a', atMin: 0 }]));
    await box.clock.advance(untilFive + MINUTE_MS);
    rig.plan(planOf([{ id: 'a', atMin: 0 }]));
    rig.plan(planOf([{ id: 'a', atMin: 3 }]));
    await box.clock.advance(untilFive);
    expect(box.player.heard).toHaveLength(1);
    await rig.stop();
  });

  it('a plan that comes again while a sound is being prepared changes nothing', async () => {
    const box = aBox();
    const rig = await startDirector(box);
    const plan = planOf([{ id: 'a', atMin: 0 }], { start: { kind: 'wait', maxWaitMs: 0 } });
    rig.plan(plan);
    await box.clock.advance(untilFive - 1_700);
    rig.plan(plan);
    await box.clock.advance(10);
    rig.plan(plan);
    await box.clock.advance(MINUTE_MS);
    expect(box.player.heard).toHaveLength(1);
    expect(rig.outcomes()).toEqual(['a played complete']);
    await rig.stop();
  });

  it('a process that was killed in the middle of a sound does not repeat it, and says what is certain', async () => {
    const box = aBox();
    const first = await startDirector(box);
    first.plan(planOf([{ id: 'a', atMin: 0 }]));
    await box.clock.advance(untilFive + 5_000);
    first.kill();
    const second = await startDirector(box);
    second.plan(planOf([{ id: 'a', atMin: 0 }]));
    await box.clock.advance(MINUTE_MS);
    expect(second.outcomes()).toEqual(['a partial agent-stopped']);
    expect(box.player.heard.filter(({ id, fromMs }) => id === 'a' && fromMs > FIVE_AM)).toEqual([]);
    await second.stop();
  });

  it('after a power cut the reason is the power', async () => {
    const box = aBox();
    const first = await startDirector(box);
    first.plan(planOf([{ id: 'a', atMin: 0 }]));
    await box.clock.advance(untilFive + 5_000);
    first.kill();
    const second = await startDirector(box, { bootId: 'boot-2' });
    expect(second.outcomes()).toEqual(['a partial no-power']);
    await second.stop();
  });

  it('the claim is on the disk before the first sample', async () => {
    const box = aBox();
    const { plan, events, kill } = await startDirector(box);
    plan(planOf([{ id: 'a', atMin: 0 }]));
    await box.clock.advance(untilFive - 100);
    expect(box.player.heard).toEqual([]);
    expect(events().map(({ kind }) => kind)).toContain('claim');
    kill();
  });

  it('a clock that is set back does not bring a broadcast back', async () => {
    const box = aBox();
    const rig = await startDirector(box);
    rig.plan(planOf([{ id: 'a', atMin: 0 }]));
    await box.clock.advance(untilFive + MINUTE_MS);
    box.clock.step(-30 * MINUTE_MS);
    await box.clock.advance(60 * MINUTE_MS);
    expect(box.player.heard).toHaveLength(1);
    await rig.stop();
  });
});

describe('P3 every occurrence ends in exactly one outcome', () => {
  it('what was slept through is missed, however long it was, and a backlog is not blurted out', async () => {
    const box = aBox();
    const first = await startDirector(box);
    first.plan(planOf([{ id: 'x', atMin: 90 }]));
    await first.stop();
    await box.clock.advance(2 * 60 * MINUTE_MS);
    const second = await startDirector(box);
    second.plan(planOf(Array.from({ length: 20 }, (_, i) => ({ id: `o${i}`, atMin: i * 5 }))));
    await box.clock.advance(20 * MINUTE_MS);
    expect(box.player.heard).toEqual([]);
    expect(second.outcomes()).toHaveLength(20);
    expect(new Set(second.outcomes().map((line) => line.replace(/^\S+ /, '')))).toEqual(
      new Set(['missed slept-through']),
    );
    await second.stop();
  });

  it('a late start is allowed as long as its rule says', async () => {
    const box = aBox();
    const rig = await startDirector(box);
    rig.lose(sha256Of('speech'));
    rig.plan(planOf([{ id: 'a', atMin: 0 }]));
    await box.clock.advance(untilFive + 2 * MINUTE_MS);
    rig.bring(sha256Of('speech'));
    await box.clock.advance(MINUTE_MS);
    expect(rig.outcomes()).toEqual(['a played complete']);
    expect(rig.eventsOf('outcome')[0]?.airing?.startErrorMs).toBeGreaterThan(100_000);
    await rig.stop();
  });

  it('without its sound it is missed for that reason', async () => {
    const box = aBox();
    const rig = await startDirector(box);
    rig.lose(sha256Of('speech'));
    rig.plan(planOf([{ id: 'a', atMin: 0 }]));
    await box.clock.advance(untilFive + 6 * MINUTE_MS);
    expect(rig.outcomes()).toEqual(['a missed no-media']);
    await rig.stop();
  });

  it('without a sink it is missed, never played', async () => {
    const box = aBox();
    box.player.setSink('absent');
    const rig = await startDirector(box);
    rig.plan(planOf([{ id: 'a', atMin: 0 }]));
    await box.clock.advance(untilFive + 6 * MINUTE_MS);
    expect(rig.outcomes()).toEqual(['a missed no-sink']);
    expect(box.player.heard).toEqual([]);
    await rig.stop();
  });

  it.each([
    ['sink-lost', 'a partial sink-lost'],
    ['no-sink', 'a missed no-sink'],
    ['unreadable', 'a refused bad-media'],
  ] as const)('a player that says %s makes it %s', async (fate, outcome) => {
    const box = aBox();
    box.player.setFate(fate);
    const rig = await startDirector(box);
    rig.plan(planOf([{ id: 'a', atMin: 0 }]));
    await box.clock.advance(untilFive + MINUTE_MS);
    expect(rig.outcomes()).toEqual([outcome]);
    await rig.stop();
  });

  it('what is recalled while it sounds fades out and says so', async () => {
    const box = aBox();
    const rig = await startDirector(box);
    rig.plan(planOf([{ id: 'a', atMin: 0 }]));
    await box.clock.advance(untilFive + 5_000);
    rig.plan(planOf([]));
    await box.clock.advance(1_000);
    expect(rig.outcomes()).toEqual(['a partial withdrawn']);
    await rig.stop();
  });

  it('under an untrusted clock nothing scheduled sounds; when the time is known the reason is told', async () => {
    const box = aBox();
    const rig = await startDirector(box, { trusted: false });
    rig.plan(planOf([{ id: 'a', atMin: 0 }]));
    await box.clock.advance(untilFive + 30 * MINUTE_MS);
    expect(box.player.heard).toEqual([]);
    expect(rig.outcomes()).toEqual([]);
    rig.tellTime();
    await box.clock.advance(1_000);
    expect(rig.outcomes()).toEqual(['a missed clock-untrusted']);
    await rig.stop();
  });

  it('an orderly stop in the middle of a sound is written down', async () => {
    const box = aBox();
    const rig = await startDirector(box);
    rig.plan(planOf([{ id: 'a', atMin: 0 }]));
    await box.clock.advance(untilFive + 5_000);
    await rig.stop();
    const again = await startDirector(box);
    expect(again.outcomes()).toEqual(['a partial agent-stopped']);
    await again.stop();
  });
});

describe('P7 the commune rules bind the box itself', () => {
  it.each([
    ['outside the hours', aPolicy({ windows: [] }), 'a skipped quiet-hours'],
    [
      'under a mute',
      aPolicy({
        mutes: [
          {
            id: 'm',
            fromMs: FIVE_AM - 1,
            untilMs: FIVE_AM + MINUTE_MS,
            classes: ['routine'],
            reason: 'Tang lễ',
          },
        ],
      }),
      'a skipped muted',
    ],
    ['beyond the sessions of the day', aPolicy({ maxSessionsPerDay: 0 }), 'a skipped limit'],
  ])('a signed plan does not sound %s', async (_, policy, outcome) => {
    const box = aBox();
    const rig = await startDirector(box, { policy });
    rig.plan(planOf([{ id: 'a', atMin: 0 }]));
    await box.clock.advance(untilFive + MINUTE_MS);
    expect(box.player.heard).toEqual([]);
    expect(rig.outcomes()).toEqual([outcome]);
    await rig.stop();
  });

  it.each([
    [900, 'a played complete'],
    [1_100, 'a skipped quiet-hours'],
  ])('what ends with its hours and starts %i ms late: %s', async (lateMs, outcome) => {
    const box = aBox({ lengthMs: MINUTE_MS });
    const window = { classes: ['routine'], days: [1, 2, 3, 4, 5, 6, 7], from: '05:00', to: '05:01' };
    const rig = await startDirector(box, { policy: aPolicy({ windows: [window] }) });
    rig.lose(sha256Of('speech'));
    const plan = planOf([{ id: 'a', atMin: 0 }]);
    rig.plan({ ...plan, occurrences: plan.occurrences.map((one) => ({ ...one, plannedMs: MINUTE_MS })) });
    await box.clock.advance(untilFive + lateMs);
    rig.bring(sha256Of('speech'));
    await box.clock.advance(2 * MINUTE_MS);
    expect(rig.outcomes()).toEqual([outcome]);
    await rig.stop();
  });

  it('without any policy only an emergency sounds', async () => {
    const box = aBox();
    const rig = await startDirector(box, { policy: null });
    rig.plan(planOf([{ id: 'a', atMin: 0 }]));
    await box.clock.advance(untilFive);
    rig.director.play(aPlay());
    await box.clock.advance(6 * MINUTE_MS);
    expect(box.player.heard.map(({ id }) => id)).toEqual(['occ-act_0001']);
    expect(rig.outcomes()).toContain('a skipped quiet-hours');
    await rig.stop();
  });

  it('an emergency passes the hours and never the hard cap of the root', async () => {
    const box = aBox();
    const rig = await startDirector(box, { policy: aPolicy({ windows: [] }) });
    rig.director.play(aPlay({ nowMs: FIVE_AM - untilFive }));
    await box.clock.advance(MINUTE_MS);
    expect(box.player.heard.map(({ gainDb }) => gainDb)).toEqual([-2]);
    await rig.stop();
  });

  it('the lowest of item, cluster, hour and cap is what sounds', async () => {
    const box = aBox();
    const everyDay = { days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' };
    const policy = aPolicy({ volume: [{ ...everyDay, classes: ['routine'], maxGainDb: -9 }] });
    const rig = await startDirector(box, { policy });
    rig.adopt('config', aConfig({ gainDb: -4 }));
    rig.plan(
      planOf([
        { id: 'a', atMin: 0 },
        { id: 'b', atMin: 1, class: 'priority' },
      ]),
    );
    await box.clock.advance(untilFive + 2 * MINUTE_MS);
    expect(box.player.heard.map(({ id, gainDb }) => [id, gainDb])).toEqual([
      ['a', -9],
      ['b', -4],
    ]);
    await rig.stop();
  });
});

describe('P8 the amplifier is off unless something plays', () => {
  it('power comes before the sound, warmed up, and goes after it', async () => {
    const box = aBox();
    const rig = await startDirector(box);
    rig.plan(planOf([{ id: 'a', atMin: 0 }]));
    await box.clock.advance(untilFive - 5_000);
    expect(rig.amplifier.relay()).toBe('off');
    await box.clock.advance(5_000 + 7_000);
    expect(rig.amplifier.relay()).toBe('on');
    const [on] = rig.amplifier.history;
    expect(untilFive - (on?.monotonicMs ?? 0)).toBeGreaterThanOrEqual(200);
    await box.clock.advance(MINUTE_MS);
    expect(rig.amplifier.relay()).toBe('off');
    await rig.stop();
  });

  it('an amplifier that gives no power makes it missed, and is asked again while there is time', async () => {
    const box = aBox();
    const rig = await startDirector(box);
    rig.amplifier.fail('no-reply');
    rig.plan(
      planOf([
        { id: 'a', atMin: 0 },
        { id: 'b', atMin: 10 },
      ]),
    );
    await box.clock.advance(untilFive + 6 * MINUTE_MS);
    expect(rig.outcomes()).toEqual(['a missed amplifier']);
    rig.amplifier.heal();
    await box.clock.advance(6 * MINUTE_MS);
    expect(rig.outcomes()).toContain('b played complete');
    await rig.stop();
  });

  it('power that is lost in the middle ends the sound', async () => {
    const box = aBox({ lengthMs: MINUTE_MS });
    const rig = await startDirector(box);
    rig.plan(planOf([{ id: 'a', atMin: 0 }]));
    await box.clock.advance(untilFive + 5_000);
    rig.amplifier.fail('no-reply');
    await box.clock.advance(30_000);
    expect(rig.outcomes()).toEqual(['a partial amplifier']);
    await rig.stop();
  });
});

describe('P9 emergency first, and holds', () => {
  it('an emergency takes the horn at once; a bulletin goes on afterwards where it was, as one occurrence', async () => {
    const box = aBox({ lengthMs: 20_000 });
    const rig = await startDirector(box);
    rig.plan(planOf([{ id: 'a', atMin: 0 }]));
    await box.clock.advance(untilFive + 5_000);
    rig.director.play(aPlay({ nowMs: FIVE_AM + 5_000 }));
    await box.clock.advance(2 * MINUTE_MS);
    const [cut, emergency, rest] = box.player.heard;
    expect([cut?.id, emergency?.id, rest?.id]).toEqual(['a', 'occ-act_0001', 'a']);
    expect((emergency?.fromMs ?? 0) - FIVE_AM).toBeLessThan(5_500);
    expect(rest?.skipMs).toBe((cut?.untilMs ?? 0) - (cut?.fromMs ?? 0));
    expect(rig.outcomes()).toEqual(['occ-act_0001 played complete', 'a played complete']);
    expect(rig.eventsOf('outcome')[1]?.airing?.heardMs).toBe(20_000);
    await rig.stop();
  });

  it('what waits to go on and is left out of a newer plan is withdrawn', async () => {
    const box = aBox({ lengthMs: 20_000 });
    const rig = await startDirector(box);
    rig.plan(planOf([{ id: 'a', atMin: 0 }]));
    await box.clock.advance(untilFive + 5_000);
    rig.director.play(aPlay({ nowMs: FIVE_AM + 5_000 }));
    await box.clock.advance(5_000);
    rig.plan(planOf([]));
    await box.clock.advance(2 * MINUTE_MS);
    expect(rig.outcomes()).toEqual(['a partial withdrawn', 'occ-act_0001 played complete']);
    await rig.stop();
  });

  describe('a sound that goes on and is cut while the amplifier warms up', () => {
    /** Brings 'a' there: 5 s of its 20 s were heard before an emergency took the horn. */
    const aWarmingUp = async ({ hasPower = true } = {}) => {
      const box = aBox({ lengthMs: 20_000 });
      const rig = await startDirector(box);
      rig.plan(planOf([{ id: 'a', atMin: 0 }]));
      await box.clock.advance(untilFive + 5_000);
      rig.director.play(aPlay({ nowMs: FIVE_AM + 5_000 }));
      await box.clock.advance(5_000);
      box.player.setSink('lost');
      await box.clock.advance(MINUTE_MS);
      expect(rig.amplifier.relay()).toBe('off');
      if (!hasPower) rig.amplifier.fail('no-reply');
      box.player.setSink('ready');
      while (!rig.director.state().playing) await box.clock.advance(50);
      const ofA = () => rig.eventsOf('outcome').filter(({ occurrenceId }) => occurrenceId === 'a');
      return { ...rig, box, ofA, firstHeardMs: Number(box.player.heard[0]?.untilMs) - FIVE_AM };
    };

    it('keeps what was heard before a hold', async () => {
      const { adopt, box, firstHeardMs, ofA, stop } = await aWarmingUp();
      adopt('hold', aHold(false));
      await box.clock.advance(1_000);
      expect(ofA()).toMatchObject([{ result: 'partial', reason: 'hold', airing: { heardMs: firstHeardMs } }]);
      await stop();
    });

    it('goes on after a second emergency', async () => {
      const { director, box, ofA, stop } = await aWarmingUp();
      director.play(aPlay({ id: 'act_0002', nowMs: FIVE_AM + 80_000 }));
      await box.clock.advance(2 * MINUTE_MS);
      expect(ofA()).toMatchObject([{ result: 'played', airing: { heardMs: 20_000 } }]);
      await stop();
    });

    it('keeps what was heard before the amplifier gave no power', async () => {
      const { box, firstHeardMs, ofA, stop } = await aWarmingUp({ hasPower: false });
      await box.clock.advance(MINUTE_MS);
      expect(ofA()).toMatchObject([
        { result: 'partial', reason: 'amplifier', airing: { heardMs: firstHeardMs } },
      ]);
      await stop();
    });

    it('keeps what was heard before the agent stops', async () => {
      const { box, firstHeardMs, stop } = await aWarmingUp();
      await stop();
      const again = await startDirector(box);
      expect(again.eventsOf('outcome').filter(({ occurrenceId }) => occurrenceId === 'a')).toMatchObject([
        { result: 'partial', reason: 'agent-stopped', airing: { heardMs: firstHeardMs } },
      ]);
      await again.stop();
    });
  });

  it('what may not go on is pre-empted', async () => {
    const box = aBox();
    const rig = await startDirector(box);
    rig.plan(planOf([{ id: 'a', atMin: 0 }], { preempted: 'drop' }));
    await box.clock.advance(untilFive + 5_000);
    rig.director.play(aPlay({ nowMs: FIVE_AM + 5_000 }));
    await box.clock.advance(2 * MINUTE_MS);
    expect(rig.outcomes()).toEqual(['a pre-empted pre-empted', 'occ-act_0001 played complete']);
    await rig.stop();
  });

  it('an emergency ends by itself at its instant', async () => {
    const box = aBox({ lengthMs: 40_000 });
    const rig = await startDirector(box);
    const nowMs = FIVE_AM - untilFive;
    rig.director.play(aPlay({ nowMs, repeat: { times: 10, gapMs: 1_000 }, stopByMs: nowMs + MINUTE_MS }));
    await box.clock.advance(2 * MINUTE_MS);
    expect(box.player.heard.every(({ untilMs }) => untilMs <= nowMs + MINUTE_MS)).toBe(true);
    expect(rig.outcomes()).toEqual(['occ-act_0001 partial expired']);
    await rig.stop();
  });

  it('a cancelled act falls silent', async () => {
    const box = aBox();
    const rig = await startDirector(box);
    rig.director.play(aPlay({ nowMs: FIVE_AM - untilFive }));
    await box.clock.advance(4_000);
    rig.director.cancel('act_0001');
    await box.clock.advance(1_000);
    expect(rig.outcomes()).toEqual(['occ-act_0001 partial cancelled']);
    await rig.stop();
  });

  const aHold = (includesEmergency: boolean, untilMs: number | null = null) => ({
    holds: [{ id: 'h1', includesEmergency, fromMs: 0, untilMs, reason: 'Tang lễ', by: 'x' }],
  });

  it('a hold silences at once what sounds, and says when it is silent', async () => {
    const box = aBox();
    const rig = await startDirector(box);
    rig.plan(
      planOf([
        { id: 'a', atMin: 0 },
        { id: 'b', atMin: 1 },
      ]),
    );
    await box.clock.advance(untilFive + 5_000);
    rig.adopt('hold', aHold(false));
    await box.clock.advance(500);
    expect(rig.outcomes()).toEqual(['a partial hold']);
    expect(rig.eventsOf('hold').map(({ holds, silent }) => [holds, silent])).toEqual([[['h1'], true]]);
    await box.clock.advance(2 * MINUTE_MS);
    expect(rig.outcomes()).toEqual(['a partial hold', 'b skipped hold']);
    await rig.stop();
  });

  it('a hold lets emergencies through unless it says otherwise', async () => {
    const box = aBox();
    const rig = await startDirector(box);
    rig.adopt('hold', aHold(false));
    rig.director.play(aPlay({ id: 'act_1', nowMs: FIVE_AM - untilFive }));
    await box.clock.advance(MINUTE_MS);
    rig.adopt('hold', aHold(true));
    rig.director.play(aPlay({ id: 'act_2', nowMs: FIVE_AM - untilFive + MINUTE_MS }));
    await box.clock.advance(MINUTE_MS);
    expect(rig.outcomes()).toEqual(['occ-act_1 played complete', 'occ-act_2 skipped hold']);
    await rig.stop();
  });

  it('a hold ends at its time, and is released by an empty set; both are confirmed', async () => {
    const box = aBox();
    const rig = await startDirector(box);
    rig.adopt('hold', aHold(false, FIVE_AM - MINUTE_MS));
    rig.plan(
      planOf([
        { id: 'a', atMin: 0 },
        { id: 'b', atMin: 2 },
      ]),
    );
    await box.clock.advance(untilFive + MINUTE_MS);
    rig.adopt('hold', aHold(false));
    await box.clock.advance(1_000);
    rig.adopt('hold', { holds: [] });
    await box.clock.advance(2 * MINUTE_MS);
    expect(rig.outcomes()).toEqual(['a played complete', 'b played complete']);
    expect(rig.eventsOf('hold').map(({ holds }) => holds)).toEqual([['h1'], [], ['h1'], []]);
    await rig.stop();
  });

  it('while the box does not know the time, a hold ends by its release alone', async () => {
    const box = aBox();
    const rig = await startDirector(box, { trusted: false });
    rig.adopt('hold', aHold(true, FIVE_AM - untilFive + MINUTE_MS));
    await box.clock.advance(2 * MINUTE_MS);
    const confirmed = () => rig.eventsOf('hold').map(({ holds }) => holds);
    expect(confirmed()).toEqual([['h1']]);
    rig.adopt('hold', { holds: [] });
    await box.clock.advance(1_000);
    expect(confirmed()).toEqual([['h1'], []]);
    await rig.stop();
  });

  it('two of one rank play one after the other', async () => {
    const box = aBox({ lengthMs: 90_000 });
    const rig = await startDirector(box);
    rig.plan(
      planOf([
        { id: 'a', atMin: 0 },
        { id: 'b', atMin: 1 },
      ]),
    );
    await box.clock.advance(untilFive + 5 * MINUTE_MS);
    const [a, b] = box.player.heard;
    expect([a?.id, b?.id]).toEqual(['a', 'b']);
    expect(b?.fromMs).toBeGreaterThanOrEqual(a?.untilMs ?? Number.POSITIVE_INFINITY);
    expect(rig.outcomes()).toEqual(['a played complete', 'b played complete']);
    await rig.stop();
  });
});
