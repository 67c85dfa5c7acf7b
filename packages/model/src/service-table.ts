/** The layout of `services/<service>.json`: botocore's facts without its documentation, one line an operation or shape. */
export interface ServiceTable {
  metadata: ServiceMetadata
  operations: Record<string, OperationTable>
  shapes: Record<string, ShapeTable>
}

export interface ServiceMetadata {
  apiVersion: string
  endpointPrefix: string
  globalEndpoint?: string
  jsonVersion?: string
  protocol: Protocol
  serviceFullName: string
  serviceId: string
  signingName?: string
  targetPrefix?: string
  xmlNamespace?: string
}

export type Protocol = 'json' | 'query' | 'rest-json'

export interface OperationTable {
  http: HttpBinding
  input?: string
  output?: string
  /** Query protocol: the element around the result. */
  resultWrapper?: string
  /** Names of exception shapes. */
  errors?: string[]
  pagination?: Pagination
  /** Called by agents only: not in AWS's public API. */
  internal?: boolean
}

export interface HttpBinding {
  method: string
  requestUri: string
  responseCode?: number
}

/** How an operation pages: the members that carry the token, the page size and the pages' contents. */
export interface Pagination {
  inputToken: string
  outputToken: string
  limitKey?: string
  moreResults?: string
  resultKeys: string[]
}

export type ShapeType =
  | 'structure'
  | 'list'
  | 'map'
  | 'string'
  | 'integer'
  | 'long'
  | 'float'
  | 'double'
  | 'boolean'
  | 'timestamp'
  | 'blob'

/** One shape with the traits that matter on the wire; member order is the model's. */
export interface ShapeTable {
  type: ShapeType
  required?: string[]
  members?: Record<string, ShapeReference>
  member?: ShapeReference
  key?: ShapeReference
  value?: ShapeReference
  enum?: string[]
  min?: number
  max?: number
  pattern?: string
  /** What AWS says of a value that does not match the pattern, where it does not name the pattern. */
  refusal?: string
  /** The same by member, for members of which it says something else. */
  refusals?: Record<string, string>
  sensitive?: boolean
  timestampFormat?: TimestampFormat
  /** REST: the member that is the whole body. */
  payload?: string
  flattened?: boolean
  union?: boolean
  /** A free-form JSON value. */
  document?: boolean
  streaming?: boolean
  exception?: boolean
  fault?: boolean
  error?: { code?: string; httpStatusCode?: number; senderFault?: boolean }
}

export type TimestampFormat = 'iso8601' | 'unixTimestamp' | 'rfc822'

/** A use of a shape: as member, list element, map key or map value, with what holds for this use only. */
export interface ShapeReference {
  shape: string
  location?: 'uri' | 'querystring' | 'header'
  locationName?: string
  idempotencyToken?: boolean
  jsonvalue?: boolean
  flattened?: boolean
}
