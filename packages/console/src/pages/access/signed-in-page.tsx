import Button from '@cloudscape-design/components/button'
import type { SignInSummary } from '@steward/model/generated/steward.ts'
import { useState } from 'react'
import { allPages, useAct, useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { instant, type Wire } from '#api/wire.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { stewardCall } from '#components/steward-call.ts'
import type { Column } from '#components/table/column.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { Time } from '#components/time.tsx'
import { access } from '#texts/access.ts'
import { AccessFrame } from './access-frame.tsx'
import { holderOf, holderPath } from './holder.ts'

const texts = access.signedIn

type SignIn = Wire<SignInSummary>

/** Who is at the console, and a way to sign them out. */
export function SignedInPage() {
  const [ending, setEnding] = useState<SignIn>()
  const read = useRead('iam', ['sign-ins'], () =>
    allPages(async (NextToken) => {
      const answer = await steward('ListSignIns', { MaxResults: 200, ...(NextToken && { NextToken }) })
      return { items: answer.SignIns, next: answer.NextToken }
    }),
  )
  const end = useAct(['iam'], ({ SignInId }: SignIn) => steward('EndSignIn', { SignInId }))
  return (
    <AccessFrame section="signedIn">
      <ListPanel<SignIn>
        name="signed-in"
        title={access.sections.signedIn}
        columns={columns(setEnding)}
        idOf={({ SignInId }) => SignInId}
        read={read}
        searchable
        sortedBy={{ column: 'since', descending: true }}
        placeholder={texts.find}
        command={stewardCall('ListSignIns', {})}
        empty={<Empty title={texts.empty} />}
      />
      {ending && (
        <Confirm
          title={texts.endTitle(nameOf(ending))}
          act={texts.end}
          command={stewardCall('EndSignIn', { SignInId: ending.SignInId })}
          onConfirm={async () => {
            await end.mutateAsync(ending)
            notify({ type: 'success', header: texts.ended(nameOf(ending)) })
          }}
          onClose={() => setEnding(undefined)}
        >
          {texts.endHint}
        </Confirm>
      )}
    </AccessFrame>
  )
}

/** A user's name, or a role's with the session's. */
function nameOf({ PrincipalArn }: SignIn): string {
  const holder = holderOf(PrincipalArn)
  if (!holder) return texts.root
  return holder.kind === 'user' ? holder.name : PrincipalArn.slice(PrincipalArn.indexOf('/') + 1)
}

function Who({ signIn }: { signIn: SignIn }) {
  const holder = holderOf(signIn.PrincipalArn)
  return holder ? <ConsoleLink to={holderPath(holder)}>{nameOf(signIn)}</ConsoleLink> : texts.root
}

function columns(end: (signIn: SignIn) => void): Column<SignIn>[] {
  const method = ({ Method }: SignIn) => (Method ? texts.methods[Method] : '')
  const time = (id: string, header: string, width: number, at: (signIn: SignIn) => number): Column<SignIn> => ({
    id,
    header,
    text: (signIn) => instant(at(signIn))!.toISOString(),
    cell: (signIn) => <Time at={instant(at(signIn))} only="relative" />,
    width,
  })
  return [
    {
      id: 'who',
      header: texts.who,
      rowHeader: true,
      width: 190,
      text: nameOf,
      cell: (signIn) => <Who signIn={signIn} />,
    },
    { id: 'method', header: texts.method, text: method, cell: (one) => method(one) || '–', choices: true, width: 150 },
    {
      id: 'from',
      header: texts.from,
      text: ({ SourceIp }) => SourceIp ?? '',
      cell: ({ SourceIp }) => <span className="st-mono">{SourceIp ?? '–'}</span>,
      width: 130,
    },
    time('since', texts.since, 120, ({ SignedInAt }) => SignedInAt),
    time('idle', texts.idle, 135, ({ ExpiresAt }) => ExpiresAt),
    time('ends', texts.ends, 120, ({ EndsAt }) => EndsAt),
    {
      id: 'arn',
      header: access.arn,
      text: ({ PrincipalArn }) => PrincipalArn,
      cell: (one) => one.PrincipalArn,
      hidden: true,
    },
    {
      id: 'acts',
      header: access.acts,
      cell: (signIn) =>
        signIn.IsCaller ? (
          texts.you
        ) : (
          <Button variant="inline-link" ariaLabel={texts.endOf(nameOf(signIn))} onClick={() => end(signIn)}>
            {texts.end}
          </Button>
        ),
      width: 110,
    },
  ]
}
