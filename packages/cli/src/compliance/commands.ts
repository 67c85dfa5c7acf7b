import { type Command, Option } from 'commander'
import { parseParameters } from '#arguments.ts'
import type { Io } from '#io.ts'
import { strings } from '#option-values.ts'
import { addEvidence } from './evidence-commands.ts'

const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL', 'UNSPECIFIED']
const TOOLS = ['inspec', 'xccdf', 'ansible', 'osquery', 'puppet']

/** `steward compliance …` */
export function addCompliance(steward: Command, io: Io): void {
  const compliance = steward.command('compliance').description('what of each node is as it should be')
  compliance
    .command('import')
    .description('put what another tool found on a node as its compliance of a type')
    .argument('<file>', 'a report of InSpec, OpenSCAP (XCCDF), Ansible, osquery or Puppet, or - for standard input')
    .requiredOption('--node <id>', 'the node that the report is about')
    .addOption(new Option('--format <tool>', 'default: by what is in the file').choices(TOOLS))
    .option('--type <type>', 'default: Custom:Inspec, Custom:Xccdf, …')
    .addOption(
      new Option('--severity <severity>', 'of what the tool says nothing about')
        .choices(SEVERITIES)
        .default('UNSPECIFIED'),
    )
    .option('--host <host>', 'the host that is meant, in a report of Ansible about several')
    .option('--dry-run', 'say what would be put, and put nothing')
    .action(async (file, options) =>
      (await import('#commands/compliance-import.ts')).complianceImport(io, file, options),
    )
  compliance
    .command('report')
    .description('print the items of all nodes')
    .option('--type <type>', 'only these')
    .option('--failing', 'only what is not compliant')
    .addOption(new Option('--format <format>').choices(['csv', 'json']).default('csv'))
    .action(async (options) => (await import('#commands/compliance-report.ts')).complianceReport(io, options))
  compliance
    .command('remediate')
    .description('send a document to the nodes that are not compliant with a type')
    .requiredOption('--type <type>', 'such as Patch or Custom:Disk')
    .requiredOption('--document <name>')
    .option('--param <name=value>', 'parameter of the document; may be repeated', strings)
    .option('--severity <severity>', 'only where it is as severe as this; may be repeated', strings)
    .option('--dry-run', 'print the nodes, and send nothing')
    .action(async ({ param, ...options }) => {
      const { complianceRemediate } = await import('#commands/compliance-remediate.ts')
      await complianceRemediate(io, { ...options, param: parseParameters(param ?? []) })
    })
  addEvidence(compliance, io)
}
