import { type Command, SendCommandCommand } from '@aws-sdk/client-ssm'
import Alert from '@cloudscape-design/components/alert'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useEffect, useState } from 'react'
import { useSearchParams } from 'wouter'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { CliCommand } from '#components/cli-command.tsx'
import { Failed } from '#components/failed.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { inventory } from '#texts/inventory.ts'
import { askTexts as texts } from '#texts/inventory-ask.ts'
import { useSettled } from '../../commands/run/use-settled.ts'
import { useCommand } from '../../commands/use-command.ts'
import { Answers } from './answers.tsx'
import {
  askCommand,
  faultsOf,
  type Question,
  questionFromCommand,
  questionFromSearch,
  requestFor,
  searchFromQuestion,
} from './question.ts'
import { QuestionForm } from './question-form.tsx'

const ABOVE = [{ text: inventory.title, to: '/inventory' }]

/**
 * Asks nodes for a fact. The address has the question until it is asked, and then the command that asks, by which the answers are found
 * again.
 */
export function AskPage() {
  const [search, setSearch] = useSearchParams()
  const id = search.get('command')
  const [question, setQuestion] = useState(() => questionFromSearch(search))
  const [tried, setTried] = useState(false)
  const change = (part: Partial<Question>) => setQuestion((last) => ({ ...last, ...part }))
  const faults = faultsOf(question)

  const address = useSettled(searchFromQuestion(question).toString())
  useEffect(() => {
    if (!id) setSearch(new URLSearchParams(address), { replace: true })
  }, [id, address, setSearch])

  const ask = useAct(['commands'], (asked: Question) => ssm().send(new SendCommandCommand(requestFor(asked))))
  async function submit() {
    setTried(true)
    if (faults.path || faults.whom) return
    const { Command } = await ask.mutateAsync(question)
    const rows = search.get('rows')
    setSearch({ command: Command?.CommandId ?? '', ...(rows && { rows }) })
  }

  return (
    <PageFrame
      title={texts.title}
      description={texts.description}
      above={ABOVE}
      actions={<CliCommand command={askCommand(question)} />}
    >
      <SpaceBetween size="l">
        <QuestionForm
          question={question}
          faults={tried ? faults : {}}
          busy={ask.isPending}
          onChange={change}
          // What goes wrong is in `ask.error`.
          onSubmit={() => void submit().catch(() => {})}
        />
        {ask.error && <Failed error={ask.error} />}
        {id && <Asked key={id} id={id} onAsked={setQuestion} />}
      </SpaceBetween>
    </PageFrame>
  )
}

/** The answers to a question that was asked, now or long ago. */
function Asked({ id, onAsked }: { id: string; onAsked: (question: Question) => void }) {
  const read = useCommand(id)
  const known = read.data?.CommandId === id ? read.data : undefined
  useAsked(known, onAsked)
  return (
    <Loaded read={read}>
      {(command) => (command ? <Answers command={command} /> : <Alert type="warning">{texts.gone}</Alert>)}
    </Loaded>
  )
}

/** Fills the form in with what was asked, once. */
function useAsked(command: Command | undefined, onAsked: (question: Question) => void): void {
  const [told, setTold] = useState(false)
  useEffect(() => {
    if (!command || told) return
    setTold(true)
    onAsked(questionFromCommand(command))
  }, [command, told, onAsked])
}
