/* The associations of this node, as the server lists them. What comes is read with care: a server may be of any age, or ill. */
import { objectOr } from '#document/document.ts'
import type { SsmClient } from '#server/ssm-client.ts'

export type Association = {
  id: string
  version: string
  documentName: string
  documentVersion: string
  /** Changes whenever the association or the content of its document does. */
  checksum: string
  detailedStatus: string
  /** A schedule expression; empty: to run once. */
  schedule: string
  /** When its last run ended, in milliseconds since 1970. */
  lastExecutionAt: number | undefined
  /** All values as lists of texts, as in the public API. */
  parameters: { [name: string]: string[] }
  bucket: string
  keyPrefix: string
}

const mostPages = 100

/** Everything that is associated with the node. Throws when the answer is no list. */
export async function listAssociations(ssm: SsmClient, nodeId: string): Promise<Association[]> {
  const found = new Map<string, Association>()
  let token: unknown
  for (let page = 0; page < mostPages; page += 1) {
    const more = typeof token === 'string' && token !== '' ? { NextToken: token } : {}
    const answer = await ssm.call('ListInstanceAssociations', { InstanceId: nodeId, MaxResults: 20, ...more })
    if (!Array.isArray(answer.Associations)) throw new Error('ListInstanceAssociations: the answer has no Associations')
    for (const one of answer.Associations.flatMap((value) => readAssociation(value) ?? [])) found.set(one.id, one)
    if (typeof answer.NextToken !== 'string' || answer.NextToken === '' || answer.NextToken === token) break
    token = answer.NextToken
  }
  return [...found.values()]
}

/** Undefined for what cannot be run: without a name, or with an id that cannot name a folder. */
export function readAssociation(value: unknown): Association | undefined {
  const from = objectOr(value)
  const text = (member: string) => (typeof from[member] === 'string' ? from[member] : '')
  const id = text('AssociationId')
  if (!/^[0-9a-zA-Z-]{1,64}$/.test(id) || text('Name') === '') return undefined
  const place = objectOr(objectOr(from.OutputLocation).S3Location)
  const seconds = Number(from.LastExecutionDate ?? Number.NaN)
  return {
    id,
    version: text('AssociationVersion'),
    documentName: text('Name'),
    documentVersion: text('DocumentVersion'),
    checksum: text('Checksum'),
    detailedStatus: text('DetailedStatus'),
    schedule: text('ScheduleExpression'),
    lastExecutionAt: Number.isFinite(seconds) ? seconds * 1000 : undefined,
    parameters: readParameters(from.Parameters),
    bucket: typeof place.OutputS3BucketName === 'string' ? place.OutputS3BucketName : '',
    keyPrefix: typeof place.OutputS3KeyPrefix === 'string' ? place.OutputS3KeyPrefix : '',
  }
}

function readParameters(value: unknown): Association['parameters'] {
  const entries = Object.entries(objectOr(value)).map(([name, values]) => [name, [values].flat().map(String)] as const)
  return Object.fromEntries(entries)
}
