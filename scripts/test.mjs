// Runs the tests named (rust, browser, clients, documents, lint, or all of them), shows what they say as they
// say it, and ends with one line that sums them up: "N passed, N failed".
//
// A test that cannot run here says `SKIPPED: name: reason` or is marked as skipped; every skip is
// listed at the end, and in continuous integration (CI=true) it counts as a failure.
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { createInterface } from 'node:readline'

const ci = process.env.CI === 'true'
const long = process.env.CANDOUR_LONG === '1'
const locked = ci ? ['--locked'] : []
// Hours of questions are asked of an optimised program; a change is checked with the one that builds fast.
const profile = long ? ['--release'] : []

const nodeTest = (...files) => ['node', '--test', '--test-concurrency=1', '--test-reporter=spec', ...files]
const filesIn = (folder, ending) =>
  readdirSync(folder).filter((name) => name.endsWith(ending)).sort().map((name) => `${folder}/${name}`)

const suites = {
  rust: {
    command: () => [
      ...['cargo', 'test', ...locked, ...profile, '--workspace', '--no-fail-fast', '--', '--show-output'],
      ...(long ? ['--include-ignored'] : [])
    ],
    reader: readCargo
  },
  browser: {
    build: true,
    command: () => nodeTest(...filesIn('web/tests', '.test.mjs')),
    reader: readNode
  },
  clients: {
    build: true,
    command: () => nodeTest(...filesIn('clients/tests', '.test.mjs')),
    reader: readNode
  },
  documents: {
    build: true,
    command: () => nodeTest('scripts/check-documents.mjs', 'scripts/check-commands.mjs'),
    reader: readNode
  },
  lint: { command: () => ['make', '--no-print-directory', 'lint'], reader: () => () => true }
}

/** Counts what `cargo test` reports; hides what passing tests print, except why they skipped. */
function readCargo(result) {
  let amongSuccesses = false
  return (line) => {
    const skip = /SKIPPED: (.+)/.exec(line)
    if (skip) result.skipped.add(skip[1])
    const ignored = /^test (\S+) \.\.\. ignored(?:, (.+))?$/.exec(line)
    if (ignored) result.ignored.push(`${ignored[1]}: ${ignored[2] ?? 'no reason given'}`)
    const sum = /^test result: \w+\. (\d+) passed; (\d+) failed/.exec(line)
    if (sum) {
      result.passed += Number(sum[1])
      result.failed += Number(sum[2])
    }
    if (line === 'successes:') amongSuccesses = true
    if (line === 'failures:' || sum) amongSuccesses = false
    return !amongSuccesses
  }
}

/** Counts what Node's test runner reports. */
function readNode(result) {
  return (line) => {
    const sum = /^ℹ (pass|fail|cancelled) (\d+)$/.exec(line)
    if (sum?.[1] === 'pass') result.passed += Number(sum[2])
    else if (sum) result.failed += Number(sum[2])
    const skip = /^\s*﹣ (.+?)(?: \([\d.]+ms\))? # (.+)$/.exec(line)
    if (skip) result.skipped.add(`${skip[1]}: ${skip[2]}`)
    return true
  }
}

/** Runs a command, hands each line to `reader`, prints those that it wants; gives the exit code. */
function run(command, reader) {
  const child = spawn('bash', ['-c', 'exec "$@" 2>&1', 'bash', ...command], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (reader(line)) console.log(line)
  })
  return new Promise((resolve) => child.on('close', (code, signal) => resolve(code ?? signal)))
}

async function runSuite(name) {
  const suite = suites[name]
  const result = { name, passed: 0, failed: 0, skipped: new Set(), ignored: [] }
  const started = Date.now()
  console.log(`\n== ${name}`)
  const built = suite.build ? await run(['cargo', 'build', ...locked, ...profile, '--workspace', '--bins'], () => true) : 0
  const code = built || (await run(suite.command(), suite.reader(result)))
  if (code !== 0 && result.failed === 0) {
    console.log(`${name} ended with ${code} before it could count a failure`)
    result.failed = 1
  }
  if (name === 'lint' && code === 0) result.passed = 1
  // Rust has no way to skip while running: such a test returns early and counts as passed.
  if (name === 'rust') result.passed -= result.skipped.size
  if (ci) result.failed += result.skipped.size
  result.seconds = Math.round((Date.now() - started) / 1000)
  return result
}

const asked = process.argv.slice(2)
const names = asked.includes('all') ? Object.keys(suites) : asked
const unknown = names.filter((name) => !(name in suites))
if (names.length === 0 || unknown.length > 0) {
  console.error(`usage: node scripts/test.mjs all | ${Object.keys(suites).join(' | ')}`)
  process.exit(2)
}

const results = []
for (const name of names) results.push(await runSuite(name))

console.log()
for (const { name, passed, failed, seconds } of results) {
  console.log(`${name.padEnd(9)} ${passed} passed, ${failed} failed in ${seconds} s`)
}
for (const { skipped } of results) for (const skip of skipped) console.log(`SKIPPED: ${skip}`)
for (const { ignored } of results) for (const test of ignored) console.log(`not run here: ${test}`)
const total = (count) => results.reduce((sum, result) => sum + result[count], 0)
console.log(`\n${total('passed')} passed, ${total('failed')} failed`)
process.exit(total('failed') === 0 ? 0 : 1)
