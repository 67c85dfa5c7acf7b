export interface TagTables {
  taggable: TaggableTable & { was_tagged: 0 | 1 }
  tag: TagTable
}

/** A resource that exists and may carry tags. Written by the capability that owns the resource. */
export interface TaggableTable {
  account: string
  region: string
  resource_type: string
  resource_id: string
}

export interface TagTable extends TaggableTable {
  key: string
  value: string
}
