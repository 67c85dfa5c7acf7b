/*
 * `steward-agent diagnose` (AGT-17): goes the way a connection goes and says where it ends. Each check prints one line;
 * a check that needs an earlier one that failed is left out.
 */
import { lookup } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { readConfiguration } from '#configuration.ts'
import { sentenceOf } from '#log.ts'
import { processIdentity } from '#scripts/processes.ts'
import { httpRequest } from '#server/http.ts'
import { openTunnel, proxyFor } from '#server/proxy.ts'
import { ServerClock } from '#server/server-clock.ts'
import { requestRoleToken, SsmClient } from '#server/ssm-client.ts'
import { tlsAddress } from '#server/tls-address.ts'
import type { StateDirectory } from '#state-directory.ts'

const patienceMs = 10_000

/** Prints the checks; resolves with whether all went well. */
export async function diagnoseCommand(state: StateDirectory, print: (line: string) => void): Promise<boolean> {
  let well = true
  const check = async <T>(what: string, run: () => Promise<T>): Promise<T | undefined> => {
    try {
      const result = await run()
      print(`ok      ${what}${typeof result === 'string' ? `: ${result}` : ''}`)
      return result
    } catch (error) {
      print(`FAILED  ${what}: ${sentenceOf(error)}`)
      well = false
    }
  }
  const configuration = await check('registration', async () => {
    const found = await readConfiguration(state.configuration)
    if (!found) throw new Error(`${state.configuration} does not exist; run steward-agent register`)
    return found
  })
  if (!configuration) return false
  print(`        node ${configuration.nodeId}, server ${configuration.url}, Region ${configuration.region}`)
  const url = new URL(configuration.url)
  const endpoint = {
    url: configuration.url,
    region: configuration.region,
    ca: configuration.ca,
    clock: new ServerClock(),
  }
  const proxied = (await check('proxy', () => proxySetting(url))) !== 'none'
  const named = await check(
    'name of the server',
    async () => (await lookup(url.hostname.replace(/^\[|\]$/g, ''))).address,
  )
  if (proxied || (named && (await check('connection', () => reach(url))))) {
    if (url.protocol === 'https:' && !proxied) await check('certificate', () => handshake(url, configuration.ca))
    await check('clock', () => compareClocks(url, configuration.ca))
    const token = await check('credentials', () => requestRoleToken(endpoint, configuration))
    if (token) {
      const client = new SsmClient(endpoint, async () => token.credentials)
      await check('API', () => client.updateInstanceInformation({ InstanceId: configuration.nodeId }))
    }
  }
  await check('agent process', () => runningAgent(state))
  return well
}

async function proxySetting(url: URL): Promise<string> {
  const proxy = proxyFor(url, process.env)
  if (!proxy) return 'none'
  ;(await openTunnel(url, proxy, patienceMs)).destroy()
  return proxy.host
}

function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80))
}

function reach(url: URL): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(portOf(url), url.hostname.replace(/^\[|\]$/g, ''), () => {
      resolve(`${socket.remoteAddress} port ${socket.remotePort}`)
      socket.destroy()
    })
    socket.setTimeout(patienceMs, () => socket.destroy(new Error(`no answer within ${patienceMs / 1000} s`)))
    socket.once('error', reject)
  })
}

function handshake(url: URL, ca: string | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { ...tlsAddress(url), ...(ca ? { ca } : {}) }
    const socket = connectTls(options, () => {
      resolve(`valid to ${socket.getPeerCertificate().valid_to}`)
      socket.destroy()
    })
    socket.once('error', reject)
  })
}

async function compareClocks(url: URL, ca: string | undefined): Promise<string> {
  const { headers } = await httpRequest({ method: 'GET', url: new URL('/healthz', url), ca, timeoutMs: patienceMs })
  if (!headers.date) return 'the server does not tell its time'
  const seconds = Math.round((Date.now() - Date.parse(headers.date)) / 1000)
  if (Math.abs(seconds) > 240) throw new Error(`${seconds} s away from the server's`)
  return `${seconds} s away from the server's`
}

async function runningAgent(state: StateDirectory): Promise<string> {
  const owner = await readFile(state.lock, 'utf8').catch(() => '')
  const [pid = '', identity = ''] = owner.trim().split(' ')
  if (pid && processIdentity(Number(pid)) === identity) return `running as process ${pid}`
  throw new Error('no agent runs on this state directory')
}
