import { ApiError } from '#kernel/api-error.ts'

// The first sentences are AWS's, from the API reference; what follows says what it is about.

export function invalidTypeName(typeName: string, why = ''): ApiError {
  return new ApiError('InvalidTypeNameException', `The parameter type name isn't valid. ${why || `Type: ${typeName}`}`)
}

export function invalidItemContent(typeName: string, why: string): ApiError {
  return new ApiError('InvalidItemContentException', `One or more content items isn't valid. ${typeName}: ${why}`)
}

/** The node then sends the content as well. */
export function itemContentMismatch(typeName: string): ApiError {
  return new ApiError(
    'ItemContentMismatchException',
    `The inventory item has invalid content. There is no content of ${typeName} with this hash; send the content.`,
  )
}

export function itemSizeLimitExceeded(typeName: string, bytes: number): ApiError {
  return new ApiError(
    'ItemSizeLimitExceededException',
    `The inventory item size has exceeded the size limit. ${typeName}: at most ${bytes} bytes.`,
  )
}

export function totalSizeLimitExceeded(bytes: number): ApiError {
  return new ApiError(
    'TotalSizeLimitExceededException',
    `The size of inventory data has exceeded the total size limit for the resource: at most ${bytes} bytes in one call.`,
  )
}

export function tooManyCustomTypes(): ApiError {
  return new ApiError(
    'CustomSchemaCountLimitExceededException',
    'You have exceeded the limit for custom schemas. Delete one or more custom schemas and try again.',
  )
}

export function unsupportedVersion(typeName: string, version: string): ApiError {
  return new ApiError(
    'UnsupportedInventorySchemaVersionException',
    `Inventory item type schema version has to match supported versions in the service. ${typeName} ${version} does not; ` +
      'check output of GetInventorySchema to see the available schema version for each type.',
  )
}

export function unsupportedContext(typeName: string): ApiError {
  return new ApiError(
    'UnsupportedInventoryItemContextException',
    `The Context attribute that you specified for the InventoryItem isn't allowed for this inventory type: ${typeName}. ` +
      'You can only use the Context attribute with inventory types like AWS:ComplianceItem.',
  )
}

export function invalidContext(why: string): ApiError {
  return new ApiError(
    'InvalidInventoryItemContextException',
    `You specified invalid keys or values in the Context attribute for InventoryItem. ${why}`,
  )
}

/** AWS's sentence, as agents log it. */
export function noSuchNode(nodeId: string): ApiError {
  return new ApiError('InvalidInstanceId', `Not existing InstanceId ${nodeId}`)
}

export function invalidFilter(why: string): ApiError {
  return new ApiError('InvalidFilter', `The filter name isn't valid. ${why}`)
}

export function invalidAggregator(why: string): ApiError {
  return new ApiError('InvalidAggregatorException', `The specified aggregator isn't valid for the group type. ${why}`)
}

export function invalidGroup(why: string): ApiError {
  return new ApiError('InvalidInventoryGroupException', `The specified inventory group isn't valid. ${why}`)
}

export function invalidResultAttribute(typeName: string): ApiError {
  return new ApiError(
    'InvalidResultAttributeException',
    `The specified inventory item result attribute isn't valid: ${typeName}`,
  )
}

export function invalidDeletionId(id: string): ApiError {
  return new ApiError(
    'InvalidDeletionIdException',
    `The ID specified for the delete operation doesn't exist or isn't valid: ${id}`,
  )
}

export function invalidDeletion(why: string): ApiError {
  return new ApiError('InvalidDeleteInventoryParametersException', why)
}
