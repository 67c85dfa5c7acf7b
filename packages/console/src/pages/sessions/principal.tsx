/** A principal as people say it: the end of its ARN; all of it on hover. */
export function PrincipalName({ arn }: { arn: string | undefined }) {
  if (!arn) return <>–</>
  return <bdi title={arn}>{principalName(arn)}</bdi>
}

/** `user/anna` is anna, `assumed-role/Ops/anna` is Ops/anna. */
export function principalName(arn: string): string {
  const resource = arn.split(':').slice(5).join(':')
  return resource.replace(/^(user|assumed-role|federated-user)\//, '') || arn
}
