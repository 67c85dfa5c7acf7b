import { type PredefinedDocument, predefinedVersion } from './predefined-document.ts'

export const awsRunDocument: PredefinedDocument = {
  name: 'AWS-RunDocument',
  type: 'Command',
  category: [],
  categoryEnum: [],
  versions: [
    predefinedVersion('2026-11-21', {
      schemaVersion: '2.2',
      description: 'Downloads a Command document to the node and runs it there.',
      parameters: {
        sourceType: {
          type: 'String',
          description: '(Required) Where the document is kept.',
          allowedValues: ['GitHub', 'Git', 'HTTP', 'S3', 'SSMDocument'],
        },
        sourceInfo: {
          type: 'StringMap',
          description:
            '(Required) What the source needs to find the document, as JSON. GitHub: owner, repository, path. Git: repository. HTTP: url. S3: path. SSMDocument: name.',
          displayType: 'textarea',
        },
        documentPath: {
          type: 'String',
          default: '.',
          description: '(Optional) Path of the document within what was downloaded, if that is a directory.',
        },
        documentParameters: {
          type: 'StringMap',
          default: {},
          description: '(Optional) Parameters of the document, as JSON.',
          displayType: 'textarea',
        },
      },
      mainSteps: [
        {
          action: 'aws:downloadContent',
          name: 'downloadContent',
          // A fixed place, because the second step has to find it: a single file is written under this very name.
          inputs: { sourceType: '{{ sourceType }}', sourceInfo: '{{ sourceInfo }}', destinationPath: 'document' },
        },
        {
          action: 'aws:runDocument',
          name: 'runDocument',
          inputs: {
            documentType: 'LocalPath',
            documentPath: 'document/{{ documentPath }}',
            documentParameters: '{{ documentParameters }}',
          },
        },
      ],
    }),
  ],
}
