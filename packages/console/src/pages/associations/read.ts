import {
  type Association,
  type AssociationDescription,
  type AssociationExecution,
  type AssociationVersionInfo,
  DescribeAssociationCommand,
  DescribeAssociationExecutionsCommand,
  ListAssociationsCommand,
  ListAssociationVersionsCommand,
} from '@aws-sdk/client-ssm'
import type { AssociationRunNode } from '@steward/model/generated/steward.ts'
import { ssm } from '#api/clients/ssm.ts'
import { allPages, useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import type { Wire } from '#api/wire.ts'

/** Every association. */
export function useAssociations() {
  return useRead('associations', ['all'], (abortSignal) =>
    allPages<Association>(async (NextToken) => {
      const answer = await ssm().send(new ListAssociationsCommand({ MaxResults: 50, NextToken }), { abortSignal })
      return { items: answer.Associations ?? [], next: answer.NextToken }
    }),
  )
}

export function useAssociation(id: string) {
  return useRead(
    'associations',
    ['one', id],
    async (abortSignal): Promise<AssociationDescription> => {
      const answer = await ssm().send(new DescribeAssociationCommand({ AssociationId: id }), { abortSignal })
      return answer.AssociationDescription!
    },
    { keepLast: false },
  )
}

const RUNS = 50

/** The latest runs, the newest first. */
export function useRuns(id: string) {
  return useRead('associations', ['runs', id], async (abortSignal): Promise<readonly AssociationExecution[]> => {
    const input = { AssociationId: id, MaxResults: RUNS }
    const answer = await ssm().send(new DescribeAssociationExecutionsCommand(input), { abortSignal })
    return answer.AssociationExecutions ?? []
  })
}

export type RunNode = Wire<AssociationRunNode>

/** What a run came to on each of its nodes, and why. */
export function useRunNodes(AssociationId: string, ExecutionId: string) {
  return useRead(
    'associations',
    ['run', AssociationId, ExecutionId],
    (signal) =>
      allPages<RunNode>(async (NextToken) => {
        const input = { AssociationId, ExecutionId, MaxResults: 500, NextToken }
        const answer = await steward('ListAssociationRunNodes', input, signal)
        return { items: answer.Nodes, next: answer.NextToken }
      }),
    { keepLast: false },
  )
}

/** All versions, the newest first. */
export function useVersions(AssociationId: string) {
  return useRead('associations', ['versions', AssociationId], (abortSignal) =>
    allPages<AssociationVersionInfo>(async (NextToken) => {
      const input = { AssociationId, MaxResults: 50, NextToken }
      const answer = await ssm().send(new ListAssociationVersionsCommand(input), { abortSignal })
      return { items: answer.AssociationVersions ?? [], next: answer.NextToken }
    }),
  )
}

/** The name that people gave it, or that of its document. */
export function nameOf({ AssociationName, Name }: Pick<Association, 'AssociationName' | 'Name'>): string {
  return AssociationName || Name || ''
}
