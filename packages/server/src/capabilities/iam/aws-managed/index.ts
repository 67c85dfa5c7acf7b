import { ACCOUNT_POLICIES } from './account-policies.ts'
import type { AwsManagedPolicy } from './managed-policy.ts'
import { SERVICE_POLICIES } from './service-policies.ts'
import { SSM_POLICIES } from './ssm-policies.ts'

/** The managed policies of AWS that every account has, by ARN. */
export const AWS_MANAGED: ReadonlyMap<string, AwsManagedPolicy> = new Map(
  [...SSM_POLICIES, ...ACCOUNT_POLICIES, ...SERVICE_POLICIES].map((policy) => [policy.arn, policy]),
)
