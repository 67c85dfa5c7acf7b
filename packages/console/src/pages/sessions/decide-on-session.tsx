import Box from '@cloudscape-design/components/box'
import FormField from '@cloudscape-design/components/form-field'
import Textarea from '@cloudscape-design/components/textarea'
import { useState } from 'react'
import { useAct } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { Confirm } from '#components/confirm.tsx'
import { shellWords } from '#components/shell-words.ts'
import { sessionTexts } from '#texts/sessions.ts'
import type { Approval } from './approvals.tsx'
import { principalName } from './principal.tsx'

const texts = sessionTexts.approvals

export type Decision = 'ApproveSession' | 'RejectSession'

export interface DecideOnSessionProps {
  readonly approval: Approval
  readonly node: string
  readonly decision: Decision
  readonly onClose: () => void
}

/** Asks whether a session of somebody else may begin, with room for a word. */
export function DecideOnSession({ approval, node, decision, onClose }: DecideOnSessionProps) {
  const [comment, setComment] = useState('')
  const act = useAct(['sessions'], (Comment: string) =>
    steward(decision, { SessionId: approval.SessionId, ...(Comment && { Comment }) }),
  )
  const approves = decision === 'ApproveSession'
  return (
    <Confirm
      title={approves ? texts.approveTitle : texts.rejectTitle}
      act={approves ? texts.approve : texts.reject}
      command={shellWords('steward', 'sessions', approves ? 'approve' : 'reject', approval.SessionId)}
      onConfirm={() => act.mutateAsync(comment.trim())}
      onClose={onClose}
    >
      <Box>
        <bdi>{texts.question(principalName(approval.Owner), node)}</bdi>{' '}
        {approval.Reason && <bdi>«{approval.Reason}»</bdi>}
      </Box>
      <Box color="text-body-secondary">{approves ? texts.approveHint : texts.rejectHint}</Box>
      <FormField label={texts.commentLabel} description={texts.commentHint}>
        <Textarea value={comment} rows={2} onChange={({ detail }) => setComment(detail.value.slice(0, 1000))} />
      </FormField>
    </Confirm>
  )
}
