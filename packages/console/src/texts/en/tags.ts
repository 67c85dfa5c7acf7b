export const tagTexts = {
  title: 'Tags',
  manage: 'Manage tags',
  manageTitle: (of: string) => `Tags of ${of}`,
  save: 'Save tags',
  saved: 'The tags are saved.',
  none: 'No tags',
  noneHint: 'Tags are pairs of words by which things are found, grouped and permitted.',
  remove: 'Remove',
  use: (text: string) => `Use “${text}”`,
}
