import { ssm } from '#capabilities/ssm.ts'
import type { Call } from '#kernel/declare.ts'
import { toVersionInfo } from '../description.ts'
import { MAX_VERSIONS, referencedArn, wantedVersion } from '../document.ts'
import { type Document, isPredefined, type VersionSummary } from '../document-version.ts'
import { documentDoesNotExist } from '../errors.ts'
import { lookUp } from '../look-up.ts'
import { predefinedVersions } from '../predefined/document-form.ts'
import { sharesWith } from '../share-store.ts'
import { opensVersion } from '../sharing.ts'
import { listVersions } from '../store.ts'

const PAGE = 50

/** Number of the last version of a page. */
type Cursor = { readonly before: number }

export const ListDocumentVersions = ssm.read('ListDocumentVersions', {
  access: (input, call) => ({ action: 'ssm:ListDocumentVersions', resources: [referencedArn(call.scope, input.Name)] }),

  async handle(input, call) {
    const { document } = await lookUp(call.db, call.scope, input.Name, wantedVersion({}))
    if (!document) throw documentDoesNotExist(input.Name)
    const limit = input.MaxResults ?? PAGE
    const versions = await versionsBefore(call, document, call.cursor<Cursor>()?.before, limit + 1)
    const page = versions.slice(0, limit)
    const last = versions.length > limit ? page.at(-1) : undefined
    return {
      DocumentVersions: page.map((version) => toVersionInfo(call.scope, document, version)),
      NextToken: call.nextToken(last && ({ before: last.number } satisfies Cursor)),
    }
  },
})

async function versionsBefore(
  { db, scope }: Call,
  document: Document,
  before: number | undefined,
  limit: number,
): Promise<VersionSummary[]> {
  if (document.scope.account === scope.account) return listVersions(db, document, before, limit)
  const isBefore = ({ number }: VersionSummary) => before === undefined || number < before
  if (isPredefined(document)) return predefinedVersions(document.name).toReversed().filter(isBefore).slice(0, limit)
  const shares = await sharesWith(db, document, scope.account)
  const isOpen = ({ number }: VersionSummary) => opensVersion(shares, document, number)
  const older = await listVersions(db, document, before, MAX_VERSIONS)
  return older.filter(isOpen).slice(0, limit)
}
