/** Links to attachments, for programs that cannot sign what they ask for. The vault seals what a link is for and how long. */
import { type Call, DOWNLOAD_PATH, type Download } from '#kernel/declare.ts'
import { SealBroken, type Vault } from '#kernel/vault.ts'
import { type Attachment, attachmentContent } from './attachment-store.ts'

const LINK_MS = 15 * 60_000
const AAD = 'document-attachment-link'

interface Link {
  readonly id: string
  readonly expires: number
}

export function attachmentUrl({ id }: Attachment, { origin, vault, now }: Call): string {
  const link: Link = { id, expires: now.getTime() + LINK_MS }
  return `${origin}${DOWNLOAD_PATH}${vault.seal(Buffer.from(JSON.stringify(link)), AAD).toString('base64url')}`
}

export const openAttachmentLink: Download = async (reader, { token, vault, now }) => {
  const link = opened(vault, token)
  return link && link.expires > now.getTime() ? attachmentContent(reader, vault, link.id) : undefined
}

function opened(vault: Vault, token: string): Link | undefined {
  try {
    return JSON.parse(vault.open(Buffer.from(token, 'base64url'), AAD).toString()) as Link
  } catch (error) {
    if (error instanceof SealBroken) return undefined
    throw error
  }
}
