/** S3's names for what goes wrong, their HTTP status, and the XML in which they are told. */
import { ApiError } from '#kernel/api-error.ts'
import { S3Error } from '#kernel/s3-error.ts'
import type { S3Address } from './address.ts'

/** All that are not 400. Source: the list of error codes in S3's API reference. */
const STATUSES: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  AccessForbidden: 403,
  BucketAlreadyExists: 409,
  BucketAlreadyOwnedByYou: 409,
  BucketNotEmpty: 409,
  ConditionalRequestConflict: 409,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidBucketState: 409,
  InvalidObjectState: 403,
  InvalidRange: 416,
  MethodNotAllowed: 405,
  MissingContentLength: 411,
  NoSuchBucket: 404,
  NoSuchBucketPolicy: 404,
  NoSuchConfiguration: 404,
  NoSuchCORSConfiguration: 404,
  NoSuchKey: 404,
  NoSuchLifecycleConfiguration: 404,
  NoSuchPublicAccessBlockConfiguration: 404,
  NoSuchTagSet: 404,
  NoSuchUpload: 404,
  NoSuchVersion: 404,
  NotImplemented: 501,
  ObjectLockConfigurationNotFoundError: 404,
  OperationAborted: 409,
  OwnershipControlsNotFoundError: 404,
  PreconditionFailed: 412,
  ReplicationConfigurationNotFoundError: 404,
  RequestTimeTooSkewed: 403,
  ServerSideEncryptionConfigurationNotFoundError: 404,
  ServiceUnavailable: 503,
  SignatureDoesNotMatch: 403,
  SlowDown: 503,
  NoSuchWebsiteConfiguration: 404,
}

/** What our other services call otherwise; with S3's own sentence where it has one. */
const FROM_COMMON: Readonly<Record<string, { code: string; message?: string }>> = {
  AccessDeniedException: { code: 'AccessDenied' },
  ExpiredTokenException: { code: 'ExpiredToken', message: 'The provided token has expired.' },
  IncompleteSignatureException: { code: 'AuthorizationHeaderMalformed' },
  InternalServerError: { code: 'InternalError' },
  InvalidSignatureException: { code: 'SignatureDoesNotMatch' },
  MissingAuthenticationTokenException: { code: 'AccessDenied', message: 'Access Denied' },
  ThrottlingException: { code: 'SlowDown', message: 'Please reduce your request rate.' },
  UnrecognizedClientException: {
    code: 'InvalidAccessKeyId',
    message: 'The AWS Access Key Id you provided does not exist in our records.',
  },
  // Of KMS, when an object's key cannot be used.
  DisabledException: { code: 'KMS.DisabledException' },
  KMSInvalidStateException: { code: 'KMS.KMSInvalidStateException' },
  KeyUnavailableException: { code: 'KMS.KMSInvalidStateException' },
  NotFoundException: { code: 'KMS.NotFoundException' },
  InvalidKeyUsageException: { code: 'KMS.InvalidKeyUsageException' },
}

/** The error as S3's callers know it. */
export function asS3Error(error: ApiError): ApiError {
  const known = FROM_COMMON[error.code]
  return known ? new ApiError(known.code, known.message ?? error.message, { cause: error }) : error
}

export function s3Status(code: string): number {
  return code === 'NotModified' ? 304 : (STATUSES[code] ?? 400)
}

/** The members that tell what an error is about, beside its code and message. */
export function errorSubject(error: ApiError, { bucket, key }: S3Address): Readonly<Record<string, string>> {
  if (error instanceof S3Error) return error.about
  if (error.code === 'NoSuchKey') return { Key: key }
  if (/Bucket|NotFoundError$|^NoSuch\w*(Configuration|TagSet)$/.test(error.code)) return { BucketName: bucket }
  return {}
}
