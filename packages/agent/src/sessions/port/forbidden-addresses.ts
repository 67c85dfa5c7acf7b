import { BlockList, isIPv6 } from 'node:net'

/**
 * Addresses that no session may be forwarded to: what clouds tell a machine about itself, its credentials included, and all
 * that is link-local, where such services live.
 */
const forbidden = new BlockList()
forbidden.addSubnet('169.254.0.0', 16, 'ipv4')
forbidden.addSubnet('fe80::', 10, 'ipv6')
// Amazon's, beside the link-local ones.
for (const last of ['23', '123', '240', '250', '251', '253', '254']) forbidden.addAddress(`fd00:ec2::${last}`, 'ipv6')
// Alibaba's and Oracle's.
forbidden.addAddress('100.100.100.200', 'ipv4')
forbidden.addAddress('192.0.0.192', 'ipv4')

/** Whether an IPv4 or IPv6 address, also one of IPv4 written as IPv6, is forbidden. */
export function isForbidden(address: string): boolean {
  const [bare = ''] = address.split('%')
  return forbidden.check(bare, isIPv6(bare) ? 'ipv6' : 'ipv4')
}
