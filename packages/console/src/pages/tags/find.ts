/** What the address of the tag editor asks for, as a call. */
import type { GetResourcesInput, ResourceTagMapping } from '@steward/model/generated/resourcegroupstaggingapi.ts'
import { useRead } from '#api/queries.ts'
import { tagging } from '#api/tagging.ts'
import { shellWords } from '#components/shell-words.ts'
import { type TagDraft, tagFilters } from '#pages/groups/group-draft.ts'
import { typeText } from '#pages/groups/query-fields.tsx'

export interface Finding {
  readonly types: readonly string[]
  readonly tags: readonly TagDraft[]
}

/** By AWS's name for groups, the name that the tagging API has for a type. */
export const TYPE_NAMES: Readonly<Record<string, string>> = {
  'AWS::SSM::ManagedInstance': 'ssm:managed-instance',
  'AWS::SSM::Association': 'ssm:association',
  'AWS::SSM::Document': 'ssm:document',
  'AWS::SSM::Parameter': 'ssm:parameter',
  'AWS::Events::EventBus': 'events:event-bus',
  'AWS::Events::Rule': 'events:rule',
  'AWS::KMS::Key': 'kms:key',
  'AWS::Logs::LogGroup': 'logs:log-group',
  'AWS::ResourceGroups::Group': 'resource-groups:group',
  'AWS::S3::Bucket': 's3',
  'AWS::SNS::Topic': 'sns',
}

const AT_MOST = 1000

export function findingFrom(search: URLSearchParams): Finding {
  const tags = search.getAll('tag').map((text) => {
    const at = text.indexOf('=')
    return at < 0 ? { key: text, values: '' } : { key: text.slice(0, at), values: text.slice(at + 1) }
  })
  return { types: search.getAll('type'), tags }
}

export function searchOf({ types, tags }: Finding): URLSearchParams {
  return new URLSearchParams([
    ...types.map((type) => ['type', type]),
    ...tags.map(({ key, values }) => ['tag', values ? `${key}=${values}` : key]),
  ])
}

function inputOf({ types, tags }: Finding): GetResourcesInput {
  const TagFilters = tagFilters(tags)
  return {
    ...(types.length > 0 && { ResourceTypeFilters: types.map((type) => TYPE_NAMES[type] ?? type) }),
    ...(TagFilters.length > 0 && { TagFilters }),
  }
}

/** What carries the tags: the first of them, and whether there are more. */
export function useFound(finding: Finding) {
  const input = inputOf(finding)
  return useRead('groups', ['tagged', input], async (signal) => {
    const items: ResourceTagMapping[] = []
    let PaginationToken: string | undefined
    do {
      const page = await tagging(
        'GetResources',
        { ...input, ResourcesPerPage: 100, ...(PaginationToken && { PaginationToken }) },
        signal,
      )
      items.push(...(page.ResourceTagMappingList ?? []))
      PaginationToken = page.PaginationToken
    } while (PaginationToken && items.length < AT_MOST)
    return { items, isCut: Boolean(PaginationToken) }
  })
}

export function findCommand(finding: Finding): string {
  const { ResourceTypeFilters = [], TagFilters = [] } = inputOf(finding)
  return shellWords(
    ...['aws', 'resourcegroupstaggingapi', 'get-resources'],
    ...(ResourceTypeFilters.length > 0 ? ['--resource-type-filters', ...ResourceTypeFilters] : []),
    ...(TagFilters.length > 0 ? ['--tag-filters', JSON.stringify(TagFilters)] : []),
  )
}

/** The type of which something with this ARN is, in the words of people. */
export function typeOfArn(arn: string): string {
  const [, , service = '', , , resource = ''] = arn.split(':')
  const type = service === 's3' || service === 'sns' ? service : `${service}:${resource.split('/')[0]}`
  const known = Object.keys(TYPE_NAMES).find((name) => TYPE_NAMES[name] === type)
  return known ? typeText(known) : type
}
