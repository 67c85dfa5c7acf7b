export const principalTexts = {
  users: 'Users',
  groups: 'Groups',
  roles: 'Roles',
  hint: 'A user, a role, or an ARN',
  hintWithGroups: 'A user, a group, a role, or an ARN',
  use: (word: string) => `Use ${word}`,
  none: 'Nobody known like that',
}
