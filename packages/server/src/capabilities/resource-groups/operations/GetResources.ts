import type { GetResourcesInput, ResourceTagMapping } from '@steward/model/generated/resourcegroupstaggingapi.ts'
import type { TagFilter } from '#capabilities/tags/index.ts'
import { invalidParameter } from '../errors.ts'
import { type Found, findResources, type Place, placeOf, type Wanted } from '../find-resources.ts'
import { tagging } from '../services.ts'

const PAGE = 50
/** AWS's limits, which the model does not have. */
const RESOURCES_AT_MOST = 100
const TYPES_AT_MOST = 100

/** What carries tags, or did so once, of every type there is (RG-12, RG-16). No organisation has policies of tags here, so all complies. */
export const GetResources = tagging.read('GetResources', {
  access: () => ({ action: 'tag:GetResources', resources: ['*'] }),

  async handle(input, call) {
    const limit = resourcesPerPage(input)
    const tagLimit = tagsPerPage(input)
    const wanted = wantedBy(input)
    if (input.ExcludeCompliantResources) return { ResourceTagMappingList: [], PaginationToken: '' }
    const found = await findResources(call.db, call.scope, wanted, call.cursor<Place>(), limit + 1)
    const page = withinTags(found.slice(0, limit), tagLimit)
    const last = page.length < found.length ? page.at(-1) : undefined
    return {
      ResourceTagMappingList: page.map((one) => toMapping(one, input.IncludeComplianceDetails ?? false)),
      // AWS's last page has an empty token, not none.
      PaginationToken: call.nextToken(last && placeOf(last)) ?? '',
    }
  },
})

function wantedBy(input: GetResourcesInput): Wanted {
  const { ResourceARNList: arns, ResourceTypeFilters: types = [], TagFilters = [] } = input
  if (arns && (types.length > 0 || TagFilters.length > 0 || input.TagsPerPage !== undefined))
    throw invalidParameter('ResourceARNList cannot be used together with filters or TagsPerPage.')
  if (input.ExcludeCompliantResources && !input.IncludeComplianceDetails)
    throw invalidParameter('ExcludeCompliantResources takes IncludeComplianceDetails.')
  if (types.length > TYPES_AT_MOST) throw invalidParameter(`ResourceTypeFilters has more than ${TYPES_AT_MOST} types.`)
  const ofType = ({ type }: { type: string }) => types.includes(type) || types.includes(type.split(':')[0]!)
  return {
    filters: TagFilters.map(toFilter),
    arns,
    ofType: types.length === 0 ? () => true : ofType,
    untagged: false,
  }
}

function toFilter({ Key, Values = [] }: { Key?: string | undefined; Values?: string[] | undefined }): TagFilter {
  if (Key === undefined) throw invalidParameter('A tag filter has no Key.')
  return Values.length === 0 ? { keys: [Key] } : { key: Key, values: Values }
}

function resourcesPerPage({ ResourcesPerPage = PAGE }: GetResourcesInput): number {
  if (ResourcesPerPage < 1 || ResourcesPerPage > RESOURCES_AT_MOST)
    throw invalidParameter(`ResourcesPerPage is 1 to ${RESOURCES_AT_MOST}.`)
  return ResourcesPerPage
}

function tagsPerPage({ TagsPerPage }: GetResourcesInput): number | undefined {
  if (TagsPerPage !== undefined && (TagsPerPage < 100 || TagsPerPage > 500 || TagsPerPage % 100 !== 0))
    throw invalidParameter('TagsPerPage is 100, 200, 300, 400 or 500.')
  return TagsPerPage
}

/** As many of the resources as have no more tags than that together; one without tags counts as one tag. */
function withinTags(resources: readonly Found[], limit = Number.POSITIVE_INFINITY): readonly Found[] {
  let count = 0
  const over = resources.findIndex(({ tags }) => {
    count += Math.max(tags.length, 1)
    return count > limit
  })
  return over < 0 ? resources : resources.slice(0, over)
}

function toMapping({ arn, tags }: Found, withCompliance: boolean): ResourceTagMapping {
  const complies = { ComplianceStatus: true, NoncompliantKeys: [], KeysWithNoncompliantValues: [] }
  return { ResourceARN: arn, Tags: [...tags], ...(withCompliance && { ComplianceDetails: complies }) }
}
