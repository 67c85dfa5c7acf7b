/** Ansible: `ANSIBLE_STDOUT_CALLBACK=json ansible-playbook --check …`. A task that would change something is not compliant. */
import { dateOf, type Finding, NotSuchReport, type ToolReport } from '../finding.ts'

interface Outcome {
  readonly changed?: boolean
  readonly failed?: boolean
  readonly unreachable?: boolean
  readonly skipped?: boolean
  readonly msg?: unknown
}

interface Play {
  readonly play?: { readonly name?: string; readonly duration?: { readonly start?: string } }
  readonly tasks?: readonly { readonly task?: { readonly name?: string }; readonly hosts?: Record<string, Outcome> }[]
}

/** `host` is one of the inventory; undefined: the only one. */
export function fromAnsible(report: object, host: string | undefined): ToolReport {
  const { plays } = report as { plays?: readonly Play[] }
  if (!plays?.flatMap) throw new NotSuchReport('It has no plays.')
  const steps = plays.flatMap(({ play, tasks = [] }: Play) =>
    tasks.map(({ task, hosts = {} }) => ({ name: `${play?.name ?? 'play'} / ${task?.name ?? 'task'}`, hosts })),
  )
  const known = [...new Set(steps.flatMap(({ hosts }) => Object.keys(hosts)))]
  const wanted = host ?? known[0]
  if (host === undefined && known.length > 1)
    throw new NotSuchReport(`It is about ${known.join(', ')}: choose one with --host.`)
  if (wanted !== undefined && !known.includes(wanted))
    throw new NotSuchReport(`It is not about ${wanted}, but about ${known.join(', ')}.`)
  const own = steps.flatMap(({ name, hosts }) =>
    wanted !== undefined && hosts[wanted] ? [{ name, outcome: hosts[wanted] }] : [],
  )
  const judged = own.filter(({ outcome }) => !outcome.skipped)
  return {
    type: 'Custom:Ansible',
    at: dateOf(plays[0]?.play?.duration?.start),
    findings: judged.map(({ name, outcome }) => toFinding(name, outcome)),
    leftOut: own.length - judged.length,
  }
}

function toFinding(name: string, { changed, failed, unreachable, msg }: Outcome): Finding {
  const drifted = Boolean(changed || failed || unreachable)
  const why = failed || unreachable ? String(msg ?? 'failed') : 'would change'
  return { id: name, title: name, compliant: !drifted, severity: undefined, text: drifted ? why : undefined }
}
