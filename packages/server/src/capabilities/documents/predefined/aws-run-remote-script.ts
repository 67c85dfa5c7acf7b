import { type PredefinedDocument, predefinedVersion, SCRIPT_PARAMETERS } from './predefined-document.ts'

export const awsRunRemoteScript: PredefinedDocument = {
  name: 'AWS-RunRemoteScript',
  type: 'Command',
  category: ['Script Execution'],
  categoryEnum: ['ScriptExecution'],
  versions: [
    predefinedVersion('2026-11-21', {
      schemaVersion: '2.2',
      description: 'Downloads a script, or a directory of scripts, to the node and runs a command line there.',
      parameters: {
        sourceType: {
          type: 'String',
          description: '(Required) Where the script is kept.',
          allowedValues: ['GitHub', 'S3'],
        },
        sourceInfo: {
          type: 'StringMap',
          description:
            '(Required) What the source needs to find the script, as JSON. GitHub: owner, repository, path, getOptions, tokenInfo. S3: path, the URL of an object or a prefix.',
          displayType: 'textarea',
        },
        commandLine: {
          type: 'String',
          description: '(Required) The command line to run where the script was put, such as: install.sh --quiet',
        },
        ...SCRIPT_PARAMETERS,
      },
      mainSteps: [
        {
          action: 'aws:downloadContent',
          name: 'downloadContent',
          inputs: {
            sourceType: '{{ sourceType }}',
            sourceInfo: '{{ sourceInfo }}',
            destinationPath: '{{ workingDirectory }}',
          },
        },
        {
          action: 'aws:runPowerShellScript',
          name: 'runPowerShellScript',
          precondition: { StringEquals: ['platformType', 'Windows'] },
          inputs: {
            runCommand: [
              '$env:PATH = "$env:PATH;$((Get-Location).Path)"',
              '{{ commandLine }}',
              'if (-not $?) { if ($LASTEXITCODE) { exit $LASTEXITCODE }; exit 1 }',
              'exit $LASTEXITCODE',
            ],
            workingDirectory: '{{ workingDirectory }}',
            timeoutSeconds: '{{ executionTimeout }}',
          },
        },
        {
          // No precondition: where there is no shell, agents skip the plugin by themselves.
          action: 'aws:runShellScript',
          name: 'runShellScript',
          inputs: {
            runCommand: ['PATH="$PATH:$(pwd)"', 'export PATH', '{{ commandLine }}'],
            workingDirectory: '{{ workingDirectory }}',
            timeoutSeconds: '{{ executionTimeout }}',
          },
        },
      ],
    }),
  ],
}
