import type { steward, Wire } from '@steward/model'
import { Api } from '#api.ts'
import { type Connection, urlText } from '#connection.ts'
import { ApiFault, type Fault, ServerAway } from '#fault.ts'
import { ask, type HttpAnswer } from '#http.ts'
import { doubtful, type Finding, well, wrong } from './finding.ts'

type Status = Wire<steward.Operations['GetServerStatus']['output']>

const TIMEOUT_MS = 5000
/** What `/healthz` answers. */
const OK = 'ok\n'
/** The server refuses signatures that are more than five minutes off. */
const CLOCK_LIMIT_MS = 300_000

/** Whether the local server answers, is ready, agrees on the time, and takes our credentials. */
export async function checkServer(
  connection: Connection,
): Promise<{ answers: boolean; ready: boolean; findings: Finding[] }> {
  const where = urlText(connection.endpoint)
  const alive = await get(connection.endpoint, '/healthz')
  if (alive instanceof ServerAway) return { answers: false, ready: false, findings: [notAnswering(where, alive)] }
  if (alive.body !== OK) {
    const mend = 'STEWARD_HTTP in this shell must be what it is in the shell of the server'
    return { answers: false, ready: false, findings: [wrong(`What answers at ${where} is not Steward`, mend)] }
  }
  const ready = await checkReady(connection.endpoint)
  const findings = [well(`Server answers at ${where}`), ready, checkClock(alive), await checkCredentials(connection)]
  return { answers: true, ready: ready.state === 'well', findings }
}

/** Whether a server of ours answers there, whatever its credentials. */
export async function isSteward(endpoint: URL): Promise<boolean> {
  const alive = await get(endpoint, '/healthz')
  return !(alive instanceof ServerAway) && alive.body === OK
}

function notAnswering(where: string, { cause, message }: ServerAway): Finding {
  if ((cause as NodeJS.ErrnoException).code === 'ECONNREFUSED') {
    return wrong(
      `No server at ${where}`,
      'start it: npm start; if it listens elsewhere, set STEWARD_HTTP in this shell too',
    )
  }
  return wrong(
    `What listens at ${where} does not answer as Steward does: ${message}`,
    'STEWARD_HTTP in this shell must be what it is in the shell of the server',
  )
}

async function checkReady(endpoint: URL): Promise<Finding> {
  const answer = await get(endpoint, '/readyz')
  if (!(answer instanceof ServerAway) && answer.status === 200)
    return well('Server is ready: its database takes writes')
  const says = answer instanceof ServerAway ? answer.message : answer.body.trim().replace(/^not ready: /, '')
  return wrong(
    `Server is not ready: ${says}`,
    'its log names the cause; most often the disk is full, PostgreSQL is away, or the database is damaged',
  )
}

/** The Date header is whole seconds, which is near enough. */
function checkClock({ headers }: HttpAnswer): Finding {
  const difference = Math.abs(Date.parse(headers.date ?? '') - Date.now())
  if (Number.isNaN(difference))
    return doubtful('The server does not tell its time', 'something in front of it removes the Date header')
  const seconds = Math.round(difference / 1000)
  const mend = 'set the clocks right, best with NTP (timedatectl set-ntp true)'
  if (difference > CLOCK_LIMIT_MS) return wrong(`Clocks differ by ${seconds} s, so signatures are refused`, mend)
  if (seconds > 60)
    return doubtful(`Clocks differ by ${seconds} s; beyond ${CLOCK_LIMIT_MS / 1000} s signatures are refused`, mend)
  return well('Clocks agree')
}

async function checkCredentials(connection: Connection): Promise<Finding> {
  try {
    await new Api(connection).ssm('DescribeInstanceInformation', { MaxResults: 5 })
    return well(`Credentials are accepted (Region ${connection.region})`)
  } catch (error) {
    const { message, mend } = error as Fault
    const other =
      'the server that runs has another data directory or root key: set STEWARD_DATA (or STEWARD_ROOT_…) as it is set there'
    return wrong(
      message,
      error instanceof ApiFault && error.status < 500 ? other : (mend ?? "the server's log has the cause"),
    )
  }
}

/** Whether the store that parameters refer to for secrets can be read; nothing where there is none. */
export async function checkSecretStore(connection: Connection): Promise<Finding[]> {
  const { SecretStore: store } = await new Api(connection).steward('GetServerStatus', {}).catch(() => ({}) as Status)
  if (!store) return []
  const { Url = '', Problem } = store
  return [
    Problem === undefined
      ? well(`Secrets elsewhere can be read: ${Url}`)
      : wrong(
          `Secrets elsewhere cannot be read from ${Url}: ${Problem}`,
          'correct STEWARD_SECRETS_URL where the server starts, or the store; see docs/operating.md',
        ),
  ]
}

async function get(endpoint: URL, path: string): Promise<HttpAnswer | ServerAway> {
  return ask({ method: 'GET', url: new URL(path, endpoint), timeoutMs: TIMEOUT_MS }).catch((error: ServerAway) => error)
}
