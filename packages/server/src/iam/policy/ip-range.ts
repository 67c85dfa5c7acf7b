import { isIP } from 'node:net'

/** Addresses that share the first `bits` of their 128. IPv4 addresses stand at `::ffff:0:0/96`. */
export interface IpRange {
  readonly address: bigint
  readonly bits: number
}

/** Reads `203.0.113.0/24`, `2001:db8::/32` or one address. Undefined for anything else. */
export function parseIpRange(text: string): IpRange | undefined {
  const [address = '', length, more] = text.split('/')
  const version = isIP(address)
  if (version === 0 || address.includes('%') || more !== undefined) return undefined
  const width = version === 4 ? 32 : 128
  if (length !== undefined && !(/^\d{1,3}$/.test(length) && Number(length) <= width)) return undefined
  return { address: toNumber(address, version), bits: 128 - width + (length === undefined ? width : Number(length)) }
}

export function isInRange(range: IpRange, address: bigint): boolean {
  return (address ^ range.address) >> BigInt(128 - range.bits) === 0n
}

/** Undefined for what is no address. */
export function parseIp(text: string): bigint | undefined {
  const version = isIP(text)
  return version === 0 || text.includes('%') ? undefined : toNumber(text, version)
}

function toNumber(text: string, version: number): bigint {
  if (version === 4) return (0xffffn << 32n) | ipv4(text)
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const tail = dotted ? ipv4(dotted[2]!) : undefined
  const hex = tail === undefined ? text : `${dotted![1]}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}`
  const [head, rest] = hex.split('::') as [string, string | undefined]
  const groups = (part: string) => (part === '' ? [] : part.split(':'))
  const front = groups(head)
  const back = rest === undefined ? [] : groups(rest)
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => '0')
  return [...front, ...zeros, ...back].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n)
}

function ipv4(text: string): bigint {
  return text.split('.').reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
}
