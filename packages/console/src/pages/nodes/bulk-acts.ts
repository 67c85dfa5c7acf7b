/** What can be done with thousands of nodes. */
import {
  AddTagsToResourceCommand,
  DeregisterManagedInstanceCommand,
  RemoveTagsFromResourceCommand,
  type Tag,
} from '@aws-sdk/client-ssm'
import { ssm } from '#api/clients/ssm.ts'
import type { BulkAct } from '#app/bulk-work.tsx'
import { nodes as texts } from '#texts/nodes.ts'
import type { FleetNode } from './nodes-query.ts'
import { allNodes } from './use-nodes.ts'

const RESOURCE = { ResourceType: 'ManagedInstance' } as const

export const addTags: BulkAct<Tag[]> = {
  kind: 'nodes',
  title: texts.tagging.doing,
  done: texts.tagging.done,
  act: (ResourceId, Tags) => ssm().send(new AddTagsToResourceCommand({ ...RESOURCE, ResourceId, Tags })),
  left: (ids, tags) =>
    those(ids, ({ Tags = [] }) =>
      tags.some((tag) => !Tags.some(({ Key, Value }) => Key === tag.Key && Value === tag.Value)),
    ),
}

export const removeTags: BulkAct<string[]> = {
  kind: 'nodes',
  title: texts.tagging.undoing,
  done: texts.tagging.undone,
  act: (ResourceId, TagKeys) => ssm().send(new RemoveTagsFromResourceCommand({ ...RESOURCE, ResourceId, TagKeys })),
  left: (ids, keys) => those(ids, ({ Tags = [] }) => Tags.some(({ Key = '' }) => keys.includes(Key))),
}

export const deregister: BulkAct = {
  kind: 'nodes',
  title: texts.deregister.doing,
  done: texts.deregister.done,
  act: (InstanceId) => ssm().send(new DeregisterManagedInstanceCommand({ InstanceId })),
  left: (ids) => those(ids, () => true),
}

/** Which of the nodes are there and like that. */
async function those(ids: readonly string[], like: (node: FleetNode) => boolean): Promise<string[]> {
  const wanted = new Set(ids)
  const nodes = await allNodes({})
  return nodes.flatMap((node) => {
    const { InstanceId = '' } = node
    return wanted.has(InstanceId) && like(node) ? [InstanceId] : []
  })
}
