import {
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  GetOpenIDConnectProviderCommand,
  type GetOpenIDConnectProviderResponse,
  ListOpenIDConnectProvidersCommand,
} from '@aws-sdk/client-iam'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useState } from 'react'
import { iam } from '#api/clients/iam.ts'
import { useAct, useRead } from '#api/queries.ts'
import { Confirm } from '#components/confirm.tsx'
import { Copyable } from '#components/copyable.tsx'
import { Empty } from '#components/empty.tsx'
import { FormDialog } from '#components/form-dialog.tsx'
import { shellWords } from '#components/shell-words.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { Time } from '#components/time.tsx'
import { access } from '#texts/access.ts'
import { AccessFrame } from './access-frame.tsx'

const texts = access.providers

type Provider = GetOpenIDConnectProviderResponse & { readonly arn: string }

/** Issuers of web identities that the account trusts: of people who sign in there, and of machines such as build servers. */
export function ProvidersPage() {
  const [creating, setCreating] = useState(false)
  const [deleting, setDeleting] = useState<Provider>()
  const read = useRead<Provider[]>('iam', ['provider-details'], async () => {
    const { OpenIDConnectProviderList = [] } = await iam().send(new ListOpenIDConnectProvidersCommand({}))
    return Promise.all(
      OpenIDConnectProviderList.map(async ({ Arn }) => ({
        ...(await iam().send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: Arn }))),
        arn: Arn!,
      })),
    )
  })
  const remove = useAct(['iam'], (OpenIDConnectProviderArn: string) =>
    iam().send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn })),
  )
  const audiences = ({ ClientIDList = [] }: Provider) => ClientIDList.join(', ')
  return (
    <AccessFrame section="providers">
      <ListPanel<Provider>
        name="providers"
        title={access.sections.providers}
        idOf={({ arn }) => arn}
        read={read}
        searchable={(read.data?.length ?? 0) > 10}
        command="aws iam list-open-id-connect-providers"
        empty={<Empty title={texts.empty}>{texts.emptyHint}</Empty>}
        actions={
          <Button variant="primary" onClick={() => setCreating(true)}>
            {texts.create}
          </Button>
        }
        columns={[
          {
            id: 'url',
            header: texts.url,
            rowHeader: true,
            width: 340,
            text: ({ Url }) => `https://${Url}`,
            cell: ({ Url }) => `https://${Url}`,
          },
          { id: 'audiences', header: texts.audiences, text: audiences, cell: audiences, width: 220 },
          {
            id: 'arn',
            header: access.arn,
            text: ({ arn }) => arn,
            cell: ({ arn }) => <Copyable text={arn} />,
            hidden: true,
            width: 320,
          },
          {
            id: 'created',
            header: access.created,
            text: ({ CreateDate }) => CreateDate?.toISOString() ?? '',
            cell: ({ CreateDate }) => <Time at={CreateDate} only="relative" />,
          },
          {
            id: 'acts',
            header: access.acts,
            cell: (provider) => (
              <Button
                variant="inline-link"
                ariaLabel={`${access.delete} ${provider.Url}`}
                onClick={() => setDeleting(provider)}
              >
                {access.delete}
              </Button>
            ),
          },
        ]}
      />
      {creating && <CreateProviderDialog onClose={() => setCreating(false)} />}
      {deleting && (
        <Confirm
          title={texts.deleteTitle(deleting.Url!)}
          act={access.delete}
          command={shellWords(
            'aws',
            'iam',
            'delete-open-id-connect-provider',
            '--open-id-connect-provider-arn',
            deleting.arn,
          )}
          onConfirm={() => remove.mutateAsync(deleting.arn)}
          onClose={() => setDeleting(undefined)}
        >
          {texts.deleteHint}
        </Confirm>
      )}
    </AccessFrame>
  )
}

function CreateProviderDialog({ onClose }: { onClose: () => void }) {
  const [url, setUrl] = useState('https://')
  const [audience, setAudience] = useState('')
  const [thumbprint, setThumbprint] = useState('')
  const provider = {
    Url: url,
    ClientIDList: audience ? [audience] : [],
    ...(thumbprint && { ThumbprintList: [thumbprint] }),
  }
  const create = useAct(['iam'], () => iam().send(new CreateOpenIDConnectProviderCommand(provider)))
  return (
    <FormDialog
      title={texts.create}
      act={texts.create}
      disabled={!URL.canParse(url) || audience === ''}
      command={shellWords(
        'aws',
        'iam',
        'create-open-id-connect-provider',
        '--url',
        url,
        '--client-id-list',
        audience || 'CLIENT',
        ...(thumbprint ? ['--thumbprint-list', thumbprint] : []),
      )}
      onSubmit={() => create.mutateAsync(undefined)}
      onClose={onClose}
    >
      <FormField label={texts.url} description={texts.urlHint}>
        <Input value={url} type="url" onChange={({ detail }) => setUrl(detail.value)} autoFocus spellcheck={false} />
      </FormField>
      <FormField label={texts.audience} description={texts.audienceHint}>
        <Input value={audience} onChange={({ detail }) => setAudience(detail.value)} spellcheck={false} />
      </FormField>
      <FormField label={texts.thumbprint} description={texts.thumbprintHint}>
        <Input value={thumbprint} onChange={({ detail }) => setThumbprint(detail.value)} spellcheck={false} />
      </FormField>
    </FormDialog>
  )
}
