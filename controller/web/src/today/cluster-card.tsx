import { Badge, Card, Divider, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { OccurrenceRow } from './occurrence-row.tsx';
import type { ClusterDay } from './today-query.ts';

/** A hamlet's loudspeakers today: whether the box is there, whether it holds the plan, and each planned start. */
export function ClusterCard({
  cluster,
  timeZone,
}: {
  readonly cluster: ClusterDay;
  readonly timeZone: string;
}) {
  const { t } = useTranslation();
  const link =
    cluster.online === null
      ? { color: 'gray', text: t('today.neverSeen') }
      : cluster.online
        ? { color: 'teal', text: t('today.online') }
        : { color: 'red', text: t('today.offline') };
  const plan =
    cluster.plan === null
      ? t('today.noPlan')
      : cluster.plan.held
        ? t('today.planHeld')
        : t('today.planWaiting');
  return (
    <Card withBorder radius="md" padding="md" component="section" aria-label={cluster.name}>
      <Group justify="space-between">
        <Stack gap={0}>
          <Title order={2} size="h4">
            {cluster.name}
          </Title>
          <Text size="sm" c="dimmed">
            {cluster.areaName} · {plan}
          </Text>
        </Stack>
        <Group gap="xs">
          {cluster.clock === 'untrusted' && <Badge color="red">{t('today.clockUntrusted')}</Badge>}
          <Badge color={link.color} variant="dot">
            {link.text}
          </Badge>
        </Group>
      </Group>
      <Divider my="sm" />
      {cluster.occurrences.length === 0 ? (
        <Text c="dimmed">{t('today.nothing')}</Text>
      ) : (
        <ul style={{ listStyle: 'none', margin: 0, padding: 0 }}>
          {cluster.occurrences.map((occurrence) => (
            <OccurrenceRow key={occurrence.id} occurrence={occurrence} timeZone={timeZone} />
          ))}
        </ul>
      )}
    </Card>
  );
}
