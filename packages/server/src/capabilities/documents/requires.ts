import type { DocumentRequires } from '@steward/model/generated/ssm.ts'
import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { type DocumentType, documentReference, wantedVersion } from './document.ts'
import { type DocumentVersion, type Found, shownName } from './document-version.ts'
import {
  requiredDocumentDoesNotExist,
  requiredSchemaHasChanged,
  requiredVersionIsInvalid,
  requiresIsEmpty,
  requiresItself,
  requiresMemberNotSupported,
  requiresMoreThanOne,
  requiresWrongType,
} from './errors.ts'
import { lookUp } from './look-up.ts'

/** Checks what a new document requires, and answers it as it is stored and shown (DOC-19). */
export async function checkedRequires(
  reader: Reader,
  scope: Scope,
  { Name: name, Requires: requires }: { Name: string; Requires?: readonly DocumentRequires[] | undefined },
  type: DocumentType,
): Promise<readonly DocumentRequires[] | undefined> {
  if (type === 'ApplicationConfiguration') return [await pinnedSchema(reader, scope, requires ?? [])]
  // Recorded: what a schema requires is accepted and forgotten.
  if (type === 'ApplicationConfigurationSchema') return requires && []
  for (const one of requires ?? []) await requireNoCycle(reader, scope, name, one)
  return requires
}

/** The one schema that a configuration must have, pinned to the version that is meant now. */
async function pinnedSchema(
  reader: Reader,
  scope: Scope,
  requires: readonly DocumentRequires[],
): Promise<DocumentRequires> {
  const [schema, second] = requires
  if (!schema) throw requiresIsEmpty()
  if (second) throw requiresMoreThanOne()
  if (schema.VersionName !== undefined) throw requiresMemberNotSupported('VersionName')
  if (schema.RequireType !== undefined) throw requiresMemberNotSupported('RequireType')
  const { document, version } = await required(reader, scope, schema)
  if (document.type !== 'ApplicationConfigurationSchema') throw requiresWrongType(schema.Name, document.type)
  return { Name: shownName(scope, document), Version: String(version.number) }
}

/** Refuses to update a configuration whose schema is gone or was made anew since (recorded). */
export async function requireSchemaUnchanged(reader: Reader, scope: Scope, latest: DocumentVersion): Promise<void> {
  for (const schema of latest.requires ?? []) {
    const { version } = await required(reader, scope, schema)
    if (version.createdAt > latest.createdAt) throw requiredSchemaHasChanged(schema.Name)
  }
}

/** A document that was deleted may still be required, so making it anew can close a circle. */
async function requireNoCycle(reader: Reader, scope: Scope, name: string, first: DocumentRequires): Promise<void> {
  const seen = new Set<string>()
  const open = [await required(reader, scope, first)]
  for (let found = open.pop(); found; found = open.pop()) {
    for (const next of found.version.requires ?? []) {
      if (documentReference(next.Name).name === name) throw requiresItself(name)
      if (seen.has(next.Name)) continue
      seen.add(next.Name)
      const { document, version } = await lookUp(reader, scope, next.Name, wanted(next))
      if (version) open.push({ document, version })
    }
  }
}

async function required(reader: Reader, scope: Scope, one: DocumentRequires): Promise<Found> {
  const { document, version } = await lookUp(reader, scope, one.Name, wanted(one))
  if (!document) throw requiredDocumentDoesNotExist(one.Name)
  if (!version) throw requiredVersionIsInvalid(one.VersionName ?? one.Version ?? '$DEFAULT', document.latestVersion)
  return { document, version }
}

function wanted({ Version, VersionName }: DocumentRequires) {
  return wantedVersion({ DocumentVersion: Version, VersionName })
}
