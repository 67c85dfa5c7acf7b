import { ssm } from '#capabilities/ssm.ts'
import { parameterNotFound } from '../errors.ts'
import { mustFind, toLabels } from '../look-up.ts'
import { isSecretReference, namedArn, parseWholeReference } from '../name.ts'
import { toHistory } from '../parameter.ts'
import { decryptAccess, readableValue } from '../secure-string.ts'
import { mustBeShared } from '../sharing.ts'
import { latestOf, olderVersions } from '../store.ts'

const PAGE = 50

/** The last version of a page. */
type Cursor = { readonly after: number }

/** Oldest first; the latest version is the last. */
export const GetParameterHistory = ssm.read('GetParameterHistory', {
  async access(input, call) {
    const access = { action: 'ssm:GetParameterHistory', resources: [namedArn(call.scope, input.Name)] }
    if (!input.WithDecryption || call.principal.kind === 'root') return access
    const { scope, key } = parseWholeReference(call.scope, input.Name)
    const after = call.cursor<Cursor>()?.after ?? 0
    const older = await olderVersions(call.db, scope, key, after, input.MaxResults ?? PAGE)
    const latest = await latestOf(call.db, scope, key)
    return [access, ...(await decryptAccess(call, latest ? [...older, latest] : older))]
  },

  async handle(input, call) {
    const ref = parseWholeReference(call.scope, input.Name)
    if (isSecretReference(ref.key)) throw parameterNotFound()
    await mustBeShared(call, ref, 'ssm:GetParameterHistory')
    const latest = await mustFind(call.db, ref)
    const limit = input.MaxResults ?? PAGE
    const after = call.cursor<Cursor>()?.after ?? 0
    const versions = await olderVersions(call.db, latest, latest.key, after, limit + 1)
    if (versions.length <= limit && latest.version > after) versions.push(latest)
    const page = versions.slice(0, limit)
    const last = versions.length > limit ? page.at(-1) : undefined
    const labels = toLabels(latest)
    const name = ref.spelling ?? latest.name
    const history = page.map(async (row) =>
      toHistory(row, name, labels, await readableValue(call, row, input.WithDecryption)),
    )
    return { Parameters: await Promise.all(history), NextToken: call.nextToken(last && { after: last.version }) }
  },
})
