/** Of the list of who is signed in. */
export const signedIn = {
  find: 'Find people',
  empty: 'Nobody is signed in',
  who: 'Who',
  root: 'root',
  method: 'By',
  methods: { Password: 'Password', OneTimeLink: 'One-time link', SingleSignOn: 'Single sign-on' },
  from: 'From',
  since: 'Since',
  idle: 'If idle, until',
  ends: 'Ends',
  you: 'You',
  end: 'Sign out',
  endOf: (who: string) => `Sign out ${who}`,
  endTitle: (who: string) => `Sign out ${who}?`,
  endHint:
    'The next thing they do in that console is refused, and so are the roles that they assumed there. What they began goes on, and they may sign in anew.',
  ended: (who: string) => `${who} is signed out.`,
}
