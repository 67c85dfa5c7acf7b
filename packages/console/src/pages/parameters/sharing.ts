/** Resource policies of a parameter, as its page reads and writes them. */
import { GetResourcePoliciesCommand, type GetResourcePoliciesResponseEntry } from '@aws-sdk/client-ssm'
import { ssm } from '#api/clients/ssm.ts'
import { allPages, useRead } from '#api/queries.ts'

export type SharingPolicy = GetResourcePoliciesResponseEntry

export function useSharing(ResourceArn: string) {
  return useRead('parameters', ['sharing', ResourceArn], (abortSignal) =>
    allPages(async (NextToken) => {
      const page = await ssm().send(new GetResourcePoliciesCommand({ ResourceArn, NextToken }), { abortSignal })
      return { items: page.Policies ?? [], next: page.NextToken }
    }),
  )
}

const READ = ['ssm:DescribeParameters', 'ssm:GetParameter', 'ssm:GetParameters']

/** What whoever it is shared with may do, under the names that the form has for it. */
export const MAY = { read: READ, history: [...READ, 'ssm:GetParameterHistory'] } as const

export function sharingPolicy(resource: string, principals: readonly string[], may: keyof typeof MAY): string {
  const statement = { Effect: 'Allow', Principal: { AWS: principals }, Action: MAY[may], Resource: resource }
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
}

/** An account by its number, or a user or a role by its ARN. */
export function isPrincipal(text: string): boolean {
  return /^(\d{12}|arn:aws:(iam::\d{12}:(root|user\/.+|role\/.+)|sts::\d{12}:assumed-role\/.+))$/.test(text)
}

/** Whom a policy speaks of and what they may, as far as it is one that can be read. */
export function summaryOf({ Policy = '' }: SharingPolicy): { readonly who: string; readonly may: string } {
  const { Statement = [] } = JSON.parse(Policy) as { Statement?: Statement | Statement[] }
  const statements = [Statement].flat()
  return {
    who: unique(statements.flatMap(({ Principal = {} }) => Object.values(Principal).flat())),
    may: unique(statements.flatMap(({ Action = [] }) => Action)),
  }
}

interface Statement {
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>
  readonly Action?: string | readonly string[]
}

function unique(words: readonly string[]): string {
  return [...new Set(words)].join(', ')
}
