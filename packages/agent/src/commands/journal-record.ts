import type { ResultStatus, StepResult } from '@steward/protocol'

/**
 * How a script ended. Without an exit code it was `killed` by somebody else under the agent's eyes, or is `lost`: it
 * vanished while no agent watched.
 */
export type ScriptEnd =
  | { kind: 'exited'; code: number }
  | { kind: 'timedOut' }
  | { kind: 'cancelled' }
  | { kind: 'killed' }
  | { kind: 'lost' }
  | { kind: 'notStarted'; reason: string }

/** One run of a script, written before it begins; the optional members come from later records about the same run. */
export type ScriptRecord = {
  type: 'script'
  key: string
  run: number
  boot: string
  /** When it times out, in milliseconds since 1970. */
  deadline: number
  /** Where its output begins in the step's files. */
  stdoutFrom: number
  stderrFrom: number
  killed?: ScriptEnd
  end?: ScriptEnd
  stdoutTo?: number
  stderrTo?: number
  /** It ended with a reboot, after which the script runs again. */
  spent?: boolean
}

export type StoredParameter = { name: string; type: string; value: string; version: number }

/** What happened to a command, in order. Times are ISO text; `replyId` is the message id of the reply about it. */
export type JournalRecord =
  | { type: 'accepted'; jobId: string; topic: string; content: string; order: number; at: string }
  | { type: 'began'; replyId: string; at: string }
  | { type: 'parameters'; values: { [reference: string]: StoredParameter } }
  | { type: 'stepBegan'; step: number; at: string }
  | ScriptRecord
  | { type: 'scriptKilled'; key: string; run: number; end: ScriptEnd }
  | { type: 'scriptEnded'; key: string; run: number; end: ScriptEnd; stdoutTo: number; stderrTo: number }
  | { type: 'stepEnded'; step: number; name: string; result: StepResult; replyId: string; at: string }
  /** `boot`: in which boot of the machine its restart was asked for. */
  | { type: 'rebooting'; step: number; boot?: string; replyId: string; at: string }
  | { type: 'cancelled'; at: string }
  | { type: 'finished'; status: ResultStatus; trace: string; steps: readonly number[]; replyId: string; at: string }
  | { type: 'acknowledged'; replyId: string }

/** What the script runner needs of a command's journal. */
export type ScriptJournal = {
  /** The last run of the script with that key. */
  script(key: string): ScriptRecord | undefined
  /** Whether a script whose key begins so may be running. */
  mayRun(keys: string): boolean
  append(record: JournalRecord, durable?: 'durable'): Promise<void>
}

/** Scripts of a step have keys that begin with the step's number and a dot. */
export function scriptKey(step: number, ...path: (string | number)[]): string {
  return [step, ...path].join('.')
}

/** What a command's records add up to. */
export type CommandState = {
  accepted: Extract<JournalRecord, { type: 'accepted' }> | undefined
  began: Extract<JournalRecord, { type: 'began' }> | undefined
  parameters: { [reference: string]: StoredParameter }
  stepBegan: Map<number, string>
  stepEnded: Map<number, Extract<JournalRecord, { type: 'stepEnded' }>>
  scripts: Map<string, ScriptRecord>
  reboots: number
  /** The step that asked for the last restart and has not ended since: what it had come to, and in which boot. */
  rebooting: { step: number; boot: string | undefined; result: StepResult } | undefined
  cancelled: boolean
  finished: Extract<JournalRecord, { type: 'finished' }> | undefined
  /** Records that a reply tells of and the server has not acknowledged, in order. */
  unacknowledged: Map<string, JournalRecord>
}

export function emptyState(): CommandState {
  return {
    accepted: undefined,
    began: undefined,
    parameters: {},
    stepBegan: new Map(),
    stepEnded: new Map(),
    scripts: new Map(),
    reboots: 0,
    rebooting: undefined,
    cancelled: false,
    finished: undefined,
    unacknowledged: new Map(),
  }
}

/** Takes one record into the state. */
export function applyRecord(state: CommandState, record: JournalRecord): void {
  if ('replyId' in record && record.type !== 'acknowledged') state.unacknowledged.set(record.replyId, record)
  switch (record.type) {
    case 'accepted':
      state.accepted = record
      break
    case 'began':
      state.began = record
      break
    case 'parameters':
      state.parameters = { ...state.parameters, ...record.values }
      break
    case 'stepBegan':
      if (!state.stepBegan.has(record.step)) state.stepBegan.set(record.step, record.at)
      break
    case 'script':
      state.scripts.set(record.key, record)
      break
    case 'scriptKilled':
      changeScript(state, record, { killed: record.end })
      break
    case 'scriptEnded':
      changeScript(state, record, { end: record.end, stdoutTo: record.stdoutTo, stderrTo: record.stderrTo })
      break
    case 'stepEnded':
      state.stepEnded.set(record.step, record)
      state.rebooting = undefined
      break
    case 'rebooting':
      state.reboots += 1
      takeReboot(state, record)
      spendScripts(state, record.step)
      break
    case 'cancelled':
      state.cancelled = true
      break
    case 'finished':
      state.finished = record
      state.rebooting = undefined
      break
    case 'acknowledged':
      state.unacknowledged.delete(record.replyId)
      break
  }
}

/** The step has not ended after all: it runs again after the restart. */
function takeReboot(state: CommandState, { step, boot }: Extract<JournalRecord, { type: 'rebooting' }>): void {
  const ended = state.stepEnded.get(step)
  state.stepEnded.delete(step)
  state.rebooting = ended && { step, boot, result: ended.result }
}

function changeScript(state: CommandState, told: { key: string; run: number }, change: Partial<ScriptRecord>): void {
  const script = state.scripts.get(told.key)
  if (script?.run === told.run) state.scripts.set(told.key, { ...script, ...change })
}

function spendScripts(state: CommandState, step: number): void {
  for (const [key, script] of state.scripts) {
    if (key.startsWith(`${step}.`)) state.scripts.set(key, { ...script, spent: true })
  }
}
