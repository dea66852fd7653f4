/** One element of DER (X.690): its tag, what it holds, and its own exact bytes, which a signature may cover. */
export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
  readonly bytes: Buffer;
}

/**
 * Splits `bytes` into the elements that stand in it one after the other.
 * @throws {Error} when an element is cut short, or its length is not written in the one way that DER allows.
 */
export function derElements(bytes: Buffer): readonly DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const header = readHeader(bytes, at);
    const end = header.contentAt + header.length;
    if (end > bytes.length) throw new Error('an element is cut short');
    elements.push({
      tag: header.tag,
      content: bytes.subarray(header.contentAt, end),
      bytes: bytes.subarray(at, end),
    });
    at = end;
  }
  return elements;
}

function readHeader(bytes: Buffer, at: number) {
  const tag = bytes[at] ?? 0;
  const first = bytes[at + 1];
  if (first === undefined) throw new Error('an element is cut short');
  if (first < 0x80) return { tag, length: first, contentAt: at + 2 };
  const lengthBytes = first & 0x7f;
  if (lengthBytes === 0 || lengthBytes > 2 || at + 2 + lengthBytes > bytes.length)
    throw new Error('an element has a length that is not allowed here');
  const length = bytes.readUIntBE(at + 2, lengthBytes);
  if (length < 0x80 || (lengthBytes === 2 && length < 0x100))
    throw new Error('an element has a length that is longer than needed');
  return { tag, length, contentAt: at + 2 + lengthBytes };
}
