export const dataSyncs = {
  title: 'Data syncs',
  description:
    'A data sync keeps files in a bucket that say what your nodes are and how they comply, for Athena, DuckDB, Spark or jq.',
  create: 'Create data sync',
  columns: {
    name: 'Name',
    status: 'Status',
    where: 'Destination',
    looked: 'Last looked',
    complete: 'Last complete',
    message: 'Message',
    created: 'Created',
    acts: 'Actions',
  },
  statuses: { InProgress: 'In progress', Successful: 'Successful', Failed: 'Failed' } as Readonly<
    Record<string, string>
  >,
  nothingToCopy: 'All Regions of this installation',
  empty: {
    title: 'No data syncs',
    body: 'One writes an object for each type of each node, and later what changes, within about a minute.',
  },
  form: {
    name: 'Name',
    nameHint: 'Up to 64 letters, digits and other marks.',
    bucket: 'Bucket',
    bucketHint: 'Of this installation, or of the service that STEWARD_S3_URL names.',
    prefix: 'Prefix',
    prefixHint: 'Objects are put under it. May be left empty.',
    region: 'Region',
    regionHint: 'The one of the bucket.',
    key: 'Key for encryption',
    keyHint: 'ARN of a KMS key. May be left empty.',
  },
  created: (name: string) => `${name} was created. It begins to write now.`,
  remove: {
    act: 'Delete',
    title: (name: string) => `Delete data sync ${name}`,
    body: 'Nothing is written any more. All that is in the bucket stays there.',
    done: (name: string) => `${name} was deleted.`,
  },
}
