import '@fontsource/be-vietnam-pro/vietnamese-400.css';
import '@fontsource/be-vietnam-pro/vietnamese-600.css';
import '@fontsource/be-vietnam-pro/latin-400.css';
import '@fontsource/be-vietnam-pro/latin-600.css';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import { createTheme, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startI18n } from './i18n/i18n.ts';
import { Shell } from './shell/shell.tsx';
import { TodayPage } from './today/today-page.tsx';

const theme = createTheme({
  fontFamily: '"Be Vietnam Pro", system-ui, sans-serif',
  primaryColor: 'cyan',
  primaryShade: { light: 9, dark: 5 },
});
const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 1000 } } });

const root = createRootRoute({ component: Shell });
const today = createRoute({ getParentRoute: () => root, path: '/', component: TodayPage });
const router = createRouter({ routeTree: root.addChildren([today]) });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

await startI18n();
const element = document.getElementById('root');
if (!element) throw new Error('index.html has no #root');
createRoot(element).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Notifications />
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
