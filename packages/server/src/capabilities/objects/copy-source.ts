/** Objects that are made of others. */
import type { Access, S3AccessCall, S3Call, S3Request } from '#kernel/declare.ts'
import { contentKeyOf, readParts } from './content.ts'
import { invalidArgument, invalidRequest } from './errors.ts'
import { mustFindObject, readingAccess } from './get.ts'
import type { StoredObject } from './object.ts'
import { partsOf } from './object-store.ts'
import { checkSource } from './preconditions.ts'

const MAX_COPY = 5 * 1024 ** 3
const RANGE = 'x-amz-copy-source-range'

type Named = Pick<S3Request, 'bucket' | 'key' | 'query'>

/** The object that `x-amz-copy-source` names. Throws `InvalidArgument`. */
export function sourceNamed(request: S3Request): Named {
  const [path = '', query = ''] = request.header('x-amz-copy-source')!.split('?')
  const name = decoded(path.replace(/^\//, ''))
  const slash = name.indexOf('/')
  if (slash < 1 || slash === name.length - 1) throw invalidArgument('Invalid copy source object key')
  return { bucket: name.slice(0, slash), key: name.slice(slash + 1), query: new URLSearchParams(query) }
}

export function sourceAccess(request: S3Request, call: S3AccessCall): Promise<Access[]> {
  return readingAccess(sourceNamed(request), call)
}

/** The source, once its conditions hold, and its content. `range` only for parts. */
export async function openSource(
  request: S3Request,
  call: S3Call,
): Promise<{ source: StoredObject; content: AsyncIterable<Buffer> }> {
  const { bucket, object: source } = await mustFindObject(call, sourceNamed(request))
  checkSource(request, source, call.now)
  const { start, end } = rangeOf(request, source.size)
  if (end - start > MAX_COPY) {
    throw invalidRequest(
      `The specified copy source is larger than the maximum allowable size for a copy source: ${MAX_COPY}`,
    )
  }
  const contentKey = await contentKeyOf(call, bucket, source.attributes.encryption)
  const parts = await call.read((db) => partsOf(db, source.contentId))
  return { source, content: readParts(call.contentFolder, contentKey, parts, start, end) }
}

function rangeOf(request: S3Request, size: number): { start: number; end: number } {
  const header = request.header(RANGE)
  if (header === undefined) return { start: 0, end: size }
  const match = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(header)
  if (!match || Number(match[1]) > Number(match[2])) {
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based ' +
        'offsets of the first and last bytes to copy',
      RANGE,
      header,
    )
  }
  const [start, end] = [Number(match[1]), Number(match[2]) + 1]
  if (start >= size) throw invalidRequest('The specified copy range is invalid for the source object size')
  if (end > size)
    throw invalidArgument(`Range specified is not valid for source object of size: ${size}`, RANGE, header)
  return { start, end }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', '%20'))
  } catch {
    throw invalidArgument('Invalid copy source encoding.')
  }
}
