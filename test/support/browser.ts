import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Returns where a Chromium of this machine is. None is downloaded: tests stay on the machine. */
export function findBrowser(): string | undefined {
  return PATHS.find((path) => existsSync(path));
}

/** Starts it without a window. Containers and root have no sandbox to offer; nobody else's pages are opened. */
export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
  });
}
