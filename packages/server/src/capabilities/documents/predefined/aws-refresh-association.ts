import { type PredefinedDocument, predefinedVersion } from './predefined-document.ts'

export const awsRefreshAssociation: PredefinedDocument = {
  name: 'AWS-RefreshAssociation',
  type: 'Command',
  category: [],
  categoryEnum: [],
  versions: [
    predefinedVersion('2026-11-22', {
      schemaVersion: '1.2',
      description: 'Runs associations of the node now, whether or not they are due.',
      parameters: {
        associationIds: {
          type: 'StringList',
          default: [],
          description: '(Optional) Ids of the associations to run. Left empty, all of the node run.',
          displayType: 'textarea',
        },
      },
      runtimeConfig: {
        // Not in a list, as inputs of other plugins are: Amazon's agent would find no ids in it, and run everything.
        'aws:refreshAssociation': { properties: { associationIds: '{{ associationIds }}' } },
      },
    }),
  ],
}
