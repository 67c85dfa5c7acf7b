import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { signedIn } from '#api/sign-in.ts'
import { CommandText } from '#components/cli-command.tsx'
import { shellWords } from '#components/shell-words.ts'
import { keys as texts } from '#texts/keys.ts'

const { context: words } = texts

/** What an encryption context is, with what makes one and asks for one. */
export function ContextTab({ keyId }: { keyId: string }) {
  const caller = signedIn()
  const parameter = `arn:aws:ssm:${caller?.region}:${caller?.account}:parameter/shop/db/password`
  return (
    <Container header={<Header>{words.title}</Header>}>
      <SpaceBetween size="l">
        <Box>{words.what}</Box>
        <SpaceBetween size="xs">
          <Box variant="h3">{words.ownTitle}</Box>
          <CommandText
            command={shellWords(
              'aws',
              'kms',
              'encrypt',
              '--key-id',
              keyId,
              '--plaintext',
              'fileb://secret.txt',
              '--encryption-context',
              'purpose=backup',
            )}
          />
          <Box color="text-body-secondary">{words.own}</Box>
        </SpaceBetween>
        <SpaceBetween size="xs">
          <Box variant="h3">{words.parametersTitle}</Box>
          <Box>{words.parameters}</Box>
          <CommandText command={JSON.stringify(statement(parameter), null, 2)} />
        </SpaceBetween>
      </SpaceBetween>
    </Container>
  )
}

/** Lets somebody decrypt one parameter with the key, and nothing else. */
function statement(parameter: string): object {
  return {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${parameter.split(':')[4]}:role/shop` },
    Action: 'kms:Decrypt',
    Resource: '*',
    Condition: { StringEquals: { 'kms:EncryptionContext:PARAMETER_ARN': parameter } },
  }
}
