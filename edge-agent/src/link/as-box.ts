import { linkAuthorization } from '@loa/contract';
import type { DeviceId, Secret } from '@loa/kernel';
import type { HttpRequest } from '../link/http.ts';

/** Gives requests the box's own authorisation. */
export function asBox(
  http: HttpRequest,
  { device, linkKey }: { readonly device: DeviceId; readonly linkKey: Secret },
): HttpRequest {
  return (path, { headers = {}, ...options }) =>
    http(path, {
      ...options,
      headers: { ...headers, authorization: linkAuthorization(device, linkKey.reveal()) },
    });
}
