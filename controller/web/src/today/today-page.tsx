import { Alert, Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { ClusterCard } from './cluster-card.tsx';
import { useToday } from './today-query.ts';

/** Today, hamlet by hamlet. */
export function TodayPage() {
  const { t, i18n } = useTranslation();
  const { data, error, isPending, refetch } = useToday();
  if (isPending) return <Loader aria-label={t('today.title')} />;
  if (error && !data)
    return (
      <Alert color="red" title={t('error.title')}>
        <Stack align="flex-start" gap="xs">
          <Text>
            {error instanceof ApiError && error.code === 'network/unreachable'
              ? t('error.network/unreachable')
              : error.message}
          </Text>
          <Button size="xs" variant="light" onClick={() => void refetch()}>
            {t('error.retry')}
          </Button>
        </Stack>
      </Alert>
    );
  const day = new Intl.DateTimeFormat(i18n.language, {
    dateStyle: 'full',
    timeZone: data.site.timeZone,
  }).format(data.nowMs);
  return (
    <Stack>
      <Group justify="space-between" align="baseline">
        <Title order={1} size="h2">
          {t('today.title')}
        </Title>
        <Text c="dimmed">{day}</Text>
      </Group>
      {data.clusters.length === 0 && <Text>{t('today.empty')}</Text>}
      {data.clusters.map((cluster) => (
        <ClusterCard key={cluster.id} cluster={cluster} timeZone={data.site.timeZone} />
      ))}
    </Stack>
  );
}
