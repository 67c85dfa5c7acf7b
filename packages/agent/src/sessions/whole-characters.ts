/** How many bytes at the end of `bytes` begin a UTF-8 character that is not complete; 0 to 3. Bytes that are no UTF-8 count as whole. */
export function incompleteTail(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return back < lengthOf(byte) ? back : 0
  }
  return 0
}

function lengthOf(lead: number): number {
  if (lead >= 0xf8) return 1
  return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
}
