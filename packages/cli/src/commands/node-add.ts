import { amazonAgentLines, type Enrolment, stewardAgentLine } from '@steward/session-client/enrolment-lines.ts'
import { Api } from '#api.ts'
import { connection, urlText } from '#connection.ts'
import { EXIT, Fault } from '#fault.ts'
import { ask } from '#http.ts'
import { type Io, paint } from '#io.ts'
import { isLoopback, publicUrl, tlsListener } from '#listener.ts'

export interface NodeAddOptions {
  readonly name?: string
  readonly role: string
  /** Default 1; of an enrolment key 1,000. */
  readonly limit?: number
  /** Default 24; of an enrolment key for ever. */
  readonly hours?: number
  /** Makes an enrolment key instead of an activation, as each of the next three does. */
  readonly reusable?: boolean
  readonly from?: readonly string[]
  readonly hosts?: string
  readonly approve?: boolean
  readonly tag?: readonly { Key: string; Value: string }[]
  /** Where the new node reaches the server; default: what the server says of itself. */
  readonly url?: URL
  readonly json?: boolean
}

const HOURS = 24
const LIMIT = 1
const LIMIT_OF_KEY = 1000

/** Makes an activation, or an enrolment key, and prints the lines that enrol machines with it. The code in them is shown this once. */
export async function nodeAdd(io: Io, options: NodeAddOptions): Promise<void> {
  const server = connection(io.env)
  const api = new Api(server)
  const listener = await tlsListener(server)
  const isKey = Boolean(options.reusable || options.from || options.hosts || options.approve)
  const limit = options.limit ?? (isKey ? LIMIT_OF_KEY : LIMIT)
  const hours = options.hours ?? (isKey ? undefined : HOURS)
  const expires = hours === undefined ? undefined : Math.floor(Date.now() / 1000) + hours * 3600
  const common = {
    IamRole: options.role,
    RegistrationLimit: limit,
    ...(expires === undefined ? {} : { ExpirationDate: expires }),
    ...(options.name === undefined ? {} : { DefaultInstanceName: options.name }),
    ...(options.tag ? { Tags: [...options.tag] } : {}),
  }
  const activation = isKey
    ? await api.steward('CreateEnrolmentKey', {
        ...common,
        ...(options.from ? { SourceRanges: [...options.from] } : {}),
        ...(options.hosts === undefined ? {} : { HostNamePattern: options.hosts }),
        ...(options.approve ? { NeedsApproval: true } : {}),
      })
    : await api.ssm('CreateActivation', common)
  const enrolment: Enrolment = {
    url: urlText(options.url ?? publicUrl(listener)),
    publicKeyPin: listener.publicKeyPin,
    caPem: await authority(new URL('/install/ca.pem', server.endpoint), server.ca),
    region: server.region,
    activationId: activation.ActivationId!,
    activationCode: activation.ActivationCode!,
  }
  const warning = options.url ? undefined : loopbackWarning(listener.https)
  const expiresAt = expires === undefined ? undefined : new Date(expires * 1000)
  if (options.json) printJson(io, enrolment, expiresAt, warning)
  else {
    const until = expiresAt ? when(expiresAt) : `it is revoked: steward node revoke ${enrolment.activationId}`
    print(io, enrolment, `${limit === 1 ? 'one machine' : `${limit} machines`}, until ${until}`)
  }
  if (warning) io.stderr.write(`\n${paint(io, io.stderr, 'yellow', '!')} ${warning}\n`)
}

async function authority(url: URL, ca: string | undefined): Promise<string> {
  const { status, body } = await ask({ method: 'GET', url, ca, timeoutMs: 10_000 })
  if (status !== 200) throw new Fault(`${url} answered HTTP ${status}.`, { exitCode: EXIT.unanswered })
  return body
}

function loopbackWarning({ host, port }: { host: string; port: number }): string | undefined {
  if (!isLoopback(host)) return undefined
  return (
    `The TLS listener is bound to ${host}, so other machines cannot reach it. Start the server with ` +
    `STEWARD_HTTPS=0.0.0.0:${port}, and STEWARD_HOSTNAMES=NAME if they call it by a name that is not this machine's ` +
    'own; then run this again.'
  )
}

function when(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function print(io: Io, enrolment: Enrolment, forWhom: string): void {
  const title = (text: string) => `${paint(io, io.stdout, 'bold', text)}\n\n`
  io.stdout.write(title(`Steward's agent (good for ${forWhom}; without sudo it runs as that user):`))
  io.stdout.write(`${stewardAgentLine(enrolment)}\n\n`)
  io.stdout.write(title("Amazon's agent, when it is installed already, as root:"))
  io.stdout.write(`${amazonAgentLines(enrolment)}\n`)
}

function printJson(io: Io, enrolment: Enrolment, expiresAt: Date | undefined, warning: string | undefined): void {
  const answer = {
    activationId: enrolment.activationId,
    activationCode: enrolment.activationCode,
    expiresAt: expiresAt?.toISOString(),
    url: enrolment.url,
    publicKeyPin: enrolment.publicKeyPin,
    stewardAgent: stewardAgentLine(enrolment),
    amazonAgent: amazonAgentLines(enrolment),
    ...(warning ? { warning } : {}),
  }
  io.stdout.write(`${JSON.stringify(answer, null, 2)}\n`)
}
