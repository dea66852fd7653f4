import { problem } from '@loa/contract';
import type { AppType } from '@loa/controller';
import { AppError } from '@loa/kernel';
import { hc } from 'hono/client';

/** Somebody who is signed in to a controller, and uses it as a browser does. */
export interface Person {
  readonly api: ReturnType<typeof hc<AppType>>;
  readonly fetch: typeof fetch;
}

/** Opens a one-time sign-in link and keeps the session's cookie. */
export async function signIn(link: string): Promise<Person> {
  const origin = new URL(link).origin;
  const answer = await fetch(link, { redirect: 'manual' });
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  await answer.body?.cancel();
  if (cookie === '')
    throw new AppError(`the sign-in link did not sign in (HTTP ${answer.status})`, { code: 'test/sign-in' });
  const withCookie: typeof fetch = (input, init) => {
    const request = new Request(input, init);
    request.headers.set('cookie', cookie);
    request.headers.set('origin', origin);
    return fetch(request);
  };
  return { api: hc<AppType>(`${origin}/api/v1`, { fetch: withCookie }), fetch: withCookie };
}

/**
 * Returns the body of an answer.
 * @throws {AppError} with the sentence and code of the problem document.
 */
export async function body<T>(
  request: Promise<{ readonly ok: boolean; readonly status: number; json(): Promise<T> }>,
): Promise<T> {
  const answer = await request;
  if (answer.ok) return answer.json();
  const told = problem.safeParse(await answer.json().catch(() => undefined));
  if (!told.success) throw new AppError(`HTTP ${answer.status}`, { code: 'test/http' });
  const fields = told.data.fields?.map(({ path, message }) => `${path}: ${message}`).join('; ') ?? '';
  throw new AppError(`${told.data.detail}${fields ? ` (${fields})` : ''}`, { code: told.data.code });
}
