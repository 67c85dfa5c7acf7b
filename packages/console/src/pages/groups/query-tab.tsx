import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { ButtonLink } from '#components/button-link.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Properties } from '#components/properties.tsx'
import { shellWords } from '#components/shell-words.ts'
import { groups } from '#texts/groups.ts'
import { groupPage } from './group-address.ts'
import { draftOf, type FactDraft, type GroupDetails } from './group-draft.ts'
import { typeText } from './query-fields.tsx'

const { form: texts, page } = groups

/** What a group asks for. */
export function QueryTab({ group }: { group: GroupDetails }) {
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <CliCommand command={shellWords('aws', 'resource-groups', 'get-group-query', '--group', group.name)} />
              <ButtonLink to={groupPage(group.name, 'edit')}>{groups.edit}</ButtonLink>
            </SpaceBetween>
          }
        >
          {page.query}
        </Header>
      }
    >
      {group.query ? <Query group={group} /> : <Box color="text-body-secondary">{page.queryListed}</Box>}
    </Container>
  )
}

function Query({ group }: { group: GroupDetails }) {
  const { kind, types, tags, facts } = draftOf(group)
  if (kind === 'stack') return <pre className="st-mono st-pre">{group.query?.Query}</pre>
  return (
    <Properties
      columns={2}
      items={[
        kind === 'inventory'
          ? { label: texts.facts, value: <FactList facts={facts} /> }
          : { label: texts.types, value: types.length > 0 ? types.map(typeText).join(', ') : texts.allTypes },
        {
          label: texts.tags,
          value: tags.length > 0 ? <TagList tags={tags} /> : kind === 'inventory' ? texts.anyTags : texts.noTags,
        },
      ]}
    />
  )
}

function FactList({ facts }: { facts: readonly FactDraft[] }) {
  return (
    <>
      {facts.map(({ key, operator, values }) => (
        <div key={JSON.stringify([key, operator, values])}>
          {key} {texts.operators[operator]} {values}
        </div>
      ))}
    </>
  )
}

function TagList({ tags }: { tags: readonly { key: string; values: string }[] }) {
  return (
    <>
      {tags.map(({ key, values }) => (
        <div key={key}>
          {key} = {values || texts.valuesNone}
        </div>
      ))}
    </>
  )
}
