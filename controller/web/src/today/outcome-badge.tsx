import { Badge, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { OccurrenceLine } from './today-query.ts';

const RESULT_COLOR = {
  played: 'teal',
  partial: 'yellow',
  'pre-empted': 'yellow',
  skipped: 'gray',
  missed: 'red',
  refused: 'red',
} as const;
const STATE_COLOR = {
  planned: 'blue',
  due: 'grape',
  playing: 'grape',
  unreported: 'orange',
  withdrawn: 'gray',
} as const;

/** What became of an occurrence: its outcome with the reason, or where it stands now. */
export function OutcomeBadge({ occurrence }: { readonly occurrence: OccurrenceLine }) {
  const { t } = useTranslation();
  const { outcome, state } = occurrence;
  if (state !== 'ended' || !outcome)
    return (
      <Badge
        color={state === 'ended' ? 'gray' : STATE_COLOR[state]}
        variant={state === 'playing' ? 'filled' : 'light'}
      >
        {state === 'ended' ? t('state.unreported') : t(`state.${state}`)}
      </Badge>
    );
  const details = [
    outcome.reason === 'complete' ? undefined : t(`reason.${outcome.reason}`),
    outcome.startErrorMs === null ? undefined : t('today.error', { ms: Math.round(outcome.startErrorMs) }),
  ].filter((detail) => detail !== undefined);
  return (
    <Group gap="xs" wrap="nowrap">
      <Badge color={RESULT_COLOR[outcome.result]} variant="light">
        {t(`result.${outcome.result}`)}
      </Badge>
      {details.length > 0 && (
        <Text size="sm" c="dimmed">
          {details.join(' · ')}
        </Text>
      )}
    </Group>
  );
}
