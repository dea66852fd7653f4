import { Alert, AppShell, Button, Container, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, read } from '../api/client.ts';
import { toggleLanguage } from '../i18n/i18n.ts';
import { useLiveEvents } from '../live/use-live-events.ts';
import { useMe } from './me-query.ts';
import { SignedOut } from './signed-out.tsx';

/** The frame of every page: who is signed in, the language, and whether the link to the server lives. */
export function Shell() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const me = useMe();
  const isSignedIn = me.data !== null && me.data !== undefined;
  const isLive = useLiveEvents(isSignedIn);
  const signOut = async () => {
    await read(api['sign-out'].$post());
    queries.setQueryData(['me'], null);
  };
  return (
    <AppShell header={{ height: 56 }} padding="md">
      <AppShell.Header>
        <Container size="lg" h="100%">
          <Group h="100%" justify="space-between" wrap="nowrap">
            <Group gap="xs" wrap="nowrap">
              <img src="/loa.svg" alt="" width={28} height={28} />
              <Text fw={700}>{t('app.name')}</Text>
              <Text c="dimmed" visibleFrom="sm">
                {t('app.tagline')}
              </Text>
            </Group>
            <Group gap="xs" wrap="nowrap">
              {me.data && (
                <Text size="sm" visibleFrom="xs">
                  {me.data.name}
                </Text>
              )}
              <Button size="compact-sm" variant="subtle" onClick={() => void toggleLanguage()}>
                {t('app.language')}
              </Button>
              {me.data && (
                <Button size="compact-sm" variant="light" onClick={() => void signOut()}>
                  {t('app.signOut')}
                </Button>
              )}
            </Group>
          </Group>
        </Container>
      </AppShell.Header>
      <AppShell.Main>
        <Container size="lg" px={0}>
          {isSignedIn && !isLive && (
            <Alert color="orange" mb="md" role="status">
              {t('link.lost')}
            </Alert>
          )}
          {me.data === null ? <SignedOut /> : isSignedIn ? <Outlet /> : null}
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}
