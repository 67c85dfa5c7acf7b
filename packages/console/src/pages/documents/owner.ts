import type { DocumentDescription } from '@aws-sdk/client-ssm'
import { signedIn } from '#api/sign-in.ts'
import { documents } from '#texts/documents.ts'

/** Where a document comes from, as seen from this account. */
export type Origin = 'own' | 'provided' | 'shared'

export function originOf(document: { readonly Owner?: string | undefined }): Origin {
  if (document.Owner === 'Amazon') return 'provided'
  return document.Owner === signedIn()?.account ? 'own' : 'shared'
}

export function ownerText(document: { readonly Owner?: string | undefined }): string {
  const origin = originOf(document)
  return origin === 'shared' ? documents.ownerOf.shared(document.Owner ?? '') : documents.ownerOf[origin]
}

/** Why there cannot be another version, if so. */
export function noEditBecause(document: DocumentDescription): string | undefined {
  const origin = originOf(document)
  if (origin === 'provided') return documents.read.providedNoEdit
  if (origin === 'shared') return documents.read.sharedNoEdit
  return document.SchemaVersion === '1.2' ? documents.read.oldNoEdit : undefined
}
