import type { AuditResource } from '@steward/model/generated/steward.ts'
import { ConsoleLink } from '#components/console-link.tsx'

/** Where the console shows what records name. */
const PAGES: Readonly<Record<string, (name: string) => string>> = {
  'AWS::SSM::Command': (id) => `/commands/${id}`,
  'AWS::SSM::Session': (id) => `/sessions/${encodeURIComponent(id)}`,
  'AWS::SSM::ManagedInstance': (id) => `/nodes/${id}`,
  'AWS::SSM::Document': (name) => `/documents/show?${new URLSearchParams({ name })}`,
  'AWS::SSM::Parameter': (name) => `/parameters/show?${new URLSearchParams({ name })}`,
  'AWS::KMS::Key': (key) => `/keys/show?${new URLSearchParams({ key })}`,
  'AWS::IAM::User': (name) => `/access/user?${lastPart(name)}`,
  'AWS::IAM::Group': (name) => `/access/group?${lastPart(name)}`,
  'AWS::IAM::Role': (name) => `/access/role?${lastPart(name)}`,
  'AWS::Events::Rule': (name) => `/events/rule?${lastPart(name)}`,
}

/** Without the path before it. */
function lastPart(name: string): URLSearchParams {
  return new URLSearchParams({ name: name.split('/').at(-1)! })
}

/** A resource of a record; a link, if the console has a page for it. */
export function ResourceLink({ resource: { Type = '', Name = '', Arn } }: { resource: AuditResource }) {
  const page = PAGES[Type]
  return <span title={Arn}>{page ? <ConsoleLink to={page(Name)}>{Name}</ConsoleLink> : Name}</span>
}
