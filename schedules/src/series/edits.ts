import { addDays } from '../calendar/civil-time.ts';
import { lastTime } from '../calendar/rule-dates.ts';
import type { Series, SeriesException } from './series.ts';

/** What an edit may change; identity stays. */
export type SeriesChange = Partial<Omit<Series, 'id' | 'rootId'>>;

/** What an edit of one date may do. Local times `YYYY-MM-DDTHH:MM:SS`. */
export type DateChange = { readonly kind: 'cancel' } | { readonly kind: 'move'; readonly to: string };

/** "This one": returns the series with the date at local time `at` taken out or moved; an earlier change of that date is replaced. */
export function editThis(series: Series, at: string, change: DateChange): Series {
  const others = (series.exceptions ?? []).filter((exception) => exception.at !== at);
  return { ...series, exceptions: [...others, { ...change, at }] };
}

/**
 * "This and following": returns the series ended on the day before `date`, and one that goes on from `date` with the change.
 * Both have one root, so that occurrences keep their ids. From the first date on, it is an edit of the whole series.
 */
export function editFollowing(
  series: Series,
  date: string,
  change: SeriesChange,
  newId: string,
): readonly Series[] {
  if (date <= series.firstDate) return [editSeries(series, change)];
  const isLater = ({ at }: SeriesException) => at.slice(0, 10) >= date;
  const exceptions = series.exceptions ?? [];
  const uncounted = withoutCount(series);
  const ended = {
    ...uncounted,
    lastDate: addDays(date, -1),
    exceptions: exceptions.filter((exception) => !isLater(exception)),
  };
  const following = { ...uncounted, id: newId, firstDate: date, exceptions: exceptions.filter(isLater) };
  return [ended, editSeries(following, change)];
}

/** "The whole series": returns the series with the change. A new time of day takes the changed dates along. */
export function editSeries(series: Series, change: SeriesChange): Series {
  const { localTime = series.localTime } = change;
  const exceptions = (series.exceptions ?? []).map((exception) =>
    exception.kind !== 'add' && exception.at.slice(11) === series.localTime
      ? { ...exception, at: `${exception.at.slice(0, 10)}T${localTime}` }
      : exception,
  );
  return { ...series, ...(exceptions.length > 0 ? { exceptions } : {}), ...change };
}

/** A COUNT would begin again in each half: it becomes the last date that it gave. */
function withoutCount(series: Series): Series {
  if (series.rule.kind !== 'rrule' || !series.rule.rrule.includes('COUNT=')) return series;
  const rrule = series.rule.rrule.replace(/(?:^|;)COUNT=\d+/, '').replace(/^;/, '');
  const last = lastTime(series)?.slice(0, 10) ?? series.firstDate;
  return { ...series, rule: { kind: 'rrule', rrule }, lastDate: last };
}
