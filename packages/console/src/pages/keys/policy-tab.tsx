import { PutKeyPolicyCommand } from '@aws-sdk/client-kms'
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { kms } from '#api/clients/kms.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Confirm } from '#components/confirm.tsx'
import { Diff, Editor } from '#components/editor/editor.tsx'
import { Loaded } from '#components/loaded.tsx'
import { shellWords } from '#components/shell-words.ts'
import { common } from '#texts/common.ts'
import { keys as texts } from '#texts/keys.ts'
import { useKeyPolicy } from './read-keys.ts'

/** Who may use and manage the key; as JSON. */
export function PolicyTab({ keyId, canChange }: { keyId: string; canChange: boolean }) {
  const read = useKeyPolicy(keyId)
  const [draft, setDraft] = useState<string>()
  const [asking, setAsking] = useState(false)
  const fault = draft === undefined ? undefined : faultOf(draft)
  const command = shellWords('aws', 'kms', 'get-key-policy', '--key-id', keyId, '--output', 'text')
  return (
    <Container
      header={
        <Header
          description={texts.policy.hint}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <CliCommand command={command} />
              {draft !== undefined && <Button onClick={() => setDraft(undefined)}>{common.cancel}</Button>}
              {draft !== undefined && (
                <Button
                  variant="primary"
                  disabled={draft === read.data || fault !== undefined}
                  onClick={() => setAsking(true)}
                >
                  {texts.policy.review}
                </Button>
              )}
              {draft === undefined && canChange && (
                <Button disabled={!read.data} onClick={() => setDraft(read.data)}>
                  {texts.policy.edit}
                </Button>
              )}
            </SpaceBetween>
          }
        >
          {texts.policy.title}
        </Header>
      }
    >
      <Loaded read={read}>
        {(policy) => (
          <SpaceBetween size="s">
            <Editor
              value={draft ?? policy}
              onChange={draft === undefined ? undefined : setDraft}
              language="json"
              label={texts.policy.title}
            />
            {fault && <Alert type="error">{fault}</Alert>}
            {asking && draft !== undefined && (
              <Save
                keyId={keyId}
                before={policy}
                after={draft}
                onClose={() => setAsking(false)}
                onDone={() => setDraft(undefined)}
              />
            )}
          </SpaceBetween>
        )}
      </Loaded>
    </Container>
  )
}

interface SaveProps {
  readonly keyId: string
  readonly before: string
  readonly after: string
  readonly onClose: () => void
  readonly onDone: () => void
}

function Save({ keyId, before, after, onClose, onDone }: SaveProps) {
  const act = useAct(['keys'], () => kms().send(new PutKeyPolicyCommand({ KeyId: keyId, Policy: after })))
  return (
    <Confirm
      title={texts.policy.review}
      act={texts.policy.save}
      size="large"
      command={shellWords('aws', 'kms', 'put-key-policy', '--key-id', keyId, '--policy', after)}
      onConfirm={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.policy.saved })
        onDone()
      }}
      onClose={onClose}
    >
      <Box>{texts.policy.atOnce}</Box>
      <Diff before={before} after={after} language="json" label={texts.policy.review} />
    </Confirm>
  )
}

function faultOf(text: string): string | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return texts.policy.noJson((error as Error).message)
  }
}
