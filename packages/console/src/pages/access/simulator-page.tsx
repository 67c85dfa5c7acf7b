import type { EvaluationResult } from '@aws-sdk/client-iam'
import AttributeEditor from '@cloudscape-design/components/attribute-editor'
import Autosuggest from '@cloudscape-design/components/autosuggest'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { useRead } from '#api/queries.ts'
import { signedIn } from '#api/sign-in.ts'
import { CliCommand } from '#components/cli-command.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PrincipalInput } from '#components/principal-input.tsx'
import { shellWords } from '#components/shell-words.ts'
import { access } from '#texts/access.ts'
import { AccessFrame } from './access-frame.tsx'
import { Decision } from './decision.tsx'
import { actions, keysOf, resourcesOf } from './known-actions.ts'
import { type Question, questionFrom, searchFrom, simulate, toPrincipal } from './simulation.ts'
import { Words } from './words.tsx'

const texts = access.simulator

/** Asks what a principal may do, and shows the statement that decides. The question stands in the address. */
export function SimulatorPage() {
  const [search, setSearch] = useSearchParams()
  const asked = questionFrom(search)
  return (
    <AccessFrame section="simulator">
      <SpaceBetween size="l">
        <QuestionForm key={search.toString()} asked={asked} onAsk={(question) => setSearch(searchFrom(question))} />
        {asked.principal && asked.actions.length > 0 && <Answer question={asked} />}
      </SpaceBetween>
    </AccessFrame>
  )
}

function QuestionForm({ asked, onAsk }: { asked: Question; onAsk: (question: Question) => void }) {
  const [principal, setPrincipal] = useState(toPrincipal(asked.principal))
  const [chosen, setChosen] = useState<readonly string[]>(asked.actions)
  const [resources, setResources] = useState<readonly string[]>(asked.resources)
  const [context, setContext] = useState(asked.context)
  const { account = '', region = '' } = signedIn() ?? {}
  const question = { principal, actions: chosen, resources, context }
  const isRoot = /^arn:aws:iam::\d+:root$/.test(principal)
  return (
    <Container
      header={
        <Header variant="h2" description={texts.hint} actions={<CliCommand command={commandOf(question)} />}>
          {texts.question}
        </Header>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onAsk(question)
        }}
      >
        <SpaceBetween size="m">
          <FormField label={texts.principal} warningText={isRoot && texts.rootHint} stretch>
            <PrincipalInput label={texts.principal} value={principal} onChange={setPrincipal} />
          </FormField>
          <FormField label={access.editor.actions} stretch>
            <Words
              label={access.editor.actions}
              values={chosen}
              known={actions}
              placeholder={access.editor.findActions}
              onChange={setChosen}
            />
          </FormField>
          <FormField label={access.editor.resources} description={texts.resourcesHint} stretch>
            <Words
              label={access.editor.resources}
              values={resources}
              known={resourcesOf(chosen, { account, region })}
              placeholder={access.editor.findResources}
              onChange={setResources}
            />
          </FormField>
          <ExpandableSection headerText={texts.context} variant="footer" defaultExpanded={context.length > 0}>
            <ContextRows rows={context} keys={keysOf(chosen)} onChange={setContext} />
          </ExpandableSection>
          <Button variant="primary" formAction="submit" disabled={!principal || isRoot || chosen.length === 0}>
            {texts.ask}
          </Button>
        </SpaceBetween>
      </form>
    </Container>
  )
}

type Row = Question['context'][number]

function ContextRows({
  rows,
  keys,
  onChange,
}: {
  rows: readonly Row[]
  keys: readonly string[]
  onChange: (rows: readonly Row[]) => void
}) {
  const set = (index: number, change: Partial<Row>) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...change } : row)))
  return (
    <AttributeEditor
      items={rows}
      empty={texts.noContext}
      addButtonText={texts.addContext}
      removeButtonText={access.tags.remove}
      onAddButtonClick={() => onChange([...rows, { key: '', value: '' }])}
      onRemoveButtonClick={({ detail }) => onChange(rows.toSpliced(detail.itemIndex, 1))}
      definition={[
        {
          label: access.editor.key,
          control: ({ key }, index) => (
            <Autosuggest
              value={key}
              options={keys.map((value) => ({ value }))}
              onChange={({ detail }) => set(index, { key: detail.value })}
              enteredTextLabel={access.words.use}
              ariaLabel={access.editor.key}
              expandToViewport
            />
          ),
        },
        {
          label: access.tags.value,
          control: ({ value }, index) => (
            <Input
              value={value}
              ariaLabel={access.tags.value}
              onChange={({ detail }) => set(index, { value: detail.value })}
            />
          ),
        },
      ]}
    />
  )
}

function Answer({ question }: { question: Question }) {
  const read = useRead<EvaluationResult[]>('iam', ['simulation', searchFrom(question).toString()], () =>
    simulate(question),
  )
  return (
    <Loaded read={read}>
      {(results) => (
        <SpaceBetween size="m">
          {results.flatMap((result) =>
            resultsOf(result).map((one) => (
              <Decision
                key={`${one.EvalActionName} ${one.EvalResourceName}`}
                principal={question.principal}
                result={one}
              />
            )),
          )}
        </SpaceBetween>
      )}
    </Loaded>
  )
}

/** With several resources, IAM answers one result for the action that holds one for each of them. */
function resultsOf(result: EvaluationResult): EvaluationResult[] {
  const { ResourceSpecificResults = [], EvalActionName } = result
  if (ResourceSpecificResults.length === 0) return [result]
  return ResourceSpecificResults.map((one) => ({
    ...one,
    EvalActionName,
    EvalDecision: one.EvalResourceDecision,
  }))
}

function commandOf({ principal, actions, resources, context }: Question): string {
  const name = principal.replace(/^arn:aws:iam::\d+:/, '') || 'user/NAME'
  const given = context.flatMap(({ key, value }) => ['--context', `${key}=${value}`])
  return (actions.length > 0 ? actions : ['ACTION'])
    .flatMap((action) =>
      (resources.length > 0 ? resources : [undefined]).map((resource) =>
        shellWords('npx', 'steward', 'why', name, action, resource, ...given),
      ),
    )
    .join('\n')
}
