import { isIP } from 'node:net'

/** An address as four numbers of 32 bits. IPv4 addresses stand at `::ffff:0:0/96`. */
type Address = readonly [number, number, number, number]

/** Addresses that are equal in the bits that the mask has set. */
export interface IpRange {
  readonly address: Address
  readonly mask: Address
}

/** Reads `203.0.113.0/24`, `2001:db8::/32` or one address. Undefined for anything else. */
export function parseIpRange(text: string): IpRange | undefined {
  const [start = '', length, more] = text.split('/')
  const version = isIP(start)
  const width = version === 4 ? 32 : 128
  const address = parseIp(start)
  if (!address || more !== undefined) return undefined
  if (length !== undefined && !(/^\d{1,3}$/.test(length) && Number(length) <= width)) return undefined
  return { address, mask: maskOf(128 - width + (length === undefined ? width : Number(length))) }
}

export function isInRange({ address, mask }: IpRange, candidate: Address): boolean {
  for (let i = 0; i < 4; i++) if (((address[i]! ^ candidate[i]!) & mask[i]!) !== 0) return false
  return true
}

/** Undefined for what is no address. */
export function parseIp(text: string): Address | undefined {
  const version = isIP(text)
  if (version === 0 || text.includes('%')) return undefined
  return version === 4 ? [0, 0, 0xffff, ipv4(text)] : ipv6(text)
}

function maskOf(bits: number): Address {
  const word = (i: number) => {
    const set = Math.min(32, Math.max(0, bits - 32 * i))
    return set === 0 ? 0 : -1 << (32 - set)
  }
  return [word(0), word(1), word(2), word(3)]
}

function ipv4(text: string): number {
  const [a, b, c, d] = text.split('.').map(Number) as [number, number, number, number]
  return (a << 24) | (b << 16) | (c << 8) | d
}

function ipv6(text: string): Address {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const tail = dotted && ipv4(dotted[2]!)
  const hex = tail === null ? text : `${dotted![1]}${(tail >>> 16).toString(16)}:${(tail & 0xffff).toString(16)}`
  const [head, rest] = hex.split('::') as [string, string | undefined]
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)))
  const front = groups(head)
  const back = rest === undefined ? [] : groups(rest)
  const all = [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back]
  const word = (i: number) => (all[2 * i]! << 16) | all[2 * i + 1]!
  return [word(0), word(1), word(2), word(3)]
}
