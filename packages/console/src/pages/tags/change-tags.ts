import { chunksOf } from '#api/chunks.ts'
import { Failure } from '#api/failure.ts'
import { tagging } from '#api/tagging.ts'
import { shellWords } from '#components/shell-words.ts'
import type { TagChange } from '#components/tags-panel.tsx'
import { tagEditor } from '#texts/tag-editor.ts'

/** As many as one call changes. */
const AT_ONCE = 20

/** Puts and removes tags of any resources. Rejects with what the first one said to which it could not be done. */
export async function changeTags(arns: readonly string[], { put, removed }: TagChange): Promise<void> {
  const faults: Failure[] = []
  for (const ResourceARNList of chunksOf(arns, AT_ONCE)) {
    if (removed.length > 0) {
      const { FailedResourcesMap } = await tagging('UntagResources', { ResourceARNList, TagKeys: [...removed] })
      faults.push(...faultsOf(FailedResourcesMap))
    }
    if (put.length > 0) {
      const Tags = Object.fromEntries(put.map(({ key, value }) => [key, value]))
      const { FailedResourcesMap } = await tagging('TagResources', { ResourceARNList, Tags })
      faults.push(...faultsOf(FailedResourcesMap))
    }
  }
  if (faults[0]) throw faults[0]
}

function faultsOf(
  failed: Record<string, { ErrorCode?: string | undefined; ErrorMessage?: string | undefined }> | undefined,
): Failure[] {
  return Object.entries(failed ?? {}).map(
    ([arn, { ErrorCode = '', ErrorMessage = '' }]) =>
      new Failure({ code: ErrorCode, message: tagEditor.refused(arn, ErrorMessage) }),
  )
}

/** The same from a terminal. */
export function tagCommand(arns: readonly string[], { put, removed }: TagChange): string {
  const tags = put.map(({ key, value }) => `${key}=${value}`).join(',')
  return chunksOf(arns, AT_ONCE)
    .flatMap((some) => [
      ...(removed.length > 0 ? [call('untag-resources', some, '--tag-keys', ...removed)] : []),
      ...(put.length > 0 ? [call('tag-resources', some, '--tags', tags)] : []),
    ])
    .join('\n')
}

function call(operation: string, arns: readonly string[], ...more: readonly string[]): string {
  return shellWords('aws', 'resourcegroupstaggingapi', operation, '--resource-arn-list', ...arns, ...more)
}
