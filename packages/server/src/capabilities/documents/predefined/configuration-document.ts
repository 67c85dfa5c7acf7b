/**
 * Documents that bring nodes into a state, or ask them. They know only plugins that every agent has: what is to be done is a shell script made
 * of the parts in `scripts`, which runs where the sources were put and reports the node's compliance itself. Parameters stand
 * in it between quotation marks if their values or patterns keep these out, else in a here-document that ends with `%%`: texts have
 * patterns that keep lines out that begin with a percent sign, lists become one line of JSON there.
 */
import { readFileSync } from 'node:fs'
import { type PredefinedDocument, predefinedVersion, SCRIPT_PARAMETERS } from './predefined-document.ts'

const ON_LINUX = { StringEquals: ['platformType', 'Linux'] }

/** Any text whose lines do not begin with a percent sign. */
export const TEXT = '^([^%\\r\\n][^\\r\\n]*)?(\\r?\\n([^%\\r\\n][^\\r\\n]*)?)*$'

interface Configuration {
  readonly name: string
  readonly date: string
  readonly description: string
  readonly parameters: object
  /** Names of files in `scripts`, in their order. */
  readonly script: readonly string[]
}

/** A document that runs a script on the node, after it brought the sources that SourceType and SourceInfo name if it has them. */
export function configurationDocument({
  name,
  date,
  description,
  parameters,
  script,
}: Configuration): PredefinedDocument {
  const download = {
    action: 'aws:downloadContent',
    name: 'downloadContent',
    precondition: ON_LINUX,
    inputs: { sourceType: '{{ SourceType }}', sourceInfo: '{{ SourceInfo }}', onFailure: 'exit' },
  }
  const run = {
    action: 'aws:runShellScript',
    name: 'runShellScript',
    precondition: ON_LINUX,
    inputs: {
      runCommand: script.flatMap(linesOf),
      ...('TimeoutSeconds' in parameters && { timeoutSeconds: '{{ TimeoutSeconds }}' }),
    },
  }
  const content = {
    schemaVersion: '2.2',
    description,
    parameters,
    mainSteps: 'SourceType' in parameters ? [download, run] : [run],
  }
  const versions = [predefinedVersion(date, content)]
  return { name, type: 'Command', category: [], categoryEnum: [], versions }
}

function linesOf(part: string): string[] {
  return readFileSync(new URL(`./scripts/${part}.sh`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
}

/** Where the sources are kept. */
export function sourceParameters(what: string, types: readonly string[]) {
  return {
    SourceType: { type: 'String', description: `(Required) Where the ${what} are kept.`, allowedValues: types },
    SourceInfo: {
      type: 'StringMap',
      description: `(Required) What the source needs to find the ${what}, as JSON. GitHub: owner, repository, path, getOptions, tokenInfo. Git: repository, getOptions. HTTP: url. S3: path, the URL of an object or a prefix.`,
      displayType: 'textarea',
    },
  }
}

/** `True` or `False`, as AWS's documents of this kind have it. */
export function flag(description: string) {
  return {
    type: 'String',
    description: `(Optional) ${description}`,
    allowedValues: ['True', 'False'],
    default: 'False',
  }
}

export const TIMEOUT_SECONDS = {
  ...SCRIPT_PARAMETERS.executionTimeout,
  allowedPattern: `^(${SCRIPT_PARAMETERS.executionTimeout.allowedPattern})$`,
}

/** As what the state of the node is reported. */
export function complianceParameters(type: string, severity: string) {
  return {
    ComplianceSeverity: {
      type: 'String',
      description: '(Optional) How much it matters that a resource is not in its state. None reports nothing.',
      allowedValues: ['None', 'Critical', 'High', 'Medium', 'Low', 'Informational', 'Unspecified'],
      default: severity,
    },
    ComplianceType: {
      type: 'String',
      description:
        '(Optional) The compliance type of the report. Association leaves it to the status of the association.',
      allowedPattern: '^(Association|Custom:[a-zA-Z0-9_-]\\w{1,92})$',
      default: type,
    },
  }
}
