/**
 * A WebSocket mask that changes nothing, and costs neither end anything. Masks keep scripts of web pages from making a browser
 * send what a proxy would take for something else; programs send what they choose anyway.
 */
export function zeroMask(mask: Uint8Array): void {
  mask.fill(0)
}
