/** What the capability that keeps sessions and the gateway that relays their data channels tell each other. */
import type { Reader, Tx } from '#db/database.ts'
import type { Scope } from '../scope.ts'
import type { NodeRef } from './channel.ts'

/** A session as the gateway needs it to relay its data channel. */
export interface RelayedSession {
  readonly scope: Scope
  readonly sessionId: string
  readonly nodeId: string
  /** ARN of the principal who started it. */
  readonly ownerArn: string
  readonly documentName: string
  readonly sessionType: 'Standard_Stream' | 'InteractiveCommands' | 'NonInteractiveCommands' | 'Port'
  /** Of a port session, what it leads to as the node sees it, such as `localhost:80`. */
  readonly destination?: string
  readonly startedAt: Date
  /** How long neither side may send anything of worth; a `Disconnected` session ends after it too. */
  readonly idleMs: number
  /** When it ends whatever happens. */
  readonly endsAt: Date | undefined
  /** Payloads are sealed between the two ends: nothing of them can be recorded. */
  readonly encrypted: boolean
  readonly policy: SessionPolicy
  /** What of the agent's output the client had acknowledged when this was last stored. */
  readonly acknowledged: AcknowledgedFrames
}

/** What a session may be used for, beyond what starting it allowed (SM-22). */
export interface SessionPolicy {
  /** Nothing that is typed reaches the node. */
  readonly readOnly: boolean
  /** Regular expressions; a line of output that matches one raises an alert, and ends the session if `endOnMatch`. */
  readonly forbiddenPatterns: readonly string[]
  readonly endOnMatch: boolean
}

/** A set of sequence numbers: all below `below`, and `above`. */
export interface AcknowledgedFrames {
  readonly below: number
  readonly above: readonly number[]
}

export type SessionSide = 'client' | 'agent' | 'viewer'

/** What the gateway sees of a session, told many at a time. */
export type SessionSighting = { readonly sessionId: string; readonly at: Date } & (
  | { readonly event: 'agent-connected' | 'agent-lost' | 'client-connected' | 'client-lost' }
  /** The node says that the shell or command ended by itself. */
  | { readonly event: 'agent-terminating' }
  | { readonly event: 'acknowledged'; readonly frames: AcknowledgedFrames }
  /** A line of output matched a forbidden pattern. */
  | { readonly event: 'forbidden'; readonly pattern: string }
  /** The gateway ended it: too long idle, too long at all, a side that never came, a forbidden pattern. */
  | { readonly event: 'ended'; readonly output: string; readonly failed: boolean }
)

export interface SessionDirectory {
  /**
   * CreateDataChannel: a one-time token for the node's side. Throws `ApiError` if the session is not this node's, or is over; the latter
   * with "Session is already terminated" in its message, at which agents give up.
   */
  admitAgent(tx: Tx, node: NodeRef, sessionId: string, now: Date): Promise<string>
  /**
   * Uses up a token that a data channel began with; undefined if it is wrong, used, too old, or of another session. `over`: the token
   * is good, but its session ended before it came; what its user is to be told.
   */
  redeem(
    tx: Tx,
    sessionId: string,
    token: string,
    now: Date,
  ): Promise<{ readonly session: RelayedSession; readonly side: SessionSide } | { readonly over: string } | undefined>
  /** Takes in what the gateway saw. Unknown sessions and late or repeated sightings are harmless. */
  seen(tx: Tx, sightings: readonly SessionSighting[]): Promise<SessionEffects>
  /** Sessions that are not over: asked once when the server starts, which has no channel of theirs yet. */
  open(reader: Reader): Promise<readonly RelayedSession[]>
}

/** What is to be done once the sightings are durable. */
export interface SessionEffects {
  /** Nodes that have something to fetch. */
  readonly wakeNodes: readonly NodeRef[]
}

/** The data channels that are open at this server. */
export interface LiveSessions {
  /** Tells the client, with this text, that its session is over, and closes its channel. Nothing if none is open. */
  end(sessionId: string, output: string): void
}

/** Takes down what a session shows, before it reaches the client. Declared by the capability that keeps recordings. */
export interface SessionRecorder {
  /** Undefined for a session that is not recorded. A session that is resumed after a restart goes on with its recording. */
  begin(session: RelayedSession): SessionRecording | undefined
  /** Resolves once all that was taken down is stored. Recordings stay open, for the next server to go on with. */
  stop(): Promise<void>
}

export interface SessionRecording {
  /**
   * Each frame of the agent, in order of their sequence numbers; one that was taken down already, perhaps before a restart, is passed
   * over. The payload is not kept: its buffer may be used again. `at` in ms since 1970.
   */
  output(sequence: number, payloadType: number, payload: Uint8Array, at: number): void
  resize(columns: number, rows: number, at: number): void
  /** Bytes of a port session. Called now and then with totals. */
  transferred(toNode: number, fromNode: number): void
  /** True while more is waiting to be stored than should: the relay reads no more from the node until `drained`. */
  readonly behind: boolean
  drained(): Promise<void>
  /** Resolves once the recording is sealed. */
  end(at: number): Promise<void>
}
