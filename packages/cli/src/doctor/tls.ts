import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkServerIdentity, connect, type PeerCertificate } from 'node:tls'
import { urlText } from '#connection.ts'
import { isLoopback } from '#listener.ts'
import { type LocalInstallation, listenerUrl } from '#local-installation.ts'
import { doubtful, type Finding, well, wrong } from './finding.ts'

const TIMEOUT_MS = 5000
const DAY_MS = 86_400_000

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
    const certificate = await presentedCertificate(url, readFileSync(authority, 'utf8'))
    return [checkReach(urlText(url), https.host), checkValidity(certificate), ...checkNames(certificate, hostnames)]
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const mend =
      code === 'ECONNREFUSED'
        ? 'the server listens elsewhere or without TLS: set STEWARD_HTTPS here as it is set there'
        : `what answers there does not have a certificate of ${authority}: is it another server, or another data directory?`
    return [wrong(`${urlText(url)} cannot be trusted: ${message || code}`, mend)]
  }
}

function checkReach(where: string, host: string): Finding {
  return well(
    `TLS listener answers at ${where}${isLoopback(host) ? ' (this machine only; STEWARD_HTTPS=0.0.0.0:8471 opens it)' : ''}`,
  )
}

function checkValidity({ valid_to }: PeerCertificate): Finding {
  const days = Math.floor((Date.parse(valid_to) - Date.now()) / DAY_MS)
  const mend = 'restart the server: it makes a new one at each start'
  if (days < 0) return wrong(`The certificate expired on ${valid_to}`, mend)
  return days < 30
    ? doubtful(`The certificate expires in ${days} days`, mend)
    : well(`The certificate is good for ${days} days`)
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
