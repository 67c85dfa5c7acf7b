import { type ParameterMetadata, PutParameterCommand } from '@aws-sdk/client-ssm'
import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import type { Params } from '#app/area.ts'
import { notify } from '#app/notifications.tsx'
import { Failed } from '#components/failed.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { parameters as texts } from '#texts/parameters.ts'
import { Missing } from './missing.tsx'
import { draftOf, putCommand, toOverwrite } from './parameter-draft.ts'
import { ParameterForm } from './parameter-form.tsx'
import { parameterPage } from './paths.ts'
import { revealed, useParameter, usePlainValue } from './read-parameter.ts'

export function EditPage({ params: { name = '' } }: { params: Params }) {
  const read = useParameter(name)
  const isSecret = read.data?.Type === 'SecureString'
  const value = usePlainValue(name, Boolean(read.data) && !isSecret)
  return (
    <PageFrame
      title={texts.editing.title(name)}
      above={[
        { text: texts.title, to: '/parameters' },
        { text: name, to: parameterPage(name) },
      ]}
      contentType="form"
    >
      <Loaded read={read}>
        {(parameter) =>
          !parameter ? (
            <Missing name={name} />
          ) : isSecret ? (
            <Edit parameter={parameter} value="" />
          ) : (
            <Loaded read={value}>{(plain) => <Edit parameter={parameter} value={plain} />}</Loaded>
          )
        }
      </Loaded>
    </PageFrame>
  )
}

/** A new version of the parameter as it was when one began. */
function Edit({ parameter, value }: { parameter: ParameterMetadata; value: string }) {
  const [begun] = useState(parameter)
  const [before, setBefore] = useState(() => draftOf(parameter, value))
  const [draft, setDraft] = useState(before)
  const [, navigate] = useLocation()
  const [error, setError] = useState<unknown>()
  const name = draft.name
  const input = toOverwrite(draft, before)
  const act = useAct(['parameters'], () => ssm().send(new PutParameterCommand(input)))
  async function take() {
    setError(undefined)
    try {
      const current = await revealed(name)
      setBefore({ ...before, value: current })
      setDraft({ ...draft, value: current })
    } catch (fault) {
      setError(fault)
    }
  }
  return (
    <SpaceBetween size="l">
      {parameter.Version !== begun.Version && (
        <Alert type="warning" header={texts.editing.changed(parameter.Version ?? 0)}>
          {texts.editing.changedHint}
        </Alert>
      )}
      {begun.Type === 'SecureString' && draft.value === '' && (
        <Alert type="info" action={<Button onClick={() => void take()}>{texts.editing.take}</Button>}>
          {texts.editing.secret}
        </Alert>
      )}
      {error !== undefined && <Failed error={error} />}
      <ParameterForm
        draft={draft}
        onChange={setDraft}
        isNew={false}
        mustStayAdvanced={begun.Tier === 'Advanced'}
        submit={texts.editing.save}
        command={putCommand(input)}
        busy={act.isPending}
        error={act.error}
        onCancel={() => navigate(parameterPage(name))}
        onSubmit={async () => {
          const { Version } = await act.mutateAsync(undefined)
          notify({ type: 'success', header: texts.saved.changed(name, Version ?? 0) })
          navigate(parameterPage(name))
        }}
      />
    </SpaceBetween>
  )
}
