import { ApiError } from '#kernel/api-error.ts'
import type { Position } from '#kernel/text-position.ts'

// AWS's sentences on documents, as recorded from the live service unless marked «ours».

// ---------------------------------------------------------------------------------------------------------------------
// Names and versions

export function documentDoesNotExist(name: string): ApiError {
  return new ApiError('InvalidDocument', `Document with name ${name} does not exist.`)
}

export function documentDoesNotExistInAccount(name: string): ApiError {
  return new ApiError('InvalidDocument', `Document ${name} does not exist in your account`)
}

export function documentAlreadyExists(name: string): ApiError {
  return new ApiError('DocumentAlreadyExists', `Document with same name ${name} already exists`)
}

export function invalidDocumentName(name: string): ApiError {
  return new ApiError('ValidationException', `Invalid document name ${name}`)
}

export function versionIsInvalid(version: string, latest: number): ApiError {
  return new ApiError('InvalidDocumentVersion', `Document version: ${version} is invalid, latest version is ${latest}`)
}

export function versionDoesNotExist(name: string, version: string): ApiError {
  return new ApiError('InvalidDocumentVersion', `Document with name ${name} with version ${version} does not exist.`)
}

export function updateNeedsNumberOrLatest(): ApiError {
  return new ApiError('InvalidDocumentVersion', 'Document version for UpdateDocument must be number or $LATEST')
}

export function versionIsNotLatest(name: string): ApiError {
  return new ApiError(
    'InvalidDocumentVersion',
    `Version provided for document ${name} is not latest. Please provide the latest version to update document ${name}`,
  )
}

export function duplicateDocumentContent(name: string): ApiError {
  return new ApiError(
    'DuplicateDocumentContent',
    `Document to be updated with name ${name} has the same metadata and content as document version provided in request`,
  )
}

export function duplicateVersionName(versionName: string): ApiError {
  return new ApiError(
    'DuplicateDocumentVersionName',
    `Document version name ${versionName} has already been used for another version of this document`,
  )
}

/** «Ours»: what AWS answers here is not recorded. */
export function hashDoesNotMatch(): ApiError {
  return new ApiError('InvalidDocument', 'The document hash does not match the content of the document.')
}

// ---------------------------------------------------------------------------------------------------------------------
// Operations on documents

export function defaultVersionCannotBeDeleted(): ApiError {
  return new ApiError('InvalidDocumentOperation', "Default version of the document can't be deleted.")
}

export function usedByAssociations(): ApiError {
  return new ApiError(
    'AssociatedInstances',
    'Associations use this document. Delete them, or let them use another document, before you delete it.',
  )
}

export function mustUnshareFirst(): ApiError {
  return new ApiError('InvalidDocumentOperation', 'Must unshare document first before delete')
}

export function schemaDeletionNeedsForce(): ApiError {
  return new ApiError(
    'InvalidDocument',
    'Document is of type ApplicationConfigurationSchema and might be used by other documents, please use force flag to delete the document',
  )
}

export function accountsAllOrGroup(): ApiError {
  return new ApiError('DocumentPermissionLimit', 'Accounts can either be all or a group of AWS accounts')
}

export function requiresIsEmpty(): ApiError {
  return new ApiError(
    'ValidationException',
    'DocumentRequires cannot be empty when creating a document of type ApplicationConfiguration',
  )
}

export function requiresMoreThanOne(): ApiError {
  return new ApiError(
    'ValidationException',
    'DocumentRequires must contain only one reference to a Document of type ApplicationConfigurationSchema when creating documents of type ApplicationConfiguration',
  )
}

export function requiresWrongType(name: string, type: string): ApiError {
  return new ApiError(
    'ValidationException',
    `Document included in DocumentRequires must  be of type ApplicationConfigurationSchema. Supplied Document ${name} is of type ${type}`,
  )
}

export function requiresMemberNotSupported(member: 'VersionName' | 'RequireType'): ApiError {
  return new ApiError(
    'ValidationException',
    `${member} under Requires is not supported for ApplicationConfiguration document.`,
  )
}

export function requiredDocumentDoesNotExist(name: string): ApiError {
  return new ApiError('ValidationException', `Document with name ${name} does not exist.`)
}

export function requiredVersionIsInvalid(version: string, latest: number): ApiError {
  return new ApiError('ValidationException', `Document version: ${version} is invalid, latest version is ${latest}`)
}

export function requiredSchemaHasChanged(name: string): ApiError {
  return new ApiError(
    'ValidationException',
    `Document ApplicationConfigurationSchema ${name} has been changed. This ApplicationConfiguration document cannot be updated.`,
  )
}

/** «Ours». */
export function requiresItself(name: string): ApiError {
  return new ApiError('ValidationException', `Document ${name} would require itself through the documents it requires.`)
}

/** «Ours». */
export function tooManyDocuments(limit: number): ApiError {
  return new ApiError('DocumentLimitExceeded', `An account can have at most ${limit} documents in a Region.`)
}

/** «Ours». */
export function tooManyVersions(limit: number): ApiError {
  return new ApiError('DocumentVersionLimitExceeded', `A document can have at most ${limit} versions.`)
}

/** «Ours»: `DeleteDocument` has no error of its own for versions. */
export function versionToDeleteDoesNotExist(name: string, version: string): ApiError {
  return new ApiError('InvalidDocument', `Document with name ${name} with version ${version} does not exist.`)
}

/** «Ours», as are the other sentences about attachments. Clients try again by themselves. */
export function attachmentChanged(name: string): ApiError {
  return new ApiError('ServiceUnavailable', `The file ${name} was changed while it was being attached. Try again.`)
}

/** «Ours». */
export function invalidAttachment(why: string): ApiError {
  return new ApiError('ValidationException', `Invalid attachments: ${why}`)
}

export function attachmentsTooLarge(limit: number): ApiError {
  return new ApiError(
    'MaxDocumentSizeExceeded',
    `The attachments of a document version can have at most ${limit} bytes together.`,
  )
}

/** «Ours». */
export function tooManyShares(limit: number): ApiError {
  return new ApiError('DocumentPermissionLimit', `A document can be shared with at most ${limit} accounts.`)
}

/** «Ours». */
export function tooManyPublicDocuments(limit: number): ApiError {
  return new ApiError('DocumentPermissionLimit', `An account can share at most ${limit} documents with everyone.`)
}

/** «Ours». */
export function publicSharingIsBlocked(): ApiError {
  return new ApiError(
    'DocumentPermissionLimit',
    'Public sharing of documents is turned off in this account and Region by its service settings.',
  )
}

/** «Ours». */
export function noAccountsGiven(): ApiError {
  return new ApiError('ValidationException', 'AccountIdsToAdd or AccountIdsToRemove must name an account.')
}

/** «Ours». */
export function reviewNotPossible(action: string, status: string): ApiError {
  return new ApiError('InvalidDocumentOperation', `${action} is not possible while the review status is ${status}.`)
}

/** «Ours». */
export function otherVersionInReview(version: number): ApiError {
  return new ApiError(
    'InvalidDocumentOperation',
    `Version ${version} of the document is in review, and only one version can be.`,
  )
}

/** «Ours». */
export function authorCannotReview(): ApiError {
  return new ApiError('InvalidDocumentOperation', 'The author of a document version cannot review it.')
}

/** The API reference's description of the error. */
export function invalidFilterKey(): ApiError {
  return new ApiError('InvalidFilterKey', "The specified key isn't valid.")
}

/** The sentence of the other operations that have two kinds of filters. */
export function legacyAndNewFilters(): ApiError {
  return new ApiError('ValidationException', 'Cannot use both legacy and new filter simultaneously.')
}

// ---------------------------------------------------------------------------------------------------------------------
// Schema versions, formats, size

/** «Ours» in words; the code is AWS's. */
export function documentTooLarge(): ApiError {
  return new ApiError('MaxDocumentSizeExceeded', 'The content of a document can be at most 64 KB.')
}

export function invalidSchemaVersion(version: string, type: string): ApiError {
  return new ApiError(
    'InvalidDocumentSchemaVersion',
    `${version} is not a valid schema version for ${type} document type`,
  )
}

export function updateNotAllowed(type: string, schemaVersion: string): ApiError {
  return new ApiError(
    'InvalidDocumentSchemaVersion',
    `Update is not allowed for documentType: ${type}, schemaVersion: ${schemaVersion}`,
  )
}

// ---------------------------------------------------------------------------------------------------------------------
// Content

/** `InvalidDocumentContent` with its sentence; a known position is put behind it as AWS does. */
export function invalidContent(sentence: string, position?: Position): ApiError {
  const place = position ? ` at Line: ${position.line}, Column: ${position.column}` : ''
  return new ApiError('InvalidDocumentContent', sentence + place)
}

export function notWellFormed(format: 'JSON' | 'YAML' | 'TEXT', position: Position): ApiError {
  return invalidContent(`${format} not well-formed.`, position)
}

/** «Ours»: a guard against content that is made to exhaust the reader. */
export function tooComplex(position: Position): ApiError {
  return invalidContent('Document content is nested too deeply or expands to too many values.', position)
}

export function missingInDocument(property: string): ApiError {
  return invalidContent(`Missing "${property}" in the document.`)
}

export function unknownProperty(property: string): ApiError {
  return invalidContent(`Unknown property "${property}".`)
}

export function missingInStep(property: string): ApiError {
  return invalidContent(`Missing "${property}" in step detail.`)
}

/** «Ours»: the property exists but has the wrong shape. */
export function invalidInStep(property: string, step: string): ApiError {
  return invalidContent(`Invalid "${property}" in step detail. Step name: ${step}`)
}

/** «Ours»: the property exists but has the wrong shape. */
export function invalidInDocument(property: string): ApiError {
  return invalidContent(`Invalid "${property}" in the document.`)
}

export function invalidStepName(name: string): ApiError {
  return invalidContent(`StepName: ${name} is invalid.`)
}

export function duplicateStepNames(): ApiError {
  return invalidContent('Duplicate step names found in mainSteps of the document.')
}

export function unknownPlugin(name: string): ApiError {
  return invalidContent(`Unknown plugin name: ${name}`)
}

export function unknownAction(name: string): ApiError {
  return invalidContent(`Unknown action: ${name}`)
}

export function preconditionNotSupported(step: string): ApiError {
  return invalidContent(
    `Unrecognized field "precondition". Precondition is supported only for Command and Policy document types and for schema version 2.2 or higher. Step name: ${step}`,
  )
}

export function unrecognizedPrecondition(operands: readonly string[]): ApiError {
  return invalidContent(`Invalid precondition, unrecognized values [${operands.join(', ')}] encountered.`)
}

/** «Ours»: AWS knows `StringEquals` only; its sentence for another operator is not recorded. */
export function unknownPreconditionOperator(operator: string, step: string): ApiError {
  return invalidContent(`Invalid precondition, unrecognized operator "${operator}" encountered. Step name: ${step}`)
}

export function parameterNotDeclared(name: string): ApiError {
  return invalidContent(`Parameter "${name}" is not declared.`)
}

export function parameterNameNotAlphaNumeric(name: string): ApiError {
  return invalidContent(`Parameter name "${name}" is not alpha-numeric.`)
}

export function missingInParameter(property: string, position?: Position): ApiError {
  return invalidContent(`Missing "${property}" in parameter definition.`, position)
}

/** «Ours»: the property exists but has the wrong shape. */
export function invalidInParameter(property: string, position?: Position): ApiError {
  return invalidContent(`Invalid "${property}" in parameter definition.`, position)
}

export function invalidParameterType(type: string, position?: Position): ApiError {
  return invalidContent(`Parameter type: ${type} is invalid.`, position)
}

export function wrongDefault(type: string, got: string, position?: Position): ApiError {
  return invalidContent(`Wrong default value for a "${type}" parameters, got ${got}.`, position)
}

export function unknownStepReference(step: string, property: string): ApiError {
  return invalidContent(`Unknown step name: "${step}" in ${property}`)
}

export function endAndNextStep(): ApiError {
  return invalidContent('"isEnd == true" and nextStep should not exist in same step.')
}

export function unknownStepInOutput(output: string): ApiError {
  return invalidContent(`Unknown step name in named output: ${output}`)
}

export function missingSessionType(): ApiError {
  return invalidContent('Missing SessionType in the document.')
}

export function invalidSessionType(): ApiError {
  return invalidContent('Invalid sessionType')
}

export function missingSessionProperties(sessionType: string): ApiError {
  return invalidContent(`Missing Properties in session type ${sessionType} document`)
}

/** The sentence is ours. */
export function invalidSessionInput(name: string, must: string): ApiError {
  return invalidContent(`The input ${name} of the session document is not valid: it must be ${must}.`)
}

export function textFormatInvalid(): ApiError {
  return invalidContent('Invalid document format: TEXT')
}

export function formatNotSupported(format: string): ApiError {
  return invalidContent(`Document format '${format}' is not supported.`)
}

export function configurationFormatNotSupported(format: string): ApiError {
  return invalidContent(`Document format not supported: ${format}`)
}

export function configurationSchemaMustBeJson(format: string): ApiError {
  return invalidContent(`Only JSON is supported for SSM Document config template type. Invalid format: ${format}`)
}

export function configurationSchemaMustBeClosed(): ApiError {
  return invalidContent('ApplicationConfigurationSchema must have field additionalProperties set to false')
}

/** The sentence of AWS's JSON Schema check, whose inner text is a JSON string. */
export function missingRequiredProperties(properties: readonly string[]): ApiError {
  const inner = `object has missing required properties (${JSON.stringify(properties)})`
  return invalidContent(`[message: ${JSON.stringify(inner)} - parent node: /]`)
}

// ---------------------------------------------------------------------------------------------------------------------
// Submitted parameters

export function documentTakesNoParameters(documentName: string): ApiError {
  return new ApiError('InvalidParameters', `document ${documentName} does not support parameters.`)
}

/** AWS answers the first sentence alone; the reason names the offending parameter (DOC-08). */
export function invalidParameters(reason: string): ApiError {
  return new ApiError('InvalidParameters', `Parameters provided in document are invalid or not supported. ${reason}`)
}
