import { ssm } from '#capabilities/ssm.ts'
import type { Call } from '#kernel/declare.ts'
import { parameterNotFound } from '../errors.ts'
import { mustFind, toLabels } from '../look-up.ts'
import { isSecretReference, namedArn, parseWholeReference } from '../name.ts'
import { toHistory } from '../parameter.ts'
import { decrypting, revealsSecret } from '../read-access.ts'
import { readableValues } from '../secure-string.ts'
import { mustBeShared } from '../sharing.ts'
import { latestOf, olderVersions } from '../store.ts'
import type { ParameterTable, VersionTable } from '../tables.ts'

const PAGE = 50

/** The last version of a page. */
type Cursor = { readonly after: number }

/** Oldest first; the latest version is the last. */
export const GetParameterHistory = ssm.read('GetParameterHistory', {
  access(input, call) {
    const access = { action: 'ssm:GetParameterHistory', resources: [namedArn(call.scope, input.Name)] }
    if (!input.WithDecryption) return access
    return decrypting(call, access, async () => {
      const { scope, key } = parseWholeReference(call.scope, input.Name)
      const latest = await latestOf(call.db, scope, key)
      return latest ? versionsAfter(call, latest, call.cursor<Cursor>()?.after ?? 0, input.MaxResults ?? PAGE) : []
    })
  },

  recordedFirst: (input, { Parameters }) => revealsSecret(input, Parameters ?? []),

  async handle(input, call) {
    const ref = parseWholeReference(call.scope, input.Name)
    if (isSecretReference(ref.key)) throw parameterNotFound()
    await mustBeShared(call, ref, 'ssm:GetParameterHistory')
    const latest = await mustFind(call, ref)
    const limit = input.MaxResults ?? PAGE
    const after = call.cursor<Cursor>()?.after ?? 0
    const versions = await versionsAfter(call, latest, after, limit + 1)
    const page = versions.slice(0, limit)
    const last = versions.length > limit ? page.at(-1) : undefined
    const labels = toLabels(latest)
    const name = ref.spelling ?? latest.name
    const values = await readableValues(call, page, input.WithDecryption)
    const Parameters = page.map((row, index) => toHistory(row, name, labels, values[index]!))
    return { Parameters, NextToken: call.nextToken(last && { after: last.version }) }
  },
})

/** Oldest first: the older ones, and the latest where there is room for it. */
async function versionsAfter(
  call: Call,
  latest: ParameterTable,
  after: number,
  limit: number,
): Promise<VersionTable[]> {
  const older = await olderVersions(call.db, latest, after, limit)
  return older.length < limit && latest.version > after ? [...older, latest] : older
}
