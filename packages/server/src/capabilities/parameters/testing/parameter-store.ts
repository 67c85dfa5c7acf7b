import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  type DescribeParametersCommandInput,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  type GetParametersByPathCommandInput,
  GetParametersCommand,
  LabelParameterVersionCommand,
  type Parameter,
  type ParameterHistory,
  type ParameterMetadata,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm'
import type { TestServer } from '@steward/testkit'

/** Parameter Store as tests speak to it: through the SDK, with few words. */
export class ParameterStore {
  readonly ssm: SSMClient

  constructor(server: TestServer, client: SSMClient = server.client(SSMClient)) {
    this.ssm = client
  }

  /** A String, unless told otherwise. */
  put(Name: string, Value: string, more: Partial<PutParameterCommandInput> = {}) {
    const Type = more.Overwrite ? undefined : ('String' as const)
    return this.ssm.send(new PutParameterCommand({ Name, Value, ...(Type ? { Type } : {}), ...more }))
  }

  async get(Name: string, WithDecryption = true): Promise<Parameter> {
    return (await this.ssm.send(new GetParameterCommand({ Name, WithDecryption }))).Parameter!
  }

  async value(name: string): Promise<string | undefined> {
    return (await this.get(name)).Value
  }

  getMany(...Names: string[]) {
    return this.ssm.send(new GetParametersCommand({ Names, WithDecryption: true }))
  }

  label(Name: string, Labels: string[], ParameterVersion?: number) {
    return this.ssm.send(new LabelParameterVersionCommand({ Name, Labels, ParameterVersion }))
  }

  delete(Name: string) {
    return this.ssm.send(new DeleteParameterCommand({ Name }))
  }

  /** All pages. */
  async under(Path: string, more: Partial<GetParametersByPathCommandInput> = {}): Promise<Parameter[]> {
    return (await this.pagesUnder(Path, more)).flat()
  }

  async pagesUnder(Path: string, more: Partial<GetParametersByPathCommandInput> = {}): Promise<Parameter[][]> {
    const ask = (NextToken: string | undefined) =>
      this.ssm.send(new GetParametersByPathCommand({ Path, ...more, NextToken }))
    return pages(ask)
  }

  async describe(more: Partial<DescribeParametersCommandInput> = {}): Promise<ParameterMetadata[]> {
    const ask = (NextToken: string | undefined) => this.ssm.send(new DescribeParametersCommand({ ...more, NextToken }))
    return (await pages(ask)).flat()
  }

  async history(Name: string, WithDecryption = true, MaxResults?: number): Promise<ParameterHistory[][]> {
    const ask = (NextToken: string | undefined) =>
      this.ssm.send(new GetParameterHistoryCommand({ Name, WithDecryption, MaxResults, NextToken }))
    return pages(ask)
  }
}

async function pages<T>(
  ask: (token: string | undefined) => Promise<{ Parameters?: T[]; NextToken?: string }>,
): Promise<T[][]> {
  const all: T[][] = []
  let token: string | undefined
  do {
    const { Parameters = [], NextToken } = await ask(token)
    all.push(Parameters)
    token = NextToken
  } while (token)
  return all
}
