const number = (count: number) => count.toLocaleString('en')

export const queryTexts = {
  title: 'Query the inventory',
  description: 'One select in SQLite’s dialect over all nodes. Each type is a table; nothing can be changed.',
  editor: 'Query',
  run: 'Run',
  save: 'Save',
  keys: 'Ctrl+Enter runs it, Ctrl+Space completes names.',
  limits: 'It may take 15 seconds.',
  rows: 'Rows',
  examples: 'Examples',
  tables: 'Tables',
  tablesHint: 'Names are found in any case. compare_versions(a, b) is -1, 0 or 1.',
  reports: 'what was reported when',
  changes: 'what changed',
  result: 'Result',
  running: 'The query runs',
  took: (milliseconds: string) => `Took ${milliseconds}.`,
  cut: (rows: number) => `These are the first ${number(rows)} rows; there are more.`,
  none: 'No rows',
  noneBody: 'Nothing in the inventory matches.',
  given: {
    patch: {
      name: 'Nodes with an old openssl',
      text: `select node_id, computername, version
from application
join instance_information using (node_id)
where name = 'openssl'
  and compare_versions(version, '3.0.15') < 0
order by computername`,
    },
    silent: {
      name: 'Nodes that report nothing',
      text: `select node_id, computername, platformname, platformversion
from instance_information
where node_id not in (select node_id from report)
order by computername`,
    },
    spread: {
      name: 'Packages in most versions',
      text: `select name, count(distinct version) as versions, count(distinct node_id) as nodes
from application
group by name
having versions > 1
order by versions desc
limit 50`,
    },
    changed: {
      name: 'What changed most this week',
      text: `select name, kind, count(distinct node_id) as nodes
from change
where at > date('now', '-7 days')
group by name, kind
order by nodes desc
limit 50`,
    },
    machines: {
      name: 'Processors and kernels',
      text: `select computername, cpumodel, cpucores, kernelversion
from instance_detailed_information
join instance_information using (node_id)
order by cpucores desc`,
    },
  },
}

export const saved = {
  title: 'Saved queries',
  description: 'For everybody who may list them. What is saved runs with the permissions of whoever opens it.',
  none: 'No saved queries',
  noneBody: 'Write one above and save it under a name.',
  name: 'Name',
  nameHint: 'Others find it by this.',
  query: 'Query',
  by: 'Saved by',
  at: 'Saved',
  acts: 'Actions',
  save: 'Save',
  saveTitle: 'Save query',
  overwrite: 'Replace the query of this name',
  saved: (name: string) => `The query ${name} is saved.`,
  delete: 'Delete',
  deleteTitle: 'Delete saved query',
  deleteBody: (name: string) => `Nobody will find the query ${name} here any more.`,
  deleted: (name: string) => `The query ${name} is deleted.`,
}
