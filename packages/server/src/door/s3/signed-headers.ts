import type { Claim } from '#iam/claim.ts'
import { S3Error } from '#kernel/s3-error.ts'
import type { RequestHead } from '../http-message.ts'

/** It stands in what is signed anyway, for the body. */
const SIGNED_OTHERWISE = 'x-amz-content-sha256'

/**
 * Refuses a request with a header of S3's that its signature does not cover: whoever was given a link to put one object could make it
 * copy any other that the maker of the link may read. Signatures of the second version cover all of them.
 */
export function refuseUnsignedHeaders({ headers }: Pick<RequestHead, 'headers'>, { signedHeaders }: Claim): void {
  const signed = new Set([...signedHeaders, SIGNED_OTHERWISE])
  const unsigned = Object.keys(headers).filter((name) => name.startsWith('x-amz-') && !signed.has(name))
  if (unsigned.length === 0) return
  const message = 'There were headers present in the request which were not signed'
  throw new S3Error('AccessDenied', message, { HeadersNotSigned: unsigned.join(', ') })
}
