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
  readonly limit: number
  readonly hours: number
  readonly tag?: readonly { Key: string; Value: string }[]
  /** Where the new node reaches the server; default: what the server says of itself. */
  readonly url?: URL
  readonly json?: boolean
}

/** Makes an activation and prints the lines that enrol machines with it. The code in them is shown this once. */
export async function nodeAdd(io: Io, options: NodeAddOptions): Promise<void> {
  const server = connection(io.env)
  const api = new Api(server)
  const listener = await tlsListener(server)
  const expires = Math.floor(Date.now() / 1000) + options.hours * 3600
  const activation = await api.ssm('CreateActivation', {
    IamRole: options.role,
    RegistrationLimit: options.limit,
    ExpirationDate: expires,
    ...(options.name === undefined ? {} : { DefaultInstanceName: options.name }),
    ...(options.tag ? { Tags: [...options.tag] } : {}),
  })
  const enrolment: Enrolment = {
    url: urlText(options.url ?? publicUrl(listener)),
    publicKeyPin: listener.publicKeyPin,
    caPem: await authority(new URL('/install/ca.pem', server.endpoint), server.ca),
    region: server.region,
    activationId: activation.ActivationId!,
    activationCode: activation.ActivationCode!,
  }
  const warning = options.url ? undefined : loopbackWarning(listener.https)
  const expiresAt = new Date(expires * 1000)
  if (options.json) printJson(io, enrolment, expiresAt, warning)
  else
    print(
      io,
      enrolment,
      `${options.limit === 1 ? 'one machine' : `${options.limit} machines`}, until ${when(expiresAt)}`,
    )
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

function printJson(io: Io, enrolment: Enrolment, expiresAt: Date, warning: string | undefined): void {
  const answer = {
    activationId: enrolment.activationId,
    activationCode: enrolment.activationCode,
    expiresAt: expiresAt.toISOString(),
    url: enrolment.url,
    publicKeyPin: enrolment.publicKeyPin,
    stewardAgent: stewardAgentLine(enrolment),
    amazonAgent: amazonAgentLines(enrolment),
    ...(warning ? { warning } : {}),
  }
  io.stdout.write(`${JSON.stringify(answer, null, 2)}\n`)
}
