import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { shownName } from './document-version.ts'
import { predefinedDocuments } from './predefined/document-form.ts'
import { visibleDocuments } from './store.ts'

/** A document as a search shows it. */
export interface FoundDocument {
  readonly name: string
  readonly type: string
  readonly displayName: string | undefined
}

/** Up to `limit` documents that the account sees, in order of their names, whose name has the text in it, whatever its case. */
export async function findDocuments(
  reader: Reader,
  scope: Scope,
  text: string,
  limit: number,
): Promise<FoundDocument[]> {
  const wanted = text.toLowerCase()
  const visible = [...predefinedDocuments(scope.region), ...(await visibleDocuments(reader, scope))]
  return visible
    .map(({ document, version }) => ({
      name: shownName(scope, document),
      type: document.type,
      displayName: version.displayName,
    }))
    .filter(({ name, displayName }) => `${name}\n${displayName ?? ''}`.toLowerCase().includes(wanted))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, limit)
}
