import { type PredefinedDocument, predefinedVersion, SCRIPT_PARAMETERS } from './predefined-document.ts'

export const awsRunShellScript: PredefinedDocument = {
  name: 'AWS-RunShellScript',
  type: 'Command',
  category: ['Script Execution'],
  categoryEnum: ['ScriptExecution'],
  versions: [
    predefinedVersion('2026-11-21', {
      schemaVersion: '1.2',
      description: 'Runs shell commands on Linux and macOS nodes.',
      parameters: {
        commands: {
          type: 'StringList',
          description: '(Required) The lines of the shell script to run.',
          minItems: 1,
          displayType: 'textarea',
        },
        ...SCRIPT_PARAMETERS,
      },
      runtimeConfig: {
        'aws:runShellScript': {
          properties: [
            {
              id: '0.aws:runShellScript',
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
