import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import { EXIT } from '#fault.ts'
import { commandProgress, followOutput, invocationResults, presentOutput, reportedOutput } from '#fleet/follow.ts'
import { type Line, NodeOutputs, type Piece } from '#fleet/node-outputs.ts'
import { patient } from '#fleet/patient-calls.ts'
import type { Io } from '#io.ts'

/** Prints the output of a command: what there is now, or until it is over. Several nodes are told apart by their id. */
export async function logs(io: Io, commandId: string, options: { node?: string; follow?: boolean }): Promise<number> {
  const api = new Api(connection(io.env))
  // Who never answered is told at once; patience is for a server that goes away meanwhile.
  const { total } = await commandProgress(api, commandId)
  const calls = patient(api, ({ message }) => io.stderr.write(`${message} Trying again.\n`))
  const printer = new Printer(io, options.node !== undefined || total === 1)
  const left = new AbortController()
  const stopListening = io.onInterrupt(() => left.abort())
  const of = { CommandId: commandId, ...(options.node ? { InstanceId: options.node } : {}) }
  const take = (piece: Piece) => printer.print(piece)
  try {
    await (options.follow ? followOutput : presentOutput)(calls, of, take, left.signal)
    const results = await invocationResults(calls, commandId, left.signal)
    const silent = results.filter(({ nodeId }) => !printer.knows(nodeId) && [undefined, nodeId].includes(options.node))
    for await (const piece of reportedOutput(calls, commandId, silent, left.signal)) take(piece)
    return EXIT.ok
  } catch (error) {
    if (left.signal.aborted) return EXIT.cancelled
    throw error
  } finally {
    stopListening()
    printer.end()
  }
}

/** Writes the output of one node as it is, that of several in lines that name the node. */
class Printer {
  readonly #io: Io
  readonly #asItIs: boolean
  readonly #outputs = new NodeOutputs()

  constructor(io: Io, asItIs: boolean) {
    this.#io = io
    this.#asItIs = asItIs
  }

  print(piece: Piece): void {
    const lines = this.#outputs.add(piece)
    if (this.#asItIs) this.#io[piece.stream].write(piece.data)
    else this.#write(lines)
  }

  knows(nodeId: string): boolean {
    return this.#outputs.has(nodeId)
  }

  end(): void {
    if (!this.#asItIs) this.#write(this.#outputs.end())
  }

  #write(lines: readonly Line[]): void {
    for (const { nodeId, stream, text } of lines) this.#io[stream].write(`${nodeId}: ${text}\n`)
  }
}
