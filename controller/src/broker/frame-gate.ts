/**
 * Follows packet boundaries in the bytes of one MQTT connection. The returned function takes the next chunk and
 * returns false as soon as a packet announces more bytes than allowed, before anything of it is buffered or parsed
 * (MQTT 3.1.1 §2.2.3). After false the connection is to be dropped.
 */
export function createFrameGate({
  maxConnectBytes,
  maxPacketBytes,
}: {
  readonly maxConnectBytes: number;
  readonly maxPacketBytes: number;
}): (chunk: Uint8Array) => boolean {
  let maxBytes = maxConnectBytes;
  let at: 'type' | 'length' = 'type';
  let announced = 0;
  let lengthBytes = 0;
  let bodyLeft = 0;
  return (chunk) => {
    for (let i = 0; i < chunk.length; ) {
      if (bodyLeft > 0) {
        const skipped = Math.min(bodyLeft, chunk.length - i);
        bodyLeft -= skipped;
        i += skipped;
        continue;
      }
      const byte = chunk[i++] ?? 0;
      if (at === 'type') {
        at = 'length';
        announced = 0;
        lengthBytes = 0;
        continue;
      }
      announced += (byte & 0x7f) * 128 ** lengthBytes;
      lengthBytes += 1;
      if (lengthBytes > 4 || announced > maxBytes) return false;
      if (byte & 0x80) continue;
      bodyLeft = announced;
      at = 'type';
      maxBytes = maxPacketBytes;
    }
    return true;
  };
}
