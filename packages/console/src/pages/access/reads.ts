/** What several pages of Access read. */
import {
  GetPolicyVersionCommand,
  GetUserCommand,
  ListPoliciesCommand,
  type Policy,
  type User,
} from '@aws-sdk/client-iam'
import { iam } from '#api/clients/iam.ts'
import { allPages, useRead } from '#api/queries.ts'
import { decodedDocument } from './holder.ts'
import { pretty } from './policy-document.ts'

const MaxItems = 1000

export function useUser(name: string) {
  return useRead<User>('iam', ['user', name], async () => {
    const { User } = await iam().send(new GetUserCommand({ UserName: name }))
    return User!
  })
}

export function usePolicies() {
  return useRead<Policy[]>('iam', ['policies'], () =>
    allPages(async (Marker) => {
      const { Policies = [], Marker: next } = await iam().send(new ListPoliciesCommand({ Marker, MaxItems }))
      return { items: Policies, next }
    }),
  )
}

/** What a version of a managed policy says. */
export async function documentOf(PolicyArn: string, VersionId: string): Promise<string> {
  const { PolicyVersion } = await iam().send(new GetPolicyVersionCommand({ PolicyArn, VersionId }))
  return pretty(decodedDocument(PolicyVersion?.Document))
}

/** Whether AWS manages the policy: it is there for everybody, and nobody changes it. */
export function isAwsManaged(arn: string | undefined): boolean {
  return arn?.startsWith('arn:aws:iam::aws:') ?? false
}
