const listed = (words: readonly string[]) => new Intl.ListFormat('en').format(words)

/** Of the simulator: questions and their answers. */
export const deciding = {
  simulator: {
    question: 'Question',
    hint: 'Decided by the function that decides real requests, on the policies as they are now.',
    principal: 'Who',
    rootHint: 'The root may do everything; there is nothing to ask. Choose a user, a group or a role.',
    resourcesHint: 'None: any resource.',
    context: 'What else is known of the request',
    addContext: 'Add condition key',
    noContext: 'Time, Region and transport are known; add what else policies ask for.',
    ask: 'Ask',
  },
  decision: {
    allowed: 'Allowed',
    refused: 'Refused',
    anyResource: 'On any resource',
    allowedBy: 'This statement allows it:',
    allowedBySeveral: 'These statements allow it:',
    deniedBy: 'This statement denies it, whatever else allows it:',
    deniedBySeveral: 'These statements deny it, whatever else allows it:',
    outsideBoundary: 'Its policies allow it, but its permissions boundary does not.',
    nothingAllows: 'No statement of its policies allows it.',
    missing: (keys: readonly string[]) =>
      `Its policies also ask for ${listed(keys)}, which a real request might have. Add them above to know.`,
    place: (policy: string, kind: string, line: number) => `${policy} (${kind}), line ${line}`,
    policyKinds: {
      user: 'inline policy of the user',
      group: 'inline policy of a group',
      role: 'inline policy of the role',
      'aws-managed': 'AWS managed',
      'user-managed': 'customer managed',
      resource: 'policy of the resource',
    },
  },
}
