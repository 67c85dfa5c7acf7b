/** JSON Schemas of documents, for each type and schema version that can be written in an editor. */
import { ACTIONS } from './actions.ts'
import type { JsonSchema } from './json-schema.ts'
import { PLUGINS, type Plugin } from './plugins.ts'
import { SESSION_MEMBERS } from './session-members.ts'

/** Schema versions by type of document; the one to prefer comes last. */
export const SCHEMA_VERSIONS: Readonly<Record<string, readonly string[]>> = {
  Command: ['1.2', '2.0', '2.2'],
  Policy: ['2.0', '2.2'],
  Automation: ['0.3'],
  'Automation.ChangeTemplate': ['0.3'],
  Session: ['1.0'],
}

/** What a document has beside version, description and parameters. */
interface Members {
  readonly properties: { readonly [name: string]: JsonSchema }
  readonly required: readonly string[]
}

/** The schema of a type of document in a schema version, or in the one to prefer. Undefined if there is none. */
export function documentSchema(type: string, schemaVersion?: string): JsonSchema | undefined {
  const versions = SCHEMA_VERSIONS[type] ?? []
  const version = schemaVersion ?? versions.at(-1)
  if (version === undefined || !versions.includes(version)) return undefined
  const { properties, required } = membersOf(type, version)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `${type} document, schema version ${version}`,
    type: 'object',
    properties: {
      schemaVersion: {
        type: ['string', 'number'],
        enum: versions,
        description: 'Version of the form of the document.',
      },
      description: { type: 'string', description: 'What the document is for, in Markdown.' },
      parameters: parameters(type),
      ...properties,
    },
    required: ['schemaVersion', ...required],
    additionalProperties: false,
  }
}

function membersOf(type: string, version: string): Members {
  if (type === 'Session') return SESSION_MEMBERS
  if (version === '0.3') return RUNBOOK_MEMBERS
  return version === '1.2' ? RUNTIME_MEMBERS : commandMembers(version)
}

// ---------------------------------------------------------------------------------------------------------------------
// Parameters

const TYPES = ['String', 'StringList', 'Integer', 'Boolean', 'MapList', 'StringMap']
const NUMBER: JsonSchema['type'] = ['integer', 'string']

function parameters(documentType: string): JsonSchema {
  const isRunbook = documentType.startsWith('Automation')
  const type: JsonSchema = isRunbook
    ? { type: 'string', pattern: `^(${TYPES.join('|')}|AWS::[\\w:]+|List<AWS::[\\w:]+>)$`, examples: TYPES }
    : { type: 'string', enum: TYPES }
  return {
    type: ['object', 'null'],
    description: 'What whoever runs the document says, by name. Steps refer to a value as `{{ name }}`.',
    propertyNames: { pattern: '^[a-zA-Z0-9]+$' },
    additionalProperties: {
      type: 'object',
      required: ['type'],
      additionalProperties: false,
      properties: {
        type: { ...type, description: 'The form of the value.' },
        description: { type: 'string', description: 'What the value is for.' },
        default: { description: 'The value if none is given. Without a default the parameter must be given.' },
        allowedValues: { type: 'array', description: 'The values that may be given.' },
        allowedPattern: { type: 'string', description: 'A regular expression that values must match.' },
        displayType: { type: 'string', enum: ['textfield', 'textarea'], description: 'How forms ask for it.' },
        minItems: { type: NUMBER, description: 'Fewest items of a list.' },
        maxItems: { type: NUMBER, description: 'Most items of a list.' },
        minChars: { type: NUMBER, description: 'Fewest characters.' },
        maxChars: { type: NUMBER, description: 'Most characters.' },
        interpolationType: {
          type: 'string',
          enum: ['RAW', 'ENV_VAR'],
          description:
            '`ENV_VAR` hands the value to scripts as the variable `SSM_name`, so that no shell reads it as code.',
        },
      },
    },
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Command documents

const STEP_NAME: JsonSchema = {
  type: 'string',
  pattern: '^[a-zA-Z0-9_]+$',
  description: 'Name of the step, unique in the document.',
}

/** What follows a step. AWS takes it on the step, too, but agents heed it among the inputs only. */
const FLOW = {
  onFailure: {
    type: 'string',
    enum: ['exit', 'successAndExit'],
    description: '`exit` ends the document, `successAndExit` ends it as a success. Otherwise the next step follows.',
  },
  onSuccess: { type: 'string', enum: ['exit'], description: '`exit` ends the document after this step.' },
  finallyStep: { type: ['boolean', 'string'], description: 'Runs in any case; the last step only.' },
} as const satisfies JsonSchema['properties']

function commandMembers(version: string): Members {
  const precondition: JsonSchema = {
    type: ['object', 'null'],
    description: 'The step is skipped where this does not hold.',
    properties: {
      StringEquals: {
        type: 'array',
        items: { type: 'string', examples: ['platformType', 'Linux', 'Windows', 'MacOS'] },
        minItems: 2,
        description: 'Two texts that must be equal: `platformType` and a platform, or a parameter and a value.',
      },
    },
    required: ['StringEquals'],
    additionalProperties: false,
  }
  const step: JsonSchema = {
    type: 'object',
    required: ['action', 'name'],
    properties: {
      action: { type: 'string', enum: Object.keys(PLUGINS), description: 'The plugin that does it.' },
      name: STEP_NAME,
      ...(version === '2.0' ? {} : { precondition }),
      inputs: { type: ['object', 'null'], description: 'What the plugin is told.' },
      settings: { description: 'Settings of the plugin.' },
      timeoutSeconds: { type: NUMBER, description: 'Seconds after which the step is ended and has failed.' },
      maxAttempts: { type: NUMBER, description: 'How often the step is tried.' },
      ...FLOW,
      isEnd: { type: ['boolean', 'string'], description: 'The last step.' },
    },
    additionalProperties: false,
    allOf: Object.entries(PLUGINS).map(([name, plugin]) => ({
      if: { properties: { action: { const: name } }, required: ['action'] },
      // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema.
      then: { properties: { action: { description: plugin.description }, inputs: inputsOf(plugin) } },
    })),
  }
  return {
    properties: {
      mainSteps: { type: 'array', minItems: 1, items: step, description: 'What is done, in this order.' },
    },
    required: ['mainSteps'],
  }
}

function inputsOf({ inputs: properties, required = [] }: Plugin): JsonSchema {
  return { properties: { ...properties, ...FLOW }, required, additionalProperties: false }
}

const RUNTIME_MEMBERS: Members = {
  properties: {
    runtimeConfig: {
      type: 'object',
      minProperties: 1,
      description: 'What is done, by plugin.',
      additionalProperties: false,
      properties: Object.fromEntries(
        Object.entries(PLUGINS).map(([name, { description }]) => [
          name,
          {
            type: 'object',
            description,
            properties: { properties: { description: 'What the plugin is told: a mapping, or a list of them.' } },
            required: ['properties'],
          } satisfies JsonSchema,
        ]),
      ),
    },
  },
  required: ['runtimeConfig'],
}

// ---------------------------------------------------------------------------------------------------------------------
// Runbooks

const RUNBOOK_STEP: JsonSchema = {
  type: 'object',
  required: ['name', 'action'],
  additionalProperties: false,
  properties: {
    name: STEP_NAME,
    action: { type: 'string', enum: Object.keys(ACTIONS), description: 'What the step does.' },
    description: { type: 'string', description: 'What the step is for.' },
    inputs: { type: ['object', 'null'], description: 'What the action is told.' },
    outputs: { type: 'array', items: { type: 'object' }, description: 'Values of the answer that later steps use.' },
    nextStep: { type: 'string', description: 'The step that follows. Otherwise the next one in the list.' },
    onFailure: { type: 'string', examples: ['Abort', 'Continue', 'step:'], description: 'What follows a failure.' },
    onCancel: { type: 'string', examples: ['Abort', 'step:'], description: 'What follows a cancellation.' },
    isEnd: { type: ['boolean', 'string'], description: 'The runbook ends after this step.' },
    isCritical: { type: ['boolean', 'string'], description: 'Whether a failure makes the whole runbook fail.' },
    maxAttempts: { type: NUMBER, description: 'How often the step is tried.' },
    timeoutSeconds: { type: NUMBER, description: 'Seconds after which the step has failed.' },
  },
  allOf: Object.entries(ACTIONS).map(([name, { description, inputs, required }]) => ({
    if: { properties: { action: { const: name } }, required: ['action'] },
    // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema.
    then: {
      properties: {
        action: { description },
        // Actions take members of the API that they call too, so others than these are fine.
        inputs: { properties: Object.fromEntries(inputs.map((input) => [input, {}])), required },
      },
    },
  })),
}

const RUNBOOK_MEMBERS: Members = {
  properties: {
    assumeRole: { type: 'string', description: 'ARN of the role with which the steps run.' },
    variables: { type: 'object', description: 'Values that steps change.' },
    mainSteps: { type: 'array', minItems: 1, items: RUNBOOK_STEP, description: 'What is done.' },
    outputs: { type: 'array', items: { type: 'string' }, description: 'What the runbook answers, as `step.output`.' },
    files: { type: 'object', description: 'Attached files.' },
  },
  required: ['mainSteps'],
}
