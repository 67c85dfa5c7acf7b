import {
  ListRoleTagsCommand,
  ListUserTagsCommand,
  type Tag,
  TagRoleCommand,
  TagUserCommand,
  UntagRoleCommand,
  UntagUserCommand,
} from '@aws-sdk/client-iam'
import AttributeEditor from '@cloudscape-design/components/attribute-editor'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { iam } from '#api/clients/iam.ts'
import { useAct, useRead } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Failed } from '#components/failed.tsx'
import { Loaded } from '#components/loaded.tsx'
import { shellWords } from '#components/shell-words.ts'
import { access } from '#texts/access.ts'
import { common } from '#texts/common.ts'

const texts = access.tags

interface Tagged {
  readonly kind: 'user' | 'role'
  readonly name: string
}

/** The tags of a user or role, which policies see as `aws:PrincipalTag`. */
export function TagsPanel({ kind, name }: Tagged) {
  const read = useRead<Tag[]>('iam', ['tags', kind, name], async () => {
    const { Tags = [] } =
      kind === 'user'
        ? await iam().send(new ListUserTagsCommand({ UserName: name }))
        : await iam().send(new ListRoleTagsCommand({ RoleName: name }))
    return Tags
  })
  return (
    <Loaded read={read}>
      {(tags) => <TagEditor key={JSON.stringify(tags)} kind={kind} name={name} tags={tags} />}
    </Loaded>
  )
}

function TagEditor({ kind, name, tags }: Tagged & { tags: readonly Tag[] }) {
  const [edited, setEdited] = useState<readonly Tag[]>(tags)
  const save = useAct(['iam'], () => replaceTags({ kind, name }, tags, edited))
  const changed = JSON.stringify(edited) !== JSON.stringify(tags)
  const set = (index: number, change: Partial<Tag>) =>
    setEdited(edited.map((tag, at) => (at === index ? { ...tag, ...change } : tag)))
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={texts.hint}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <CliCommand command={shellWords('aws', 'iam', `list-${kind}-tags`, `--${kind}-name`, name)} />
              <Button
                variant="primary"
                disabled={!changed || edited.some(({ Key }) => !Key)}
                loading={save.isPending}
                onClick={() =>
                  save.mutate(undefined, { onSuccess: () => notify({ type: 'success', header: texts.saved(name) }) })
                }
              >
                {access.save}
              </Button>
            </SpaceBetween>
          }
        >
          {texts.title}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <AttributeEditor
          items={edited}
          empty={texts.none}
          addButtonText={texts.add}
          removeButtonText={texts.remove}
          removeButtonAriaLabel={({ Key }) => `${texts.remove} ${Key}`}
          onAddButtonClick={() => setEdited([...edited, { Key: '', Value: '' }])}
          onRemoveButtonClick={({ detail }) => setEdited(edited.filter((_, at) => at !== detail.itemIndex))}
          definition={[
            {
              label: texts.key,
              control: ({ Key = '' }, index) => (
                <Input value={Key} ariaLabel={texts.key} onChange={({ detail }) => set(index, { Key: detail.value })} />
              ),
            },
            {
              label: texts.value,
              control: ({ Value = '' }, index) => (
                <Input
                  value={Value}
                  ariaLabel={texts.value}
                  placeholder={common.none}
                  onChange={({ detail }) => set(index, { Value: detail.value })}
                />
              ),
            },
          ]}
        />
        {save.error && <Failed error={save.error} />}
      </SpaceBetween>
    </Container>
  )
}

async function replaceTags({ kind, name }: Tagged, before: readonly Tag[], after: readonly Tag[]): Promise<void> {
  const TagKeys = before.flatMap(({ Key }) => (after.some((tag) => tag.Key === Key) ? [] : [Key!]))
  const Tags = after.filter(({ Key, Value }) => !before.some((tag) => tag.Key === Key && tag.Value === Value))
  const who = { UserName: name, RoleName: name }
  if (TagKeys.length > 0)
    await (kind === 'user'
      ? iam().send(new UntagUserCommand({ ...who, TagKeys }))
      : iam().send(new UntagRoleCommand({ ...who, TagKeys })))
  if (Tags.length > 0)
    await (kind === 'user'
      ? iam().send(new TagUserCommand({ ...who, Tags }))
      : iam().send(new TagRoleCommand({ ...who, Tags })))
}
