import { awsNoop } from './aws-noop.ts'
import { awsRunDocument } from './aws-run-document.ts'
import { awsRunPowerShellScript } from './aws-run-powershell-script.ts'
import { awsRunRemoteScript } from './aws-run-remote-script.ts'
import { awsRunShellScript } from './aws-run-shell-script.ts'
import type { PredefinedDocument } from './predefined-document.ts'
import { sessionDocuments } from './session-documents.ts'

export type { PredefinedDocument, PredefinedVersion } from './predefined-document.ts'

/** The documents that come with the server, by name. */
export const PREDEFINED: ReadonlyMap<string, PredefinedDocument> = new Map(
  [awsNoop, awsRunDocument, awsRunPowerShellScript, awsRunRemoteScript, awsRunShellScript, ...sessionDocuments].map(
    (document) => [document.name, document],
  ),
)
