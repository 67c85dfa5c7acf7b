import { documentsHolding } from '#capabilities/documents/index.ts'
import { noResource } from '#capabilities/ssm.ts'
import { keyOf, parseWholeReference } from '../name.ts'
import { referencesIn } from '../references.ts'
import { steward } from '../steward.ts'

/** Which of the account's documents have `{{ssm:…}}` with this parameter in them, of any version of it. */
export const ListParameterReferences = steward.read('ListParameterReferences', {
  access: (_, { scope }) => ({ action: 'ssm:ListDocuments', resources: noResource(scope) }),

  async handle({ Name }, { db, scope }) {
    const { key } = parseWholeReference(scope, Name)
    const candidates = await documentsHolding(db, scope, key.slice(1))
    const found = candidates.filter(({ content }) => referencesIn(content).some((name) => isOf(name, key)))
    const documents = Map.groupBy(found, ({ name }) => name)
    return {
      Documents: [...documents].map(([name, versions]) => ({
        Name: name,
        DocumentType: versions[0]!.type,
        DocumentVersions: versions.map(({ version }) => String(version)),
        IsInDefaultVersion: versions.some(({ isDefault }) => isDefault),
      })),
    }
  },
})

/** `name`, `name:3`, `name:label`; an ARN is a parameter of somebody else. */
function isOf(reference: string, key: string): boolean {
  return keyOf(reference.replace(/:.*$/, '')) === key
}
