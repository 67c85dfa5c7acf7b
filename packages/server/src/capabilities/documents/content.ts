import { positionAt } from '#kernel/text-position.ts'
import { automationContent } from './automation-content.ts'
import { commandContent, type Step } from './command-content.ts'
import {
  type DocumentFormat,
  type DocumentType,
  hasSchemaVersion,
  requireContentSize,
  requireSchemaVersion,
} from './document.ts'
import {
  configurationFormatNotSupported,
  configurationSchemaMustBeClosed,
  configurationSchemaMustBeJson,
  formatNotSupported,
  invalidInDocument,
  missingInDocument,
  missingRequiredProperties,
  notWellFormed,
  textFormatInvalid,
} from './errors.ts'
import { readJson, writeJson, writePrettyJson } from './json-text.ts'
import type { ParameterDeclaration } from './parameter-declaration.ts'
import { PLATFORM_TYPES, type PlatformType } from './plugins.ts'
import { sessionContent } from './session-content.ts'
import { isMap, type ReadText, type Tree, type TreeMap } from './tree.ts'
import { readYaml, writeYaml } from './yaml-text.ts'

/** What the server needs to know of a checked content. */
export interface DocumentContent {
  /** Empty for types whose content has none. */
  readonly schemaVersion: string
  readonly description: string | undefined
  /** In the order of the document; undefined when it has no `parameters`. */
  readonly parameters: readonly ParameterDeclaration[] | undefined
  readonly platformTypes: readonly PlatformType[]
  /** What reports for itself when the document runs; only Command and Policy documents have any. */
  readonly steps: readonly Step[]
}

/** Reads and checks a content of a type; refuses it with AWS's error and, where it can, the place (DOC-04 … DOC-12a). */
export function documentContent(type: DocumentType, format: DocumentFormat, content: string): DocumentContent {
  requireContentSize(content)
  requireFormat(type, format)
  if (format !== 'JSON') requireNoNul(format, content)
  if (format === 'TEXT') return textContent(content)
  const text = read(format, content)
  const root = text.root
  if (!isMap(root)) {
    if (hasSchemaVersion(type)) throw notWellFormed(format, { line: 1, column: 1 })
    return { ...NOTHING, schemaVersion: '' }
  }
  const schemaVersion = schemaVersionOf(type, root)
  const particulars = contentOf(type, schemaVersion, root, text)
  // Recorded: what configurations and their kin say of themselves is theirs alone and does not show.
  if (OPAQUE.includes(type)) return { ...NOTHING, schemaVersion: '' }
  return { ...NOTHING, schemaVersion, description: descriptionOf(root), ...particulars }
}

const OPAQUE: readonly DocumentType[] = [
  'ApplicationConfiguration',
  'ApplicationConfigurationSchema',
  'DeploymentStrategy',
]

const NOTHING = { description: undefined, parameters: undefined, platformTypes: [], steps: [] } as const

function contentOf(type: DocumentType, schemaVersion: string, root: TreeMap, text: ReadText): Partial<DocumentContent> {
  switch (type) {
    case 'Command':
    case 'Policy':
      return commandContent(type, schemaVersion, root, text)
    case 'Automation':
    case 'Automation.ChangeTemplate':
      return { parameters: automationContent(type, root, text), platformTypes: PLATFORM_TYPES }
    case 'Session':
      return { parameters: sessionContent(root, text), platformTypes: PLATFORM_TYPES }
    case 'Package':
      return { platformTypes: packagePlatforms(root) }
    case 'ApplicationConfigurationSchema':
      if (root.get('additionalProperties') !== false) throw configurationSchemaMustBeClosed()
      return {}
    case 'CloudFormation':
      requireMembers(root, ['schemaVersion', 'templateBody'])
      return {}
    default:
      return {}
  }
}

function requireFormat(type: DocumentType, format: DocumentFormat): void {
  if (type === 'ChangeCalendar') {
    if (format !== 'TEXT') throw formatNotSupported(format)
  } else if (type === 'ApplicationConfigurationSchema') {
    if (format !== 'JSON') throw configurationSchemaMustBeJson(format)
  } else if (format === 'TEXT') {
    throw type === 'ApplicationConfiguration' ? configurationFormatNotSupported(format) : textFormatInvalid()
  }
}

/** What cannot stand in JSON anyway, PostgreSQL cannot store in any other format. */
function requireNoNul(format: 'YAML' | 'TEXT', content: string): void {
  const at = content.indexOf('\0')
  if (at >= 0) throw notWellFormed(format, positionAt(content, at))
}

function textContent(content: string): DocumentContent {
  if (!/^\s*BEGIN:VCALENDAR\s/.test(content)) throw invalidInDocument('VCALENDAR')
  return { ...NOTHING, schemaVersion: '' }
}

function read(format: 'JSON' | 'YAML', content: string): ReadText {
  return format === 'JSON' ? readJson(content) : readYaml(content)
}

function schemaVersionOf(type: DocumentType, root: TreeMap): string {
  const value = root.get('schemaVersion')
  const version = typeof value === 'string' || typeof value === 'number' ? versionText(value) : ''
  if (version === '' && hasSchemaVersion(type)) throw missingInDocument('schemaVersion')
  requireSchemaVersion(type, version)
  return version
}

function descriptionOf(root: TreeMap): string | undefined {
  const value = root.get('description')
  return typeof value === 'string' ? value : undefined
}

/** A package's manifest lists its operating systems; all but Windows and macOS are kinds of Linux. */
function packagePlatforms(root: TreeMap): PlatformType[] {
  for (const property of ['packages', 'files']) if (!isMap(root.get(property))) throw missingInDocument(property)
  const systems = [...(root.get('packages') as TreeMap).keys()].map((name) => name.toLowerCase())
  const platforms = new Set(systems.map((name) => ({ windows: 'Windows', macos: 'MacOS' })[name] ?? 'Linux'))
  return PLATFORM_TYPES.filter((platform) => platforms.has(platform))
}

function requireMembers(root: TreeMap, members: readonly string[]): void {
  const missing = members.filter((member) => !root.has(member))
  if (missing.length > 0) throw missingRequiredProperties(missing)
}

// ---------------------------------------------------------------------------------------------------------------------
// Other forms of the same content

/** The content in the asked format; in its own format it is the very text that was submitted (DOC-02, DOC-13). */
export function convertContent(content: string, from: DocumentFormat, to: DocumentFormat): string {
  if (from === to) return content
  if (from === 'TEXT' || to === 'TEXT') throw formatNotSupported(to)
  const { root } = read(from, content)
  return to === 'YAML' ? writeYaml(root) : writePrettyJson(root)
}

/**
 * The content as a JSON object for agents. They read `schemaVersion` and `allowedValues` as strings and refuse the whole
 * document otherwise, while authors may write them as numbers and booleans.
 */
export function agentContent(content: string, format: 'JSON' | 'YAML'): string {
  const { root } = read(format, content)
  if (!isMap(root)) return writeJson(root)
  const version = root.get('schemaVersion')
  if (version !== undefined) root.set('schemaVersion', versionText(version))
  const parameters = root.get('parameters')
  if (isMap(parameters)) for (const parameter of parameters.values()) allowedValuesAsText(parameter)
  return writeJson(root)
}

function allowedValuesAsText(parameter: Tree): void {
  if (!isMap(parameter)) return
  const values = parameter.get('allowedValues')
  if (Array.isArray(values)) parameter.set('allowedValues', values.map(text))
}

/** YAML authors forget the quotes: 2.2 then is a number, and so is 2.0. */
function versionText(tree: Tree): string {
  return typeof tree === 'number' && Number.isInteger(tree) ? tree.toFixed(1) : text(tree)
}

function text(tree: Tree): string {
  return typeof tree === 'string' ? tree : writeJson(tree)
}
