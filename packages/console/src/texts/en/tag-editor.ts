const count = (number: number) => number.toLocaleString('en')
const plural = (number: number, one: string, many: string) => `${count(number)} ${number === 1 ? one : many}`

export const title = 'Tag editor'

export const tagEditor = {
  title,
  description: 'Find resources of every type by their tags, and change the tags of many at once.',
  find: 'What to look for',
  found: 'Resources',
  refused: (arn: string, message: string) => `${arn}: ${message}`,
  first: (shown: number) => `The first ${count(shown)} are shown. There are more: narrow by type or tag.`,
  columns: { type: 'Type', tags: 'Tags', arn: 'ARN' },
  empty: 'Nothing carries such tags',
  emptyBody:
    'What never had a tag is not found here. Nodes, documents and parameters get their first on their own pages.',
  edit: 'Edit tags',
  editing: {
    title: (number: number) => `Edit the tags of ${plural(number, 'resource', 'resources')}`,
    act: 'Change tags',
    put: 'Tags that all get',
    putHint: 'A tag with the same key gets the new value.',
    add: 'Add tag',
    remove: 'Remove',
    key: 'Key',
    value: 'Value',
    nothing: 'No new tags.',
    removed: 'Tags that all lose',
    removedNone: 'None',
    preview: 'What changes',
    same: 'Nothing changes.',
    gets: (key: string, value: string, number: number) =>
      `${key} = ${value || '(empty)'}: new on ${plural(number, 'resource', 'resources')}`,
    overwrites: (key: string, value: string, number: number) =>
      `${key} = ${value || '(empty)'}: another value than before on ${plural(number, 'resource', 'resources')}`,
    loses: (key: string, number: number) => `${key}: taken off ${plural(number, 'resource', 'resources')}`,
    done: (number: number) => `Changed the tags of ${plural(number, 'resource', 'resources')}.`,
  },
}
