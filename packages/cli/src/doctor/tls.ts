import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkServerIdentity, connect, type PeerCertificate } from 'node:tls'
import { urlText } from '#connection.ts'
import { isLoopback } from '#listener.ts'
import { type Address, type LocalInstallation, listenerUrl } from '#local-installation.ts'
import { doubtful, type Finding, well, wrong } from './finding.ts'

const TIMEOUT_MS = 5000
const DAY_MS = 86_400_000
/** It takes long to enrol a fleet again. */
const AUTHORITY_DAYS = 180

/** Whether other machines could trust the TLS listener. Only useful while the server answers. */
export async function checkTls({ https, data, hostnames }: LocalInstallation): Promise<Finding[]> {
  if (!https)
    return [
      doubtful(
        'TLS is switched off (STEWARD_HTTPS=off)',
        'other machines need it: start the server with STEWARD_HTTPS=0.0.0.0:8471',
      ),
    ]
  const authority = join(data, 'ca.pem')
  if (!existsSync(authority)) return [wrong(`${authority} does not exist`, 'restart the server: it makes it anew')]
  const url = listenerUrl('https', https)
  try {
    const ca = readFileSync(authority, 'utf8')
    const certificate = await presentedCertificate(url, ca)
    return [
      checkReach(urlText(url), https),
      checkValidity(certificate),
      ...checkAuthority(authority, ca),
      ...checkNames(certificate, hostnames),
    ]
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return [wrong(`${urlText(url)} cannot be trusted: ${message || code}`, mendOf(code, authority))]
  }
}

function mendOf(code: string | undefined, authority: string): string {
  if (code === 'ECONNREFUSED')
    return 'the server listens elsewhere or without TLS: set STEWARD_HTTPS here as it is set there'
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return `set the clock right, or restart the server, which makes a new certificate at each start; ${authority} itself is good for ten years`
  return `what answers there does not have a certificate of ${authority}: is it another server, or another data directory?`
}

function checkReach(where: string, { host, port }: Address): Finding {
  const hint = isLoopback(host) ? ` (this machine only; STEWARD_HTTPS=0.0.0.0:${port} opens it)` : ''
  return well(`TLS listener answers at ${where}${hint}`)
}

/** Restarts make no other one. */
function checkAuthority(file: string, pem: string): Finding[] {
  const days = daysUntil(new X509Certificate(pem).validTo)
  if (days >= AUTHORITY_DAYS) return []
  const mend = `before that, stop the server, move ca.pem and ca-key.pem away, start it, and enrol every node again`
  return [doubtful(`The certificate authority ${file} expires in ${days} days`, mend)]
}

function checkValidity({ valid_to }: PeerCertificate): Finding {
  const days = daysUntil(valid_to)
  return days < 30
    ? doubtful(`The certificate expires in ${days} days`, 'restart the server: it makes a new one at each start')
    : well(`The certificate is good for ${days} days`)
}

function daysUntil(time: string): number {
  return Math.floor((Date.parse(time) - Date.now()) / DAY_MS)
}

function checkNames(certificate: PeerCertificate, hostnames: readonly string[]): Finding[] {
  const missing = hostnames.filter((name) => checkServerIdentity(name, certificate) !== undefined)
  if (missing.length === 0) return []
  return [
    wrong(`The certificate is not for ${missing.join(', ')}`, 'restart the server with the same STEWARD_HOSTNAMES'),
  ]
}

function presentedCertificate(url: URL, ca: string): Promise<PeerCertificate> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve, reject) => {
    const socket = connect(
      { host, port: Number(url.port), ca, ...(/[a-z]/i.test(host) ? { servername: host } : {}) },
      () => {
        resolve(socket.getPeerCertificate())
        socket.destroy()
      },
    )
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)))
    socket.once('error', reject)
  })
}
