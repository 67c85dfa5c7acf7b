import type { GetParametersByPathRequest } from '@steward/model/generated/ssm.ts'
import { ssm } from '#capabilities/ssm.ts'
import type { Reader } from '#db/database.ts'
import type { Call } from '#kernel/declare.ts'
import { byPathFilters } from '../filters.ts'
import { toLabels, versionOf } from '../look-up.ts'
import { isPublic, namedArn, parsePath } from '../name.ts'
import { type Found, toApiParameter } from '../parameter.ts'
import { publicParametersUnder } from '../public-parameters.ts'
import { decrypting, revealsSecret } from '../read-access.ts'
import { readableValues } from '../secure-string.ts'
import { parametersUnder } from '../store.ts'
import type { ShownParameter } from '../tables.ts'

const PAGE = 10

/** The key of the last parameter that was looked at. */
type Cursor = { readonly after: string }

/** Authorised on the path alone: a deny on something below does not hide it, as on AWS (PS-19). */
export const GetParametersByPath = ssm.read('GetParametersByPath', {
  access(input, call) {
    const access = {
      action: 'ssm:GetParametersByPath',
      resources: [namedArn(call.scope, input.Path)],
      context: { 'ssm:Recursive': String(input.Recursive ?? false) },
    }
    if (!input.WithDecryption) return access
    return decrypting(call, access, async () => (await readPage(call, input)).found.map(({ row }) => row))
  },

  recordedFirst: (input, { Parameters }) => revealsSecret(input, Parameters ?? []),

  async handle(input, call) {
    const { found, next } = await readPage(call, input)
    const rows = found.map(({ row }) => row)
    const values = await readableValues(call, rows, input.WithDecryption)
    const Parameters = found.map((one, index) => toApiParameter(one, values[index]!))
    return { Parameters, NextToken: call.nextToken(next) }
  },
})

async function readPage(
  call: Call,
  input: GetParametersByPathRequest,
): Promise<{ found: Found[]; next: Cursor | undefined }> {
  const limit = input.MaxResults ?? PAGE
  const under = { path: parsePath(input.Path), recursive: input.Recursive ?? false }
  const filters = byPathFilters(input.ParameterFilters)
  const after = call.cursor<Cursor>()?.after
  const rows = isPublic(`${under.path}/`)
    ? await publicParametersUnder(call, call.scope.region, under, filters, after, limit + 1)
    : await parametersUnder(call.db, call.scope, under, filters, after, limit + 1)
  const page = rows.slice(0, limit)
  const { label } = filters
  const found =
    label === undefined
      ? page.map((row) => ({ row, name: row.name }))
      : (await Promise.all(page.map((row) => labelled(call.db, row, label)))).flat()
  const last = rows.length > limit ? page.at(-1) : undefined
  return { found, next: last && { after: last.key } }
}

/** The parameter's version that has the label. */
async function labelled(reader: Reader, latest: ShownParameter, label: string): Promise<Found[]> {
  const version = toLabels(latest)[label]
  const row = version === undefined ? undefined : await versionOf(reader, latest, version)
  return row ? [{ row, name: latest.name, selector: { text: label, label } }] : []
}
