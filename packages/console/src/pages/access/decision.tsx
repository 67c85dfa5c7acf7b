import type { EvaluationResult, Statement } from '@aws-sdk/client-iam'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useRead } from '#api/queries.ts'
import { access } from '#texts/access.ts'
import { findStatement } from './statement-text.ts'

const texts = access.decision

/** Whether one action on one resource is allowed, and which statements say so. */
export function Decision({ principal, result }: { principal: string; result: EvaluationResult }) {
  const { EvalActionName, EvalResourceName, EvalDecision, MatchedStatements = [], MissingContextValues = [] } = result
  const allowed = EvalDecision === 'allowed'
  const deciding = allowed || EvalDecision === 'explicitDeny' ? MatchedStatements : []
  return (
    <Container
      header={
        <Header variant="h3" description={EvalResourceName === '*' ? texts.anyResource : EvalResourceName}>
          <SpaceBetween direction="horizontal" size="s">
            <StatusIndicator type={allowed ? 'success' : 'error'}>
              {allowed ? texts.allowed : texts.refused}
            </StatusIndicator>
            <span className="st-mono">{EvalActionName}</span>
          </SpaceBetween>
        </Header>
      }
    >
      <SpaceBetween size="s">
        <span>{reasonOf(result)}</span>
        {deciding.map((statement) => (
          <DecidingStatement key={placeKey(statement)} principal={principal} statement={statement} />
        ))}
        {MissingContextValues.length > 0 && (
          <Box color="text-body-secondary">{texts.missing(MissingContextValues)}</Box>
        )}
      </SpaceBetween>
    </Container>
  )
}

function reasonOf({ EvalDecision, MatchedStatements = [], PermissionsBoundaryDecisionDetail }: EvaluationResult) {
  const several = MatchedStatements.length > 1
  if (EvalDecision === 'allowed') return several ? texts.allowedBySeveral : texts.allowedBy
  if (EvalDecision === 'explicitDeny') return several ? texts.deniedBySeveral : texts.deniedBy
  const outside = PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary === false
  return outside && MatchedStatements.length > 0 ? texts.outsideBoundary : texts.nothingAllows
}

function DecidingStatement({ principal, statement }: { principal: string; statement: Statement }) {
  const { SourcePolicyId = '', SourcePolicyType = '', StartPosition } = statement
  const read = useRead('iam', ['statement', principal, placeKey(statement)], () => findStatement(principal, statement))
  const { policy, kind, text } = read.data ?? { policy: SourcePolicyId, kind: undefined, text: null }
  return (
    <SpaceBetween size="xxs">
      <Box variant="small">
        {texts.place(policy, kind ? texts.policyKinds[kind] : SourcePolicyType, StartPosition?.Line ?? 1)}
      </Box>
      {text && <pre className="st-mono st-pre">{text}</pre>}
    </SpaceBetween>
  )
}

function placeKey({ SourcePolicyId, SourcePolicyType, StartPosition }: Statement): string {
  return [SourcePolicyType, SourcePolicyId, StartPosition?.Line, StartPosition?.Column].join(' ')
}
