import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { type FormEvent, useState } from 'react'
import { useLocation } from 'wouter'
import { PageFrame } from '#components/page-frame.tsx'
import { parameters as texts } from '#texts/parameters.ts'
import { parameterPage, SECRET_REFERENCES } from './paths.ts'
import { Whose } from './whose.tsx'

/** Secrets that another store keeps are not listed anywhere: one has to know their names. */
export function SecretsElsewhere() {
  const [, navigate] = useLocation()
  const [name, setName] = useState('')
  const secret = name.trim().replace(SECRET_REFERENCES, '')
  function submit(event: FormEvent) {
    event.preventDefault()
    if (secret !== '') navigate(parameterPage(SECRET_REFERENCES + secret))
  }
  return (
    <PageFrame title={texts.secrets.title}>
      <SpaceBetween size="l">
        <Whose />
        <form onSubmit={submit}>
          <Container header={<Header description={texts.secrets.hint}>{texts.secrets.open}</Header>}>
            <SpaceBetween size="m">
              <FormField
                label={texts.secrets.name}
                description={texts.secrets.nameHint}
                constraintText={SECRET_REFERENCES + secret}
              >
                <Input
                  value={name}
                  onChange={({ detail }) => setName(detail.value)}
                  placeholder="shop/db"
                  autoComplete={false}
                  spellcheck={false}
                />
              </FormField>
              <Button formAction="submit" variant="primary" disabled={secret === ''}>
                {texts.secrets.show}
              </Button>
            </SpaceBetween>
          </Container>
        </form>
      </SpaceBetween>
    </PageFrame>
  )
}
