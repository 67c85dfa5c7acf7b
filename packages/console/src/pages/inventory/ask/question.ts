/** What is asked of whom: in the form, in the address, as a request, and as words for a terminal. */
import type { Command, SendCommandRequest } from '@aws-sdk/client-ssm'
import { shellWords } from '#components/shell-words.ts'
import { askTexts as texts } from '#texts/inventory-ask.ts'
import {
  formFromCommand,
  formFromSearch,
  hasTargets,
  MOST_NODES,
  type RunForm,
  searchOf,
  targetsOf,
} from '../../commands/run/run-form.ts'

export const DOCUMENT = 'Steward-LiveQuery'

export type Fact = keyof typeof texts.facts
export const FACTS = Object.keys(texts.facts) as Fact[]

export interface Question {
  readonly fact: Fact
  readonly path: string
  readonly whom: RunForm
}

export function questionFromSearch(search: URLSearchParams): Question {
  return { fact: toFact(search.get('fact')), path: search.get('path') ?? '', whom: formFromSearch(search) }
}

export function searchFromQuestion({ fact, path, whom }: Question): URLSearchParams {
  const search = searchOf({ ...whom, document: '' })
  search.set('fact', fact)
  if (path) search.set('path', path)
  return search
}

/** As it was asked. */
export function questionFromCommand(command: Command): Question {
  const { Fact: [fact] = [], Path: [path = ''] = [] } = command.Parameters ?? {}
  return { fact: toFact(fact), path, whom: formFromCommand(command) }
}

function toFact(text: string | null | undefined): Fact {
  return FACTS.find((fact) => fact === text) ?? 'processes'
}

/** The same as `steward ask` sends: all at once, and no node holds up another. */
export function requestFor({ fact, path, whom }: Question): SendCommandRequest {
  return {
    DocumentName: DOCUMENT,
    ...targetsOf(whom),
    Parameters: { Fact: [fact], ...(fact === 'file-hash' && { Path: [path] }) },
    MaxConcurrency: '100%',
    MaxErrors: '100%',
    TimeoutSeconds: 30,
  }
}

export function askCommand({ fact, path, whom }: Question): string {
  const { InstanceIds = [], Targets = [] } = targetsOf(whom)
  return shellWords(
    ...['npx', 'steward', 'ask', fact],
    ...(fact === 'file-hash' ? ['--path', path] : []),
    ...(InstanceIds.length > 0 ? ['--nodes', InstanceIds.join()] : []),
    ...Targets.flatMap(({ Key, Values = [] }) => ['--targets', `${Key}=${Values.join()}`]),
  )
}

export interface Faults {
  readonly path?: string | undefined
  readonly whom?: string | undefined
}

export function faultsOf({ fact, path, whom }: Question): Faults {
  return {
    path: fact === 'file-hash' && !path.startsWith('/') ? texts.pathFault : undefined,
    whom: hasTargets(whom) ? tooMany(whom) : texts.missing,
  }
}

function tooMany({ kind, nodes }: RunForm): string | undefined {
  return kind === 'nodes' && nodes.length > MOST_NODES ? texts.tooMany(MOST_NODES) : undefined
}
