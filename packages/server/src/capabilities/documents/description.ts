import type {
  AttachmentInformation,
  DocumentDescription,
  DocumentIdentifier,
  DocumentVersionInfo,
  Tag,
} from '@steward/model/generated/ssm.ts'
import type { Scope } from '#kernel/scope.ts'
import { type Document, type Found, shownName, type VersionSummary } from './document-version.ts'
import { defaultText, type ParameterDeclaration } from './parameter-declaration.ts'
import { parsedContent } from './parsed-content.ts'

// The shapes in which the API shows documents. Members that have no value are left out, as AWS does.

/** A version as `CreateDocument`, `UpdateDocument` and `DescribeDocument` show it, as far as all three agree. */
export function toDescription(scope: Scope, { document, version }: Found, tags: Tag[]): DocumentDescription {
  const { description, parameters } = parsedContent(document.type, version).content
  return {
    ...common(scope, document, version),
    Hash: version.hash,
    HashType: 'Sha256',
    Status: 'Active',
    Description: description,
    Parameters: parameters?.map(toParameter),
    LatestVersion: String(document.latestVersion),
    DefaultVersion: String(document.defaultVersion),
    Tags: tags,
  }
}

/** What is attached to a version, as far as descriptions tell. */
export function toInformation(attachments: readonly { readonly name: string }[]): AttachmentInformation[] | undefined {
  return attachments.length > 0 ? attachments.map(({ name }) => ({ Name: name })) : undefined
}

/** A document as `ListDocuments` shows it. */
export function toIdentifier(
  scope: Scope,
  { document, version }: { document: Document; version: VersionSummary },
  tags: Tag[],
): DocumentIdentifier {
  return { ...common(scope, document, version), Tags: tags }
}

function common(scope: Scope, document: Document, version: VersionSummary): DocumentIdentifier {
  return {
    Name: shownName(scope, document),
    DisplayName: version.displayName,
    VersionName: version.versionName,
    Owner: document.scope.account,
    CreatedDate: version.createdAt,
    DocumentVersion: String(version.number),
    PlatformTypes: [...version.platformTypes],
    DocumentType: document.type,
    SchemaVersion: version.schemaVersion,
    DocumentFormat: version.format,
    TargetType: version.targetType,
    Requires: version.requires && [...version.requires],
    ReviewStatus: version.reviewStatus,
    Author: version.reviewStatus && version.author,
  }
}

/** A version as `ListDocumentVersions` shows it. */
export function toVersionInfo(scope: Scope, document: Document, version: VersionSummary): DocumentVersionInfo {
  return {
    Name: shownName(scope, document),
    DisplayName: version.displayName,
    DocumentVersion: String(version.number),
    VersionName: version.versionName,
    CreatedDate: version.createdAt,
    IsDefaultVersion: version.number === document.defaultVersion,
    DocumentFormat: version.format,
    Status: 'Active',
    ReviewStatus: version.reviewStatus,
  }
}

function toParameter(declaration: ParameterDeclaration) {
  return {
    Name: declaration.name,
    // Automation documents also have types that the model does not list.
    Type: declaration.type as 'String',
    Description: declaration.description,
    DefaultValue: defaultText(declaration),
  }
}
