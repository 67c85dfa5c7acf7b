import { type PredefinedDocument, predefinedVersion } from './predefined-document.ts'

export const awsUpdateSsmAgent: PredefinedDocument = {
  name: 'AWS-UpdateSSMAgent',
  type: 'Command',
  category: [],
  categoryEnum: [],
  versions: [
    predefinedVersion('2026-11-22', {
      schemaVersion: '1.2',
      description: 'Updates the agent of the node, to its latest version or to the one that is named.',
      parameters: {
        version: {
          type: 'String',
          default: '',
          description: '(Optional) The version to install. Left empty, the latest.',
        },
        allowDowngrade: {
          type: 'String',
          default: 'false',
          description: '(Optional) Whether an earlier version may replace a later one.',
          allowedValues: ['true', 'false'],
        },
      },
      runtimeConfig: {
        'aws:updateSsmAgent': {
          // An object, which is all that Amazon's agent reads here. Name and source are for that agent too; ours gets its versions
          // from the control plane alone.
          properties: {
            agentName: 'amazon-ssm-agent',
            source: 'https://s3.{Region}.amazonaws.com/amazon-ssm-{Region}/ssm-agent-manifest.json',
            allowDowngrade: '{{ allowDowngrade }}',
            targetVersion: '{{ version }}',
          },
        },
      },
    }),
  ],
}
