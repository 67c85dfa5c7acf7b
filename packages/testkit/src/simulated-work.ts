/**
 * What simulated nodes answer to a command. Nothing is run: of its shell lines only `echo`, `sleep` and `exit` are understood,
 * wherever they stand, which is enough to be slow, to fail and to have output. All nodes answer alike, so the texts
 * of a command's replies are made once.
 */
import {
  type AgentJob,
  formatReply,
  parseSendCommand,
  type Reply,
  type ResultStatus,
  type StepResult,
} from '@steward/protocol'

/** The contents of the replies to one command, in their order. */
export interface Answers {
  readonly accepted: string
  /** Milliseconds between the two. */
  readonly workMs: number
  /** One for each step, then the final one. */
  readonly results: readonly string[]
  /** In place of the results when the command is cancelled. */
  readonly cancelled: string
}

const REMEMBERED = 64
const AGENT = { lang: 'en-US', name: 'amazon-ssm-agent', os: 'linux', osver: '1', ver: '3.2.0.0' }

export class SimulatedWork {
  readonly #known = new Map<string, Answers>()

  /** `commandId` is that of the job. */
  answersTo(commandId: string, job: AgentJob): Answers {
    const known = this.#known.get(commandId)
    if (known) return known
    if (this.#known.size >= REMEMBERED) this.#known.delete(this.#known.keys().next().value!)
    const answers = toAnswers(job)
    this.#known.set(commandId, answers)
    return answers
  }
}

function toAnswers(job: AgentJob): Answers {
  const { documentContent, parameters } = parseSendCommand(job.content)
  const lines = [parameters.commands].flat().join('\n')
  const code = Number(/\bexit (\d+)/.exec(lines)?.[1] ?? 0)
  const output = [...lines.matchAll(/\becho (.*)/g)].map(([, text]) => `${text}\n`).join('')
  const status = code === 0 ? 'Success' : 'Failed'
  const steps = stepNames(documentContent).map((name) => [name, stepResult(status, code, output)] as const)
  return {
    accepted: reply('InProgress', {}),
    workMs: Number(/\bsleep ([\d.]+)/.exec(lines)?.[1] ?? 0) * 1000,
    results: [
      ...steps.map((step) => reply('InProgress', Object.fromEntries([step]))),
      // The last reply of a document of several steps names none of them.
      reply(status, steps.length === 1 ? Object.fromEntries(steps) : {}),
    ],
    cancelled: reply(
      'Cancelled',
      Object.fromEntries(steps.map(([name]) => [name, stepResult('Cancelled', 137, output)])),
    ),
  }
}

function stepNames({ mainSteps, runtimeConfig }: { [member: string]: unknown }): string[] {
  if (Array.isArray(mainSteps)) return mainSteps.map(({ name }) => String(name))
  return Object.keys(runtimeConfig ?? {})
}

function stepResult(status: ResultStatus, code: number, output: string): StepResult {
  const now = new Date().toISOString()
  return {
    name: 'aws:runShellScript',
    status,
    code,
    output,
    standardOutput: output,
    standardError: '',
    startDateTime: now,
    endDateTime: now,
    outputS3BucketName: '',
    outputS3KeyPrefix: '',
    stepName: '',
  }
}

function reply(documentStatus: ResultStatus, steps: Reply['steps']): string {
  const statusCounts = { [documentStatus]: Object.keys(steps).length }
  const dateTime = new Date().toISOString()
  return formatReply({ agent: AGENT, dateTime, statusCounts, documentStatus, documentTraceOutput: '', steps })
}
