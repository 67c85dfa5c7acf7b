export interface PolicyTables {
  iam_policy: PolicyTable
  iam_policy_version: PolicyVersionTable
  iam_attachment: AttachmentTable
  iam_inline_policy: InlinePolicyTable
  iam_revision: RevisionTable
}

export interface RoleTables {
  iam_role: RoleTable
  iam_role_deletion: RoleDeletionTable
  iam_instance_profile: InstanceProfileTable
  iam_oidc_provider: OidcProviderTable
}

/** A managed policy of the account's own; AWS's are not stored. */
export interface PolicyTable {
  account: string
  policy_id: string
  arn: string
  name: string
  name_key: string
  path: string
  description: string | null
  /** The number of `v3`. */
  default_version: number
  last_version: number
  created_at: string
  updated_at: string
  /** JSON list of `{ Key, Value }`. */
  tags: string
}

export interface PolicyVersionTable {
  policy_id: string
  version: number
  document: string
  created_at: string
}

/** That a principal has a managed policy, as a grant or as its boundary. */
export interface AttachmentTable {
  account: string
  holder_kind: string
  holder_id: string
  usage: string
  policy_arn: string
}

export interface InlinePolicyTable {
  account: string
  holder_kind: string
  holder_id: string
  name: string
  document: string
}

/** Another value after each change of an account's IAM. */
export interface RevisionTable {
  account: string
  revision: string
}

export interface RoleTable {
  account: string
  role_id: string
  arn: string
  name: string
  name_key: string
  path: string
  trust: string
  /** JSON: ids by ARN. */
  trusted_ids: string
  description: string | null
  max_session_seconds: number
  created_at: string
  last_used_at: string | null
  last_used_region: string | null
  tags: string
}

export interface RoleDeletionTable {
  account: string
  task_id: string
  deleted_at: string
}

export interface InstanceProfileTable {
  account: string
  profile_id: string
  arn: string
  name: string
  name_key: string
  path: string
  role_id: string | null
  created_at: string
  tags: string
}

export interface OidcProviderTable {
  account: string
  arn: string
  /** Without `https://`, as IAM shows it. */
  url: string
  /** JSON lists of text. */
  client_ids: string
  thumbprints: string
  created_at: string
  tags: string
}
