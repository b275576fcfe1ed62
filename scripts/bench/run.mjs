// Measures the release build on this machine and prints a table; the same as JSON goes to
// docs/operating/bench.json. Needs wrk (scripts/needs bench).
//
//   node scripts/bench/run.mjs [--seconds 8] [--sizes 10000,1000000] [--out FILE] [--bin PROGRAM]
//
// Reads are of single resources, each decided, logged and synced to the disk before it is
// answered. Load and server share the machine, so processor time for each request compares
// better between machines and days than the rate does.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startDemo, token } from '../demo.mjs'
import { cpuSeconds, describe, fsyncTimes, percentile, residentMb } from './machine.mjs'
import { measureSearches } from './search.mjs'
import { asTable } from './table.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const root = resolve(here, '../..')
const target = resolve(root, process.env.CARGO_TARGET_DIR ?? 'target')
const { values: options } = parseArgs({
  options: {
    bin: { type: 'string', default: join(target, 'release/candour') },
    seconds: { type: 'string', default: '8' },
    sizes: { type: 'string', default: '10000,1000000' },
    out: { type: 'string', default: join(root, 'docs/operating/bench.json') }
  }
})

const bin = resolve(options.bin)
const CONCURRENCY = [1, 16, 64, 256]
const COLD_STARTS = 5
// Who reads: a charge nurse, everything that she may see of somebody on her ward.
const READER = { name: 'ruksana-chaudhry', purpose: 'TREAT' }
const READ = 'name=Oighrig%20MacQuarrie&birthdate=1940-05-02'
const IMPORT = resolve(root, '../shared/data/fhir/synthea-10')

/** The addresses of the resources that the reader may see, a path a line. */
async function readablePaths(base, bearer) {
  const headers = { Authorization: `Bearer ${bearer}`, Accept: 'application/fhir+json' }
  const get = async (path) => {
    const reply = await fetch(`${base}${path}`, { headers })
    if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`)
    return reply.json()
  }
  const found = await get(`/fhir/Patient?${READ}`)
  const paths = []
  for (const { resource } of found.entry ?? []) {
    const record = await get(`/fhir/Patient/${resource.id}/$everything`)
    for (const entry of record.entry ?? []) {
      if (entry.resource.resourceType !== 'OperationOutcome') {
        paths.push(`/fhir/${entry.resource.resourceType}/${entry.resource.id}`)
      }
    }
  }
  if (paths.length === 0) throw new Error(`${READER.name} may read nothing: nothing to measure`)
  for (const path of paths) await get(path)
  return paths
}

/** The number of entries in the global log, once everything waiting has been ordered. */
async function logSize(base) {
  await new Promise((resolve) => setTimeout(resolve, 2500))
  const checkpoint = await (await fetch(`${base}/log/checkpoint`)).text()
  return Number(checkpoint.split('\n')[1])
}

/** Reads at one concurrency for some seconds. */
async function measureReads(server, list, bearer, concurrency) {
  const before = { cpu: cpuSeconds(server.pid), entries: await logSize(server.base) }
  let residentMax = 0
  const sampler = setInterval(() => (residentMax = Math.max(residentMax, residentMb(server.pid))), 100)
  const wrk = spawn(
    'wrk',
    ['-t1', `-c${concurrency}`, `-d${options.seconds}s`, '--timeout', '10s', '-s', join(here, 'read.lua'), server.base, '--', list],
    { env: { ...process.env, BENCH_TOKEN: bearer }, stdio: ['ignore', 'pipe', 'inherit'] }
  )
  let output = ''
  wrk.stdout.on('data', (chunk) => (output += chunk))
  await once(wrk, 'close')
  clearInterval(sampler)
  const cpu = cpuSeconds(server.pid) - before.cpu
  const result = JSON.parse(/^RESULT (.*)$/m.exec(output)[1])
  const entries = (await logSize(server.base)) - before.entries
  if (result.refused + result.broken > 0) throw new Error(`not all reads succeeded: ${JSON.stringify(result)}`)
  if (entries < result.requests) throw new Error(`${result.requests} reads left only ${entries} entries in the log`)
  return {
    concurrency,
    reads_per_second: Math.round(result.requests / result.seconds),
    p50_ms: result.p50_ms,
    p99_ms: result.p99_ms,
    cpu_us_per_read: Math.round((cpu / result.requests) * 1e6),
    entries_logged: entries,
    resident_mb: residentMax
  }
}

/** Loads the sample data into an empty folder; the time is that of the whole command. */
function measureImport(data) {
  if (!existsSync(IMPORT)) return { skipped: `${IMPORT} is not here` }
  const command = ['import', IMPORT, '--data', data, '--as', 'hospital', '--json', '--rejects', `${data}-rejects`]
  const started = performance.now()
  const output = execFileSync(bin, command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const seconds = (performance.now() - started) / 1000
  const { created: resources } = JSON.parse(output)
  return { resources, seconds: Number(seconds.toFixed(2)), resources_per_second: Math.round(resources / seconds) }
}

/** What an example that is built beside the program prints. */
function example(name, ...given) {
  const program = join(dirname(bin), 'examples', name)
  return JSON.parse(execFileSync(program, given, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }))
}

/**
 * What the ledger costs, by the two examples that are built beside the program: durable appends and checkpoints of a
 * store on this disk; proofs, packs and epoch maps in memory.
 */
function measureLedger(scratch) {
  return { store: example('commit_rate', scratch, options.seconds), proofs: example('ledger_rate') }
}

/** How long an existing demo directory takes from the start of the process to its first answer. */
async function measureColdStarts(data) {
  const times = []
  let idleMb = 0
  for (let run = 0; run < COLD_STARTS; run++) {
    const server = await startDemo({ bin, data })
    times.push(server.readyAfterMs)
    await new Promise((resolve) => setTimeout(resolve, 1000))
    idleMb = residentMb(server.pid)
    await server.stop()
  }
  return { median_ms: Math.round(percentile(times, 50)), runs: COLD_STARTS, resident_idle_mb: idleMb }
}

const scratch = mkdtempSync(join(target, 'bench-'))
try {
  const report = {
    candour: execFileSync(bin, ['--version'], { encoding: 'utf8' }).trim(),
    commit: execFileSync('git', ['-C', root, 'rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    machine: describe(scratch),
    fsync_4k: { before: fsyncTimes(scratch) }
  }
  const data = join(scratch, 'demo')
  const server = await startDemo({ bin, data, quiet: false })
  try {
    const bearer = token(bin, data, READER.name, READER.purpose)
    const list = join(scratch, 'paths')
    const paths = await readablePaths(server.base, bearer)
    writeFileSync(list, paths.join('\n') + '\n')
    report.different_resources = paths.length
    report.reads = []
    for (const concurrency of CONCURRENCY) {
      console.error(`reading with ${concurrency} at once`)
      report.reads.push(await measureReads(server, list, bearer, concurrency))
    }
  } finally {
    await server.stop()
  }
  report.fsync_4k.after = fsyncTimes(scratch)
  report.cold_start = await measureColdStarts(data)
  console.error('importing')
  report.import = measureImport(join(scratch, 'import'))
  console.error('deciding')
  report.decision = example('decision_rate')
  const sizes = options.sizes.split(',').filter(Boolean).map(Number)
  report.search = await measureSearches({ bin, scratch, sizes, samples: 200 })
  console.error('appending, proving and verifying')
  report.ledger = measureLedger(scratch)
  console.error('reading inboxes')
  report.inbox = example('inbox_rate', scratch)

  mkdirSync(dirname(options.out), { recursive: true })
  writeFileSync(options.out, `${JSON.stringify(report, null, 2)}\n`)
  console.log(asTable(report))
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
