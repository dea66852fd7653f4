import { linkAuthorization } from '@loa/contract';
import type { DeviceId, Secret } from '@loa/kernel';

/** One request to the controller by this box. Resolves as `fetch` does. */
export type EdgeRequest = (
  path: string,
  options: {
    readonly signal: AbortSignal;
    readonly headers?: Readonly<Record<string, string>>;
    /** Sends this by `PUT`; without it the request is a `GET`. */
    readonly put?: string;
  },
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
  return (path, { signal, headers = {}, put }) =>
    fetch(controllerUrl + path, {
      ...(put === undefined ? {} : { method: 'PUT', body: put }),
      headers: { ...headers, authorization: linkAuthorization(device, linkKey.reveal()) },
      redirect: 'error', // the controller has one address; following a redirect would show our key elsewhere
      signal,
    });
}
