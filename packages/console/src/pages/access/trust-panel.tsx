import { type Role, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { iam } from '#api/clients/iam.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Editor } from '#components/editor/editor.tsx'
import { Failed } from '#components/failed.tsx'
import { shellWords } from '#components/shell-words.ts'
import { access } from '#texts/access.ts'
import { common } from '#texts/common.ts'
import { decodedDocument } from './holder.ts'
import { pretty } from './policy-document.ts'

const texts = access.role

/** Who may take the role: its trust policy, to read and to change. */
export function TrustPanel({ role }: { role: Role }) {
  const current = pretty(decodedDocument(role.AssumeRolePolicyDocument))
  const [edited, setEdited] = useState<string>()
  const save = useAct(['iam'], async (PolicyDocument: string) => {
    await iam().send(new UpdateAssumeRolePolicyCommand({ RoleName: role.RoleName, PolicyDocument }))
    setEdited(undefined)
    notify({ type: 'success', header: texts.trustSaved(role.RoleName!) })
  })
  const words = ['--role-name', role.RoleName, '--policy-document', 'file://trust.json']
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={texts.trustHint}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <CliCommand command={shellWords('aws', 'iam', 'update-assume-role-policy', ...words)} />
              {edited === undefined ? (
                <Button onClick={() => setEdited(current)}>{access.edit}</Button>
              ) : (
                <>
                  <Button onClick={() => setEdited(undefined)}>{common.cancel}</Button>
                  <Button variant="primary" loading={save.isPending} onClick={() => save.mutate(edited)}>
                    {access.save}
                  </Button>
                </>
              )}
            </SpaceBetween>
          }
        >
          {texts.trust}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {save.error && edited !== undefined && <Failed error={save.error} />}
        <Editor
          label={texts.trust}
          language="json"
          value={edited ?? current}
          onChange={edited === undefined ? undefined : setEdited}
        />
      </SpaceBetween>
    </Container>
  )
}
