import querystring from 'node:querystring'
import { styleText } from 'node:util'
import { openWaitingRoom } from '#door/waiting-room.ts'
import { ApiError } from '#kernel/api-error.ts'
import { type Config, readEnv, toConfig } from '#kernel/config.ts'
import type { House, WaitingRooms } from './house.ts'
import type { LocalNode } from './local-node.ts'
import { callAsRoot, ownUrl } from './own-call.ts'

/** Runs the server until a signal ends it. Prints where it is and what to do next; faults as sentences, with exit code 1. */
export async function start(): Promise<void> {
  const began = performance.now()
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const step = (text: string) => say(styleText('dim', `Steward: ${text} …`))
  let config: Config | undefined
  let house: House | undefined
  let node: LocalNode | undefined
  try {
    // npm runs scripts in the checkout; INIT_CWD would be where the person stands.
    config = toConfig(readEnv(process.env), process.cwd())
    const rooms = await openRooms(config)
    // All else takes a second to load, in which nobody is to be refused.
    const [{ startHouse }, { createLogger }] = await Promise.all([import('./house.ts'), import('#kernel/logger.ts')])
    const log = createLogger(config.logLevel)
    house = await startHouse(config, log, { rooms, report: step })
    stopOnSignal(() => Promise.resolve(node?.stop()).then(() => house?.stop()))
    if (config.localNode) node = await (await import('./local-node.ts')).startLocalNode(house, step)
    say(summary(house, node, await signInLink(house), Math.round(performance.now() - began)))
  } catch (error) {
    say(styleText('red', `Steward could not start: ${reasons(error, config).join('\n  ')}`))
    await house?.stop()
    process.exit(1)
  }
}

/** What an error says, and what caused it; without the database's password, should something have it in its words. */
function reasons(error: unknown, config: Config | undefined): string[] {
  if (!(error instanceof Error)) return [String(error)]
  // What callers are told of a database in trouble says nothing to its operator.
  const own = error instanceof ApiError ? [] : [error instanceof AggregateError ? allOf(error) : error.message]
  const causes = error.cause === undefined ? [] : reasons(error.cause, config)
  return [...own.map((text) => withoutPassword(text, config)), ...causes]
}

/** A name that stands for several addresses fails at each of them. */
function allOf({ errors, message }: AggregateError): string {
  return message || errors.map((one) => (one as Error).message).join('; ')
}

function withoutPassword(text: string, config: Config | undefined): string {
  const password = config?.databaseUrl ? new URL(config.databaseUrl).password : ''
  if (password === '') return text
  return text.replaceAll(password, '…').replaceAll(querystring.unescape(password), '…')
}

async function openRooms({ http, https }: Config): Promise<WaitingRooms> {
  return { http: await openWaitingRoom(http), https: https && (await openWaitingRoom(https)) }
}

function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1)
      stopping = true
      process.stderr.write('Steward: stopping; once more to stop at once.\n')
      stop().then(
        () => process.exit(0),
        (error) => {
          process.stderr.write(`Steward did not stop cleanly: ${error}\n`)
          process.exit(1)
        },
      )
    })
  }
}

/** Lines with a link to the console. A server that cannot write one down, because its disk is full, has other callers to answer. */
async function signInLink(house: House): Promise<string[]> {
  try {
    const { Url } = await callAsRoot<{ Url: string }>(house, 'steward', 'Steward.CreateSignInLink', {})
    return [
      '  Open the console with this link, good once within ten minutes (another: npx steward console):',
      '',
      `    ${styleText(['bold', 'cyan'], Url)}`,
    ]
  } catch (error) {
    return [`  There is no link to the console: ${(error as Error).message}`, '  Later: npx steward console']
  }
}

function summary(house: House, node: LocalNode | undefined, link: string[], milliseconds: number): string {
  const { config } = house
  const bold = (text: string) => styleText('bold', text)
  const lines = ['', `${bold('Steward')} is running (${milliseconds} ms).`, '']
  lines.push(...link, '', `  Address       ${ownUrl(house)}`)
  if (house.https)
    lines.push(
      `                https://${config.https?.host}:${house.https.port}  (certificate authority: ${config.data}/ca.pem)`,
    )
  lines.push(`  Account       ${config.account}, Region ${config.region}`)
  lines.push(`  Credentials   ${config.rootKey ? 'from the environment' : `${config.data}/root-key.json`}`)
  lines.push(
    `  Database      ${config.testMode ? 'in memory' : config.databaseUrl ? 'PostgreSQL' : `${config.data}/steward.db`}`,
  )
  lines.push(`  This machine  ${node ? `managed node ${node.id}` : 'not enrolled (STEWARD_LOCAL_NODE=off)'}`, '')
  if (config.testMode) lines.push(...testModeWarning())
  lines.push('  Or, in another terminal:', '')
  lines.push('    eval "$(npx steward env)"')
  lines.push('    aws ssm describe-instance-information --output table')
  lines.push(node ? `    npx steward run --targets InstanceIds=${node.id} -- uptime` : '    npx steward node add')
  lines.push(
    '',
    `  Another machine: ${bold('npx steward node add')}.   Something wrong: ${bold('npx steward doctor')}.   Stop: Ctrl-C.`,
    '',
  )
  return lines.join('\n')
}

function testModeWarning(): string[] {
  const text = [
    'TEST MODE: all state is in memory and gone when this stops.',
    'Anybody on this machine may empty it (POST /test/reset) and move its clock (POST /test/clock).',
  ]
  const width = Math.max(...text.map((line) => line.length))
  const paint = (line: string) => `  ${styleText(['bgYellow', 'black'], `  ${line.padEnd(width)}  `)}`
  return [...text.map(paint), '']
}
