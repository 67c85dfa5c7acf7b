import type { ServiceModel } from '@steward/model'

/**
 * Errors that any operation may answer, with their HTTP status. All others are in the service models.
 * Source: the «Common Errors» pages of the SSM and STS API references; SSM's own names for signature faults.
 */
export const COMMON_ERRORS: Readonly<Record<string, number>> = {
  AccessDeniedException: 400,
  ExpiredTokenException: 403,
  IncompleteSignatureException: 403,
  InternalServerError: 500,
  InvalidNextToken: 400,
  InvalidParameterValue: 400,
  InvalidSignatureException: 403,
  MissingAuthenticationTokenException: 403,
  NotImplemented: 501,
  RequestEntityTooLargeException: 413,
  SerializationException: 400,
  ServiceUnavailable: 503,
  ThrottlingException: 400,
  UnknownOperationException: 400,
  UnrecognizedClientException: 400,
  ValidationException: 400,
}

/** The names that services of the Query protocol (STS, IAM) use for the same faults, where they differ. */
export const QUERY_NAMES: Readonly<Record<string, string>> = {
  AccessDeniedException: 'AccessDenied',
  ExpiredTokenException: 'ExpiredToken',
  IncompleteSignatureException: 'IncompleteSignature',
  InternalServerError: 'InternalFailure',
  InvalidNextToken: 'ValidationError',
  InvalidSignatureException: 'SignatureDoesNotMatch',
  MissingAuthenticationTokenException: 'MissingAuthenticationToken',
  ThrottlingException: 'Throttling',
  UnknownOperationException: 'InvalidAction',
  UnrecognizedClientException: 'InvalidClientTokenId',
  ValidationException: 'ValidationError',
}

export const QUERY_STATUSES: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  AuthorizationError: 403,
  InvalidClientTokenId: 403,
}

/** The names of single services for the same faults. */
const SERVICE_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  logs: { InvalidNextToken: 'InvalidParameterException', ValidationException: 'InvalidParameterException' },
  'resource-groups': {
    InternalServerError: 'InternalServerErrorException',
    InvalidNextToken: 'BadRequestException',
    SerializationException: 'BadRequestException',
    ThrottlingException: 'TooManyRequestsException',
    ValidationException: 'BadRequestException',
  },
  resourcegroupstaggingapi: {
    InternalServerError: 'InternalServiceException',
    InvalidNextToken: 'InvalidParameterException',
    ThrottlingException: 'ThrottledException',
    ValidationException: 'InvalidParameterException',
  },
  sns: { InvalidNextToken: 'InvalidParameter' },
}

/**
 * Some of a service's errors spell it `Message`. AWS sends what the model says, and so do we: not every SDK takes both. `code` is that of
 * {@link wireCode}.
 */
export function messageMember(service: ServiceModel | undefined, code: string): string {
  return service?.errorMessageMember(code) ?? 'message'
}

/** The name under which a caller of the service gets to know an error. */
export function wireCode(service: ServiceModel, code: string): string {
  const ofProtocol = service.protocol === 'query' ? QUERY_NAMES[code] : undefined
  return SERVICE_NAMES[service.name]?.[code] ?? ofProtocol ?? code
}
