import type { InventoryItemSchema } from '@steward/model/generated/ssm.ts'
import { noResource, ssm } from '#capabilities/ssm.ts'
import { type CustomType, customTypes } from '../custom-type.ts'
import { invalidTypeName } from '../errors.ts'
import { AWS_TYPES, COMPLIANCE_ITEM, type InventoryType } from '../inventory-type.ts'

const PAGE = 50
/** The types that consist of others: what is reported of one is told apart by the type of compliance. */
const SUB_TYPES = ['Association', 'Patch']

/** Which types there are, and what they say of a node (INV-04). */
export const GetInventorySchema = ssm.read('GetInventorySchema', {
  access: (_input, { scope }) => ({ action: 'ssm:GetInventorySchema', resources: noResource(scope) }),

  async handle({ TypeName, Aggregator = false, SubType = false, MaxResults: limit = PAGE }, call) {
    if (TypeName && !TypeName.startsWith('Custom:') && !AWS_TYPES.has(TypeName)) throw invalidTypeName(TypeName)
    const custom = await customTypes(call.db, call.scope)
    const schemas = [...aws(Aggregator, SubType), ...(SubType ? [] : [...custom.values()].flatMap(customSchema))]
    const wanted = TypeName ? schemas.filter((schema) => isOf(schema, TypeName)) : schemas
    const from = call.cursor<number>() ?? 0
    return {
      Schemas: wanted.slice(from, from + limit),
      NextToken: call.nextToken(from + limit < wanted.length ? from + limit : undefined),
    }
  },
})

function isOf({ TypeName = '' }: InventoryItemSchema, wanted: string): boolean {
  return TypeName === wanted || (wanted === COMPLIANCE_ITEM && TypeName.startsWith(`${COMPLIANCE_ITEM}:`))
}

function aws(aggregatorsOnly: boolean, subTypes: boolean): InventoryItemSchema[] {
  if (subTypes) return SUB_TYPES.map((name) => awsSchema(AWS_TYPES.get(COMPLIANCE_ITEM)!, false, `:${name}`))
  return [...AWS_TYPES.values()]
    .filter(({ aggregated }) => !aggregatorsOnly || aggregated.length > 0)
    .map((type) => awsSchema(type, aggregatorsOnly))
}

function awsSchema(type: InventoryType, aggregatorsOnly: boolean, more = ''): InventoryItemSchema {
  return {
    TypeName: `${type.name}${more}`,
    Version: type.versions[0],
    DisplayName: type.displayName,
    Attributes: (aggregatorsOnly ? type.aggregated : type.attributes).map((Name) => ({
      Name,
      DataType: type.numbers.has(Name) ? 'number' : 'string',
    })),
  }
}

/** A type of which no attribute was told yet cannot be shown. */
function customSchema({ name, version, attributes }: CustomType): InventoryItemSchema[] {
  if (attributes.length === 0) return []
  const Attributes = attributes.map((Name) => ({ Name, DataType: 'string' as const }))
  return [{ TypeName: name, Version: version, DisplayName: name, Attributes }]
}
