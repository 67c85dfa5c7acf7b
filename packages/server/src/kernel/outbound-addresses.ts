/**
 * Which addresses requests may go to that others asked for: webhooks, subscriptions. Whoever may create one must not be able to make
 * this server speak to itself, to its neighbours, or to the metadata service of its cloud, unless the operator said so.
 */
import { BlockList, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

/** Not the open Internet: this host, private and shared networks, link-local with metadata services, multicast, tests, tunnels into IPv4. */
const REFUSED = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/32',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]

export class OutboundAddresses {
  // BlockList counts a mapped IPv4 address as the IPv4 address, so the two families never share a list.
  readonly #refused = rangesOf(REFUSED)
  readonly #allowed: Ranges

  /** `allowed` are ranges such as `10.1.0.0/16` that the operator opened. */
  constructor(allowed: readonly string[]) {
    this.#allowed = rangesOf(allowed)
  }

  /** Whether requests may go to this literal address. */
  allows(text: string): boolean {
    const address = text.split('%')[0]!
    if (isIP(address) === 0) return false
    if (includes(this.#allowed, address)) return true
    return !includes(this.#refused, address) && !ownAddresses().has(address)
  }
}

interface Ranges {
  readonly 4: BlockList
  readonly 6: BlockList
}

function rangesOf(ranges: readonly string[]): Ranges {
  const lists = { 4: new BlockList(), 6: new BlockList() }
  for (const range of ranges) {
    const { address, bits, version } = parseRange(range)!
    lists[version].addSubnet(address, bits, version === 4 ? 'ipv4' : 'ipv6')
  }
  return lists
}

function includes(ranges: Ranges, address: string): boolean {
  return isIP(address) === 4 ? ranges[4].check(address, 'ipv4') : ranges[6].check(address, 'ipv6')
}

/** Reads `10.0.0.0/8`, or an address alone; undefined if it is neither. */
export function parseRange(range: string): { address: string; bits: number; version: 4 | 6 } | undefined {
  const [address = '', mask, ...more] = range.split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0) return undefined
  const longest = version === 4 ? 32 : 128
  if (mask !== undefined && !/^\d{1,3}$/.test(mask)) return undefined
  const bits = Number(mask ?? longest)
  return bits <= longest ? { address, bits, version: version === 4 ? 4 : 6 } : undefined
}

function ownAddresses(): Set<string> {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return new Set(all.map(({ address }) => address.split('%')[0]!))
}
