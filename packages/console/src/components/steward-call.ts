import { shellWords } from './shell-words.ts'

/** A call of an operation that AWS does not have and for which there is no command, with what `npx steward env` has set. */
export function stewardCall(operation: string, input: object): string {
  return [
    `curl -sS "$AWS_ENDPOINT_URL" --aws-sigv4 "aws:amz:$AWS_REGION:steward"`,
    '  --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"',
    `  ${shellWords('-H', `x-amz-target: Steward.${operation}`, '-H', 'content-type: application/x-amz-json-1.1')}`,
    `  ${shellWords('-d', JSON.stringify(input))}`,
  ].join(' \\\n')
}
