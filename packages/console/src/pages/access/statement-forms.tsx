import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import FormField from '@cloudscape-design/components/form-field'
import Grid from '@cloudscape-design/components/grid'
import Input from '@cloudscape-design/components/input'
import RadioGroup from '@cloudscape-design/components/radio-group'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { signedIn } from '#api/sign-in.ts'
import { access } from '#texts/access.ts'
import { ConditionRows } from './condition-rows.tsx'
import { actions, keysOf, resourcesOf } from './known-actions.ts'
import { comparisonsOf, listOf, type Statement, withComparisons } from './policy-document.ts'
import { Words } from './words.tsx'

const texts = access.editor

/** Each statement of a policy as a form. */
export function StatementForms({
  statements,
  onChange,
}: {
  statements: readonly Statement[]
  onChange: (statements: readonly Statement[]) => void
}) {
  return (
    <SpaceBetween size="m">
      {statements.map((statement, index) => (
        <ExpandableSection
          // biome-ignore lint/suspicious/noArrayIndexKey: statements have no name of their own, only a place.
          key={index}
          variant="stacked"
          defaultExpanded={statements.length <= 3}
          headerText={statement.Sid || texts.statement(index + 1)}
          headerDescription={texts.summary(
            statement.Effect !== 'Deny',
            statement.NotAction !== undefined,
            listOf(statement.NotAction ?? statement.Action),
            statement.NotResource !== undefined,
            listOf(statement.NotResource ?? statement.Resource),
            comparisonsOf(statement).length,
          )}
          headerActions={
            <Button
              iconName="remove"
              variant="icon"
              ariaLabel={texts.removeStatement(index + 1)}
              disabled={statements.length === 1}
              onClick={() => onChange(statements.toSpliced(index, 1))}
            />
          }
        >
          <StatementForm statement={statement} onChange={(next) => onChange(statements.with(index, next))} />
        </ExpandableSection>
      ))}
      <Button
        iconName="add-plus"
        onClick={() => onChange([...statements, { Effect: 'Allow', Action: [], Resource: ['*'] }])}
      >
        {texts.addStatement}
      </Button>
    </SpaceBetween>
  )
}

function StatementForm({ statement, onChange }: { statement: Statement; onChange: (statement: Statement) => void }) {
  const chosen = listOf(statement.NotAction ?? statement.Action)
  // Of «everything but …» any action may come.
  const meant = statement.NotAction === undefined ? chosen : ['*']
  const { account = '', region = '' } = signedIn() ?? {}
  return (
    <SpaceBetween size="l">
      <ColumnLayout columns={2}>
        <FormField label={texts.effect}>
          <RadioGroup
            direction="horizontal"
            value={statement.Effect === 'Deny' ? 'Deny' : 'Allow'}
            onChange={({ detail }) => onChange({ ...statement, Effect: detail.value })}
            items={[
              { value: 'Allow', label: texts.allow },
              { value: 'Deny', label: texts.deny },
            ]}
          />
        </FormField>
        <FormField label={texts.sid} constraintText={texts.sidHint}>
          <Input
            value={statement.Sid ?? ''}
            onChange={({ detail: { value } }) => {
              const { Sid: _before, ...rest } = statement
              onChange(value ? { Sid: value, ...rest } : rest)
            }}
            spellcheck={false}
          />
        </FormField>
      </ColumnLayout>
      <Listed
        label={texts.actions}
        yes="Action"
        no="NotAction"
        statement={statement}
        onChange={onChange}
        known={withWildcards}
        placeholder={texts.findActions}
      />
      <Listed
        label={texts.resources}
        yes="Resource"
        no="NotResource"
        statement={statement}
        onChange={onChange}
        known={resourcesOf(meant, { account, region })}
        placeholder={texts.findResources}
      />
      <FormField label={texts.conditions} description={texts.conditionsHint} stretch>
        <ConditionRows
          rows={comparisonsOf(statement)}
          keys={keysOf(meant)}
          onChange={(rows) => onChange(withComparisons(statement, rows))}
        />
      </FormField>
    </SpaceBetween>
  )
}

const services = [...new Set(actions.map((action) => action.split(':')[0]!))]
const withWildcards = ['*', ...services.map((service) => `${service}:*`), ...actions]

interface ListedProps {
  readonly label: string
  readonly yes: 'Action' | 'Resource'
  readonly no: 'NotAction' | 'NotResource'
  readonly statement: Statement
  readonly onChange: (statement: Statement) => void
  readonly known: readonly string[]
  readonly placeholder: string
}

/** A list that is meant, or everything but it. */
function Listed({ label, yes, no, statement, onChange, known, placeholder }: ListedProps) {
  const negated = statement[no] !== undefined
  const values = listOf(negated ? statement[no] : statement[yes])
  const set = (next: readonly string[], not: boolean) => {
    const { [yes]: _yes, [no]: _no, ...rest } = statement
    onChange({ ...rest, [not ? no : yes]: next })
  }
  const options = [
    { value: 'yes', label: texts.these },
    { value: 'no', label: texts.allBut },
  ]
  return (
    <Grid gridDefinition={[{ colspan: { default: 12, s: 3 } }, { colspan: { default: 12, s: 9 } }]}>
      <FormField label={texts.meaning(label)}>
        <Select
          selectedOption={options[negated ? 1 : 0]!}
          options={options}
          onChange={({ detail }) => set(values, detail.selectedOption.value === 'no')}
        />
      </FormField>
      <FormField label={label} stretch errorText={values.length === 0 ? texts.needed(label) : undefined}>
        <Words
          label={label}
          values={values}
          known={known}
          placeholder={placeholder}
          onChange={(next) => set(next, negated)}
        />
      </FormField>
    </Grid>
  )
}
