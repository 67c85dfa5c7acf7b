import type { AccessKey } from '@aws-sdk/client-iam'
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { signedIn } from '#api/sign-in.ts'
import { CliCommand, CommandText } from '#components/cli-command.tsx'
import { Copyable } from '#components/copyable.tsx'
import { Properties } from '#components/properties.tsx'
import { shellWords } from '#components/shell-words.ts'
import { access } from '#texts/access.ts'
import { common } from '#texts/common.ts'

const texts = access.newKey

/** A new key, and how to use it. Its secret is in this dialog only: nothing keeps it. */
export function NewKeyDialog({ accessKey, onClose }: { accessKey: AccessKey; onClose: () => void }) {
  const { AccessKeyId, SecretAccessKey, UserName } = accessKey
  const lines = [
    `export AWS_ENDPOINT_URL=${location.origin}`,
    `export AWS_REGION=${signedIn()?.region}`,
    `export AWS_ACCESS_KEY_ID=${AccessKeyId}`,
    `export AWS_SECRET_ACCESS_KEY=${SecretAccessKey}`,
  ]
  return (
    <Modal
      visible
      size="large"
      header={texts.title}
      closeAriaLabel={common.close}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <CliCommand command={shellWords('aws', 'iam', 'create-access-key', '--user-name', UserName)} />
            <Button variant="primary" onClick={onClose}>
              {texts.done}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type="warning">{texts.once}</Alert>
        <Properties
          columns={1}
          items={[
            { label: texts.id, value: <Copyable text={AccessKeyId!} /> },
            { label: texts.secret, value: <Copyable text={SecretAccessKey!} /> },
          ]}
        />
        <CommandText command={lines.join('\n')} hint={texts.use} />
      </SpaceBetween>
    </Modal>
  )
}
