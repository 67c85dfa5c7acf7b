/** S3's sentences for what is refused. */
import { ApiError } from '#kernel/api-error.ts'
import { S3Error } from '#kernel/s3-error.ts'

export const noSuchBucket = () => new ApiError('NoSuchBucket', 'The specified bucket does not exist')
export const noSuchKey = (Key: string) => new S3Error('NoSuchKey', 'The specified key does not exist.', { Key })
export const noSuchUpload = (UploadId: string) =>
  new S3Error(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    { UploadId },
  )
export const noSuchVersion = () => new ApiError('NoSuchVersion', 'The specified version does not exist.')
export const invalidBucketName = () => new ApiError('InvalidBucketName', 'The specified bucket is not valid.')
export const invalidArgument = (message: string, ArgumentName?: string, ArgumentValue?: string) =>
  new S3Error('InvalidArgument', message, {
    ...(ArgumentName !== undefined && { ArgumentName }),
    ...(ArgumentValue !== undefined && { ArgumentValue }),
  })
export const invalidRequest = (message: string) => new ApiError('InvalidRequest', message)
export const invalidDigest = (stated: string) =>
  new S3Error('InvalidDigest', 'The Content-MD5 you specified was invalid.', { 'Content-MD5': stated })
export const badMd5 = (ExpectedDigest: string, CalculatedDigest: string) =>
  new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.', {
    ExpectedDigest,
    CalculatedDigest,
  })
export const badChecksum = (algorithm: string) =>
  new ApiError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`)
export const unableToHandle = (cause: unknown) =>
  new ApiError('ServiceUnavailable', 'Service is unable to handle request.', { cause })
export const invalidRange = (RangeRequested: string, size: number) =>
  new S3Error('InvalidRange', 'The requested range is not satisfiable', {
    RangeRequested,
    ActualObjectSize: String(size),
  })
/** `Condition`: the header that says it. */
export const preconditionFailed = (Condition: string) =>
  new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', { Condition })
/** What is there is as it was wanted, but something else was done to it while the object was being written. */
export const conditionalConflict = (Condition: string, Key: string) =>
  new S3Error(
    'ConditionalRequestConflict',
    'The conditional request cannot succeed due to a conflicting operation against this resource.',
    { Condition, Key },
  )
export const headerNotImplemented = (Header: string, additionalMessage: string) =>
  new S3Error('NotImplemented', 'A header you provided implies functionality that is not implemented', {
    Header,
    additionalMessage,
  })
/** No error to its caller: what it has is still good. */
export const notModified = (etag: string) => new S3Error('NotModified', 'Not Modified', {}, { etag: `"${etag}"` })
export const malformedXml = () =>
  new ApiError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  )
export const invalidPart = (about: { PartNumber: string; ETag: string; UploadId: string }) =>
  new S3Error(
    'InvalidPart',
    'One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified ' +
      "entity tag may not match the part's entity tag.",
    about,
  )
export const entityTooLarge = () =>
  new ApiError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size')
export const noAcls = () => new ApiError('AccessControlListNotSupported', 'The bucket does not allow ACLs')
export const notImplemented = (what: string) =>
  new ApiError(
    'NotImplemented',
    `A header or query you provided implies functionality that is not implemented: ${what}`,
  )
