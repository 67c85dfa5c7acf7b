/** Why running work is asked to end: somebody cancelled the command. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled'
}

/**
 * Why running work is left alone: the agent itself goes away. Scripts go on without it, nothing more is recorded, and
 * the next agent on the state directory takes over.
 */
export class Detached extends Error {
  override readonly name = 'Detached'
}
