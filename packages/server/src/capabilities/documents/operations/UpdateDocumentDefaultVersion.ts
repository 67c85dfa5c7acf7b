import { ssm } from '#capabilities/ssm.ts'
import { documentArn, wantedVersion } from '../document.ts'
import { documentDoesNotExist, versionDoesNotExist } from '../errors.ts'
import { ownDocument } from '../look-up.ts'
import { setDefaultVersion, storedVersion } from '../store.ts'

export const UpdateDocumentDefaultVersion = ssm.write('UpdateDocumentDefaultVersion', {
  access: (input, call) => ({
    action: 'ssm:UpdateDocumentDefaultVersion',
    resources: [documentArn(call.scope, input.Name)],
  }),

  async handle(input, call) {
    const { db, scope } = call
    const document = await ownDocument(db, scope, input.Name, documentDoesNotExist)
    const found = await storedVersion(db, scope, document.name, wantedVersion(input))
    if (!found) throw versionDoesNotExist(document.name, input.DocumentVersion)
    await setDefaultVersion(db, document, found.version.number)
    // Recorded: the version's name is not in the answer, though the model has a member for it.
    return { Description: { Name: document.name, DefaultVersion: String(found.version.number) } }
  },
})
