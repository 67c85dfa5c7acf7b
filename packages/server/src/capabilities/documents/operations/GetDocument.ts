import { ssm } from '#capabilities/ssm.ts'
import { convertContent } from '../content.ts'
import { referencedArn } from '../document.ts'
import { shownName } from '../document-version.ts'
import { requireVersion } from '../look-up.ts'

export const GetDocument = ssm.read('GetDocument', {
  access: (input, call) => ({ action: 'ssm:GetDocument', resources: [referencedArn(call.scope, input.Name)] }),

  async handle(input, call) {
    const { document, version } = await requireVersion(call.db, call.scope, input)
    // Recorded: YAML documents too come as JSON unless YAML is asked for. What is neither comes as it is.
    const format = input.DocumentFormat ?? (version.format === 'TEXT' ? 'TEXT' : 'JSON')
    return {
      Name: shownName(call.scope, document),
      DisplayName: version.displayName,
      VersionName: version.versionName,
      CreatedDate: version.createdAt,
      DocumentVersion: String(version.number),
      Status: 'Active',
      Content: convertContent(version.text, version.format, format),
      DocumentType: document.type,
      DocumentFormat: format,
      Requires: version.requires && [...version.requires],
      ReviewStatus: version.reviewStatus,
    }
  },
})
