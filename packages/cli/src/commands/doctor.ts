import { type Connection, localConnection } from '#connection.ts'
import { checkAwsEnvironment } from '#doctor/aws-environment.ts'
import { checkDataDirectory } from '#doctor/data-directory.ts'
import { checkDatabase } from '#doctor/database.ts'
import { type Finding, renderFinding, well, wrong } from '#doctor/finding.ts'
import { checkLocalNode } from '#doctor/local-node.ts'
import { checkPort } from '#doctor/ports.ts'
import { checkSecretStore, checkServer, isSteward } from '#doctor/server.ts'
import { checkTls } from '#doctor/tls.ts'
import { EXIT, Fault } from '#fault.ts'
import type { Io } from '#io.ts'
import { type LocalInstallation, listenerUrl, localInstallation } from '#local-installation.ts'

/** Looks at the local installation and says of each part how it is. Answers 1 when something is wrong. */
export async function doctor(io: Io, options: { json?: boolean }): Promise<number> {
  const findings: Finding[] = []
  for await (const finding of examine(io)) {
    findings.push(finding)
    if (!options.json) io.stdout.write(renderFinding(io, finding))
  }
  if (options.json) io.stdout.write(`${JSON.stringify(findings, null, 2)}\n`)
  return findings.some(({ state }) => state === 'wrong') ? EXIT.failed : EXIT.ok
}

/** In the order in which one thing rests on another; what rests on something broken is left out. */
async function* examine(io: Io): AsyncGenerator<Finding> {
  yield well(`Node ${process.versions.node}`)
  const local = attempt(() => localInstallation(io.env))
  if (local instanceof Fault) {
    yield wrong(local.message, 'correct the environment of this shell and of the server')
    return
  }
  yield* checkDataDirectory(local.data)
  const connection = attempt(() => localConnection(io.env, local))
  if (connection instanceof Fault) {
    yield wrong(connection.message, connection.mend ?? 'restore the data directory from a backup')
    if (!(await isSteward(listenerUrl('http', local.http)))) yield* await whatKeepsItFromStarting(local)
    return
  }
  yield* examineServer(io, local, connection)
}

async function* examineServer(io: Io, local: LocalInstallation, connection: Connection): AsyncGenerator<Finding> {
  const { answers, ready, findings } = await checkServer(connection)
  yield* findings
  if (!answers) {
    yield* await whatKeepsItFromStarting(local)
  } else {
    if (!ready) yield* await checkDatabase(local)
    yield* await checkTls(local)
    yield* await checkLocalNode(local, connection)
    yield* await checkSecretStore(connection)
  }
  yield* checkAwsEnvironment(io.env, connection)
}

/** For a server that does not run: its own listeners would be found here too. */
async function whatKeepsItFromStarting(local: LocalInstallation): Promise<Finding[]> {
  return [
    ...(await checkPort('STEWARD_HTTP', local.http)),
    ...(local.https ? await checkPort('STEWARD_HTTPS', local.https) : []),
    ...(await checkDatabase(local)),
  ]
}

function attempt<T>(make: () => T): T | Fault {
  try {
    return make()
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}
