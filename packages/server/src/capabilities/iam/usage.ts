import type { Attachment } from './attachment-store.ts'
import type { UsageCounts } from './policy.ts'

const UNUSED: UsageCounts = { grants: 0, boundaries: 0 }

/** How often each policy is used, by ARN. */
export function countUsages(attachments: readonly Attachment[]): (policyArn: string) => UsageCounts {
  const counts = new Map<string, UsageCounts>()
  for (const { policyArn, usage } of attachments) {
    const { grants, boundaries } = counts.get(policyArn) ?? UNUSED
    const grant = usage === 'grant'
    counts.set(policyArn, { grants: grants + (grant ? 1 : 0), boundaries: boundaries + (grant ? 0 : 1) })
  }
  return (policyArn) => counts.get(policyArn) ?? UNUSED
}

/** What `PolicyUsageFilter` stands for; undefined: any. */
export function usageNamed(
  filter: 'PermissionsPolicy' | 'PermissionsBoundary' | undefined,
): Attachment['usage'] | undefined {
  if (filter === undefined) return undefined
  return filter === 'PermissionsPolicy' ? 'grant' : 'boundary'
}
