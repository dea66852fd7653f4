import { Badge, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ListenButton } from './listen-button.tsx';
import { OutcomeBadge } from './outcome-badge.tsx';
import type { OccurrenceLine } from './today-query.ts';

const CLASS_COLOR = { routine: 'gray', priority: 'orange', emergency: 'red' } as const;

/** One planned start: when, what, how urgent, and what became of it. */
export function OccurrenceRow({
  occurrence,
  timeZone,
}: {
  readonly occurrence: OccurrenceLine;
  readonly timeZone: string;
}) {
  const { t, i18n } = useTranslation();
  const { title, startsAtMs, plannedMs, state, ready } = occurrence;
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: 'medium', timeZone }).format(startsAtMs);
  return (
    <Group component="li" justify="space-between" gap="sm" py={6} data-state={state}>
      <Group gap="sm" wrap="nowrap" style={{ minWidth: 0, flex: '1 1 260px' }}>
        <Text ff="monospace" fw={600}>
          {time}
        </Text>
        <Stack gap={0} style={{ minWidth: 0 }}>
          <Text>{title}</Text>
          <Group gap={6}>
            <Badge size="xs" variant="outline" color={CLASS_COLOR[occurrence.class]}>
              {t(`class.${occurrence.class}`)}
            </Badge>
            <Text size="xs" c="dimmed">
              {t('today.seconds', { seconds: Math.round(plannedMs / 1000) })}
              {state === 'planned' && ` · ${ready ? t('today.ready') : t('today.notReady')}`}
            </Text>
          </Group>
        </Stack>
      </Group>
      <Group gap="sm" wrap="nowrap">
        <OutcomeBadge occurrence={occurrence} />
        <ListenButton title={title} sounds={occurrence.sounds} />
      </Group>
    </Group>
  );
}
