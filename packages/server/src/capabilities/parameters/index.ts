import { capability } from '#kernel/declare.ts'
import { enforcePolicies } from './enforce-policies.ts'
import { keyOfResource } from './name.ts'
import { renamePrincipal } from './rename-principal.ts'
import { parameterPolicies } from './sharing.ts'
import { migrations } from './tables.ts'

export { findParameters } from './find-parameters.ts'
export {
  type Referring,
  referenceAccess,
  referencesIn,
  referredVersions,
  resolveReferences,
  withValues,
} from './references.ts'

/** Parameter Store: values by name, in versions, with labels, policies and encryption (PS-01 … PS-22). */
export const parametersCapability = capability({
  name: 'parameters',
  url: import.meta.url,
  changeKinds: [{ kind: 'parameters', read: 'ssm:DescribeParameters', idOf: keyOfResource }],
  migrations,
  tasks: [enforcePolicies],
  resources: parameterPolicies,
  renamePrincipal,
})
