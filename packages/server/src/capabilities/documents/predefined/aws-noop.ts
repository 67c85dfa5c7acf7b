import { type PredefinedDocument, predefinedVersion } from './predefined-document.ts'

export const awsNoop: PredefinedDocument = {
  name: 'AWS-Noop',
  type: 'Command',
  category: [],
  categoryEnum: [],
  versions: [
    predefinedVersion('2026-11-21', {
      schemaVersion: '2.2',
      description: 'Does nothing and succeeds. What hooks run when they are not given a document.',
      mainSteps: [
        {
          action: 'aws:runPowerShellScript',
          name: 'runPowerShellScript',
          precondition: { StringEquals: ['platformType', 'Windows'] },
          inputs: { runCommand: ['exit 0'] },
        },
        { action: 'aws:runShellScript', name: 'runShellScript', inputs: { runCommand: ['exit 0'] } },
      ],
    }),
  ],
}
