/** Shells beside ssh: how soon a prompt is there, how soon a key is echoed, how fast a terminal fills. Rounds alternate. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SshHosts } from '../latency/ssh-hosts.ts'
import { memory } from '../process-usage.ts'
import { median, number, percentile, type Row } from '../report.ts'
import type { Steward } from '../steward.ts'
import { SshTerminal, StewardTerminal, type Terminal } from './terminal.ts'

const STARTS = 20
const KEY_ROUNDS = 10
const KEYS_A_ROUND = 100
const FLOOD_ROUNDS = 3
const FLOOD_MEGABYTES = 100

type Open = () => Promise<Terminal>

export async function shellRows(steward: Steward, nodeId: string, hosts: SshHosts): Promise<Row[]> {
  const ours: Open = () => StewardTerminal.open(steward.url, nodeId)
  const ssh: Open = async () => new SshTerminal(hosts)
  return [await starts(ours, ssh), ...(await keys(ours, ssh)), ...(await flood(steward, ours, ssh))]
}

async function starts(ours: Open, ssh: Open): Promise<Row> {
  const times = await alternately(STARTS, ours, ssh, async (open) => {
    const began = performance.now()
    await using terminal = await open()
    await terminal.untilShown(1)
    return performance.now() - began
  })
  // The first worker compiles its code, which is then kept.
  const [our, their] = times.map((list) => list.slice(1)) as [number[], number[]]
  return {
    what: 'from StartSession to the prompt, median',
    steward: `${number(median(our))} ms (p99 ${number(percentile(our, 99))})`,
    beside: `ssh: ${number(median(their))} ms`,
    ratio: number(median(our) / median(their), 2),
    target: '≤ 150 ms',
    met: median(our) <= 150,
  }
}

async function keys(ours: Open, ssh: Open): Promise<Row[]> {
  await using our = await ours()
  await using their = await ssh()
  for (const terminal of [our, their]) await quiet(terminal)
  const press = async (terminal: Terminal) => {
    const times: number[] = []
    for (let key = 0; key < KEYS_A_ROUND; key++) {
      const began = performance.now()
      const wanted = terminal.shown + 1
      terminal.type('x')
      await terminal.untilShown(wanted)
      times.push(performance.now() - began)
    }
    const wanted = terminal.shown + 2
    terminal.type('\n')
    await terminal.untilShown(wanted)
    return times
  }
  // The first round is for warming up: the server and the session's worker compile their code meanwhile.
  const [ourTimes, theirTimes] = (
    await alternately(
      KEY_ROUNDS + 1,
      async () => our,
      async () => their,
      async (open) => press(await open()),
    )
  ).map((rounds) => rounds.slice(1).flat()) as [number[], number[]]
  const ratio = median(ourTimes) / median(theirTimes)
  const row = (what: string, percent: number, target: string, met: boolean): Row => ({
    what,
    steward: `${number(percentile(ourTimes, percent), 2)} ms`,
    beside: `ssh: ${number(percentile(theirTimes, percent), 2)} ms`,
    ratio: number(percentile(ourTimes, percent) / percentile(theirTimes, percent), 2),
    target,
    met,
  })
  return [
    row('a key until its echo, median', 50, '≤ 1 ms and ≤ 4 × ssh', median(ourTimes) <= 1 && ratio <= 4),
    row('the same, 99 of 100', 99, '≤ 5 ms', percentile(ourTimes, 99) <= 5),
  ]
}

/** A program that reads, so that nothing but the terminal itself answers keys. */
async function quiet(terminal: Terminal): Promise<void> {
  await terminal.untilShown(1)
  terminal.type('echo read""y; cat >/dev/null\r')
  await terminal.untilJustShown('ready\r\n')
}

async function flood(steward: Steward, ours: Open, ssh: Open): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'steward-bench-flood-'))
  // The shell's user is another one.
  chmodSync(folder, 0o755)
  const file = join(folder, 'text')
  writeFileSync(
    file,
    `${'The quick brown fox jumps over the lazy dog. '.repeat(2).padEnd(99, '.')}\n`.repeat(FLOOD_MEGABYTES * 10_000),
  )
  const before = memory(steward.pid).rss
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, memory(steward.pid).rss)
  }, 100)
  try {
    const [our, their] = await alternately(FLOOD_ROUNDS, ours, ssh, (open) => catFile(open, file))
    const ratio = median(our) / median(their)
    return [
      {
        what: `\`cat\` of ${FLOOD_MEGABYTES} MB through the terminal`,
        steward: `${number(median(our), 1)} MB/s`,
        beside: `ssh: ${number(median(their), 1)} MB/s`,
        ratio: number(ratio, 2),
        target: '≥ 0.5',
        met: ratio >= 0.5,
      },
      {
        what: 'what the server’s memory grows by meanwhile',
        steward: `${number(most - before)} MB`,
        beside: '',
        ratio: '',
        target: 'bounded',
        met: most - before < FLOOD_MEGABYTES,
      },
    ]
  } finally {
    clearInterval(watch)
    rmSync(folder, { recursive: true })
  }
}

/** Megabytes a second as the terminal shows them, which makes two characters of each line's end. */
async function catFile(open: Open, file: string): Promise<number> {
  await using terminal = await open()
  await terminal.untilShown(1)
  const end = 'the end of it\r\n'
  const before = terminal.shown
  const began = performance.now()
  terminal.type(`cat ${file}; echo the end o""f it\r`)
  await terminal.untilJustShown(end)
  return (terminal.shown - before) / 1e3 / (performance.now() - began)
}

async function alternately<T>(
  rounds: number,
  ours: Open,
  ssh: Open,
  measure: (open: Open) => Promise<T>,
): Promise<[T[], T[]]> {
  const results: [T[], T[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    results[0].push(await measure(ours))
    results[1].push(await measure(ssh))
  }
  return results
}
