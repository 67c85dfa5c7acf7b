import type { AttachmentContent } from '@steward/model/generated/ssm.ts'
import { ssm } from '#capabilities/ssm.ts'
import type { Call } from '#kernel/declare.ts'
import { attachmentUrl } from '../attachment-link.ts'
import { type Attachment, attachmentsOf } from '../attachment-store.ts'
import { convertContent } from '../content.ts'
import { referencedArn } from '../document.ts'
import { shownName } from '../document-version.ts'
import { requireVersion } from '../look-up.ts'

export const GetDocument = ssm.read('GetDocument', {
  access: (input, call) => ({ action: 'ssm:GetDocument', resources: [referencedArn(call.scope, input.Name)] }),

  async handle(input, call) {
    const found = await requireVersion(call.db, call.scope, input)
    const { document, version } = found
    const attachments = await attachmentsOf(call.db, found)
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
      AttachmentsContent: attachments.length > 0 ? attachments.map((one) => toContent(one, call)) : undefined,
      ReviewStatus: version.reviewStatus,
    }
  },
})

function toContent(attachment: Attachment, call: Call): AttachmentContent {
  const { name, size, hash } = attachment
  return { Name: name, Size: size, Hash: hash, HashType: 'Sha256', Url: attachmentUrl(attachment, call) }
}
