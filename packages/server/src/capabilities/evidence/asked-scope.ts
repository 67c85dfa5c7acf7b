/** Reads what a report is to be about, as callers say it. */
import type { CreateEvidenceReportRequest } from '@steward/model/generated/steward.ts'
import { groupTargetFault } from '#capabilities/groups/index.ts'
import { noResource } from '#capabilities/ssm.ts'
import type { Access } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'
import { invalidTarget } from './errors.ts'
import type { EvidenceScope } from './evidence-report.ts'

/** What a report shows: whoever asks for one must be allowed to see it anyway. */
const SHOWN = ['ssm:DescribeInstanceInformation', 'ssm:ListComplianceItems', 'ssm:ListResourceComplianceSummaries']

export function readingDemands(scope: Scope): Access[] {
  return SHOWN.map((action) => ({ action, resources: noResource(scope) }))
}

/** Throws `InvalidTarget`. */
export function askedScope(
  scope: Scope,
  {
    Targets: targets = [],
    ComplianceTypes: types = [],
  }: Pick<CreateEvidenceReportRequest, 'Targets' | 'ComplianceTypes'>,
): EvidenceScope {
  const fault = groupTargetFault(scope, targets)
  if (fault) throw invalidTarget(fault)
  for (const { Key = '', Values = [] } of targets) {
    const isKnown = /^(?:tag:.+|tag-key|instanceids|resource-groups:.+)$/is.test(Key)
    if (!isKnown)
      throw invalidTarget(`the key ${Key} is neither InstanceIds, tag-key, tag:<name> nor resource-groups:Name.`)
    if (Values.length === 0) throw invalidTarget(`${Key} has no values.`)
  }
  return { targets, types: [...new Set(types)].sort() }
}
