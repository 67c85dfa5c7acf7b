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
