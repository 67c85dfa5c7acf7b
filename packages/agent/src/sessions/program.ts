import { type Stats, statSync } from 'node:fs'
import { commandAs, type User } from '#sessions/user.ts'

/** What a session starts, and how it is known later. */
export type Program = {
  command: string[]
  environment: { [name: string]: string }
  directory: string
  /** `NAME=value` in the environment of all its processes. */
  marker: string
}

const markerName = 'STEWARD_SESSION'

/** What of the agent's environment is not the user's business. */
const withheld = /^(NODE_|STEWARD_|AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$)/

/** A command as a user's program: in the user's home, with the agent's environment made the user's. */
export function programOf(user: User, sessionId: string, command: string[]): Program {
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || withheld.test(name) ? [] : [[name, value] as const],
  )
  const { name, home, shell } = user
  return {
    command: commandAs(user, command),
    environment: {
      LANG: 'C.UTF-8',
      ...Object.fromEntries(inherited),
      TERM: 'xterm-256color',
      HOME: home,
      USER: name,
      LOGNAME: name,
      SHELL: shell,
      [markerName]: sessionId,
    },
    directory: lookAt(home)?.isDirectory() ? home : '/',
    marker: `${markerName}=${sessionId}`,
  }
}

/** What is at a path; undefined where there is nothing, or nothing that may be seen. */
export function lookAt(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}
