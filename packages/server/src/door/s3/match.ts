/** Which operation a request asks for: the one of its level and method that asks for most of what is there. */
import { ApiError } from '#kernel/api-error.ts'
import type { S3Level, S3Operation } from '#kernel/declare.ts'

export interface S3Asked {
  readonly level: S3Level
  readonly method: string
  readonly query: URLSearchParams
  readonly hasHeader: (name: string) => boolean
}

/** Members of the query that make another operation of a request, so that one we do not know is refused and not overlooked. */
const SUBRESOURCES: ReadonlySet<string> = new Set([
  'abac',
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'cors',
  'delete',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'location',
  'logging',
  'metadataConfiguration',
  'metadataTable',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'renameObject',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'session',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versioning',
  'versions',
  'website',
])

/** Throws `MethodNotAllowed`, `NotImplemented`. */
export function matchS3(operations: readonly S3Operation[], asked: S3Asked): S3Operation {
  const possible = operations.filter((operation) => fits(operation, asked))
  const best = possible.toSorted((a, b) => demands(b) - demands(a))[0]
  const subresource = [...asked.query.keys()].find((name) => SUBRESOURCES.has(name))
  if (subresource && !best?.query.some((one) => one.split('=')[0] === subresource)) {
    throw new ApiError(
      'NotImplemented',
      `A header or query you provided implies functionality that is not implemented: ${asked.method} ?${subresource}`,
    )
  }
  if (!best) throw new ApiError('MethodNotAllowed', 'The specified method is not allowed against this resource.')
  return best
}

function fits(operation: S3Operation, { level, method, query, hasHeader }: S3Asked): boolean {
  if (operation.level !== level || operation.method !== method) return false
  if (operation.withHeader && !hasHeader(operation.withHeader)) return false
  return operation.query.every((member) => {
    const [name = '', value] = member.split('=')
    return value === undefined ? query.has(name) : query.get(name) === value
  })
}

function demands({ query, withHeader }: S3Operation): number {
  return query.length + (withHeader ? 1 : 0)
}
