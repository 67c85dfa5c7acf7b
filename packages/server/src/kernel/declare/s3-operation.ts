/**
 * How a capability declares the operations of S3's API. They are no operations like the others: what is asked is said by method, path,
 * query and headers, bodies are streams of any size, and answers are HTTP.
 */
import type { Readable } from 'node:stream'
import type { Reader } from '#db/database.ts'
import type { Access, Call, OpenCall } from './operation.ts'

/** What a request is about: the account's buckets, one bucket, or one object. */
export type S3Level = 'service' | 'bucket' | 'object'

/** A request whose caller is proven. */
export interface S3Request {
  readonly method: string
  /** Empty at the level of the service. */
  readonly bucket: string
  /** Empty but for objects. */
  readonly key: string
  /** Where the sender reaches the bucket, in the form that it chose: the bucket in the path or in the host. */
  readonly bucketUrl: string
  readonly query: URLSearchParams
  /** The first value of a header, by its lower-case name. */
  header(name: string): string | undefined
  /** All headers whose names begin so, by the rest of their names. */
  headersUnder(prefix: string): Record<string, string>
  readonly body: S3Body
}

/** A body, without the frames of `aws-chunked`. It fails where it is not what its signature says, at its end at the latest. */
export interface S3Body extends AsyncIterable<Buffer> {
  /** As announced; undefined if it was not. */
  readonly length: number | undefined
  /** Whether the request announced that this header comes behind the body. */
  announces(name: string): boolean
  /** The headers that came behind the body; complete once it was read. */
  readonly trailers: ReadonlyMap<string, string>
}

export interface S3Answer {
  /** Default 200. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string | undefined>>
  /** Text is XML unless the headers say otherwise. */
  readonly body?: string | Readable
}

/** What an operation of S3 is given besides the request. It opens its own short transactions. */
export interface S3Call
  extends Pick<
    OpenCall,
    'scope' | 'principal' | 'requestId' | 'now' | 'ids' | 'log' | 'vault' | 'read' | 'write' | 'signal'
  > {
  /** Where the data directory keeps what objects contain. */
  readonly contentFolder: string
  /** Whether the caller would be allowed that too. */
  allows(access: Access): Promise<boolean>
}

/** What the decision about a request may look at. */
export type S3AccessCall = Pick<Call, 'db' | 'scope' | 'principal' | 'now'>

export interface S3Operation {
  readonly name: string
  readonly level: S3Level
  readonly method: string
  /** Members of the query that must be there; `list-type=2` with that value. */
  readonly query: readonly string[]
  /** A header that must be there. */
  readonly withHeader: string | undefined
  access(request: S3Request, call: S3AccessCall): Promise<readonly Access[]>
  handle(request: S3Request, call: S3Call): Promise<S3Answer>
}

/** What a browser asks on behalf of a page of another origin. */
export interface CrossOriginAsked {
  readonly bucket: string
  readonly origin: string
  readonly method: string
  /** The headers that the page wants to send. */
  readonly headers: readonly string[]
}

/** The headers that tell the browser that the page may; undefined if it may not. */
export type CrossOrigin = (reader: Reader, asked: CrossOriginAsked) => Promise<Record<string, string> | undefined>

/** Declares an operation: `s3('PutObject', 'PUT object', { … })`. What tells it from others of the same method follows a `?`. */
export function s3(
  name: string,
  route: `${string} ${S3Level}${'' | `?${string}`}`,
  spec: {
    withHeader?: string
    access(request: S3Request, call: S3AccessCall): Access | readonly Access[] | Promise<Access | readonly Access[]>
    handle(request: S3Request, call: S3Call): Promise<S3Answer>
  },
): S3Operation {
  const [method = '', place = ''] = route.split(' ')
  const [level, query] = place.split('?')
  return {
    name,
    method,
    level: level as S3Level,
    query: query?.split('&') ?? [],
    withHeader: spec.withHeader,
    async access(request, call) {
      const access = await spec.access(request, call)
      return Array.isArray(access) ? access : [access as Access]
    },
    handle: spec.handle,
  }
}
