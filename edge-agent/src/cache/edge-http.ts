import { linkAuthorization } from '@loa/contract';
import type { DeviceId, Secret } from '@loa/kernel';

/** One request to the controller by this box. Resolves as `fetch` does. */
export type EdgeRequest = (
  path: string,
  options: { readonly signal: AbortSignal; readonly headers?: Readonly<Record<string, string>> },
) => Promise<Response>;

/** Creates requests that carry the box's own authorisation. */
export function createEdgeRequest({
  controllerUrl,
  device,
  linkKey,
}: {
  readonly controllerUrl: string;
  readonly device: DeviceId;
  readonly linkKey: Secret;
}): EdgeRequest {
  return (path, { signal, headers = {} }) =>
    fetch(controllerUrl + path, {
      headers: { ...headers, authorization: linkAuthorization(device, linkKey.reveal()) },
      redirect: 'error', // the controller has one address; following a redirect would show our key elsewhere
      signal,
    });
}
