import { awsApplyAnsiblePlaybooks } from './aws-apply-ansible-playbooks.ts'
import { awsApplyChefRecipes } from './aws-apply-chef-recipes.ts'
import { awsGatherSoftwareInventory } from './aws-gather-software-inventory.ts'
import { awsNoop } from './aws-noop.ts'
import { awsRefreshAssociation } from './aws-refresh-association.ts'
import { awsRunDocument } from './aws-run-document.ts'
import { awsRunPowerShellScript } from './aws-run-powershell-script.ts'
import { awsRunRemoteScript } from './aws-run-remote-script.ts'
import { awsRunShellScript } from './aws-run-shell-script.ts'
import { awsUpdateSsmAgent } from './aws-update-ssm-agent.ts'
import type { PredefinedDocument } from './predefined-document.ts'
import { sessionDocuments } from './session-documents.ts'
import { stewardApplyDesiredState } from './steward-apply-desired-state.ts'
import { stewardApplyPuppetManifest } from './steward-apply-puppet-manifest.ts'
import { stewardLiveQuery } from './steward-live-query.ts'

export type { PredefinedDocument, PredefinedVersion } from './predefined-document.ts'

/** The documents that come with the server, by name. */
export const PREDEFINED: ReadonlyMap<string, PredefinedDocument> = new Map(
  [
    awsApplyAnsiblePlaybooks,
    awsApplyChefRecipes,
    awsGatherSoftwareInventory,
    awsNoop,
    awsRefreshAssociation,
    awsRunDocument,
    awsRunPowerShellScript,
    awsRunRemoteScript,
    awsRunShellScript,
    awsUpdateSsmAgent,
    stewardApplyDesiredState,
    stewardApplyPuppetManifest,
    stewardLiveQuery,
    ...sessionDocuments,
  ].map((document) => [document.name, document]),
)
