import { type PredefinedDocument, predefinedVersion, SCRIPT_PARAMETERS } from './predefined-document.ts'

export const awsRunPowerShellScript: PredefinedDocument = {
  name: 'AWS-RunPowerShellScript',
  type: 'Command',
  category: ['Script Execution'],
  categoryEnum: ['ScriptExecution'],
  versions: [
    predefinedVersion('2026-11-21', {
      schemaVersion: '1.2',
      description: 'Runs PowerShell commands on Windows nodes, and on Linux and macOS nodes that have PowerShell.',
      parameters: {
        commands: {
          type: 'StringList',
          description: '(Required) The lines of the PowerShell script to run.',
          minItems: 1,
          displayType: 'textarea',
        },
        ...SCRIPT_PARAMETERS,
      },
      runtimeConfig: {
        'aws:runPowerShellScript': {
          properties: [
            {
              id: '0.aws:runPowerShellScript',
              runCommand: '{{ commands }}',
              workingDirectory: '{{ workingDirectory }}',
              timeoutSeconds: '{{ executionTimeout }}',
            },
          ],
        },
      },
    }),
  ],
}
