// Runs the commands of README.md's `console` blocks against a fresh demo, as they are printed, and
// compares what they print. Run by Node's test runner, a test for each command.
//
// A line after `$ ` is a command, and `> ` continues it. The lines below it must appear in its
// output, in that order; `…` stands for anything. The commands share one shell. They run in an
// empty folder that holds a link to the target directory, since the README starts with a clone; the port
// is the README's unless somebody listens there.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { freePort, startDemo } from './demo.mjs'

const README_PORT = 8080
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const target = resolve(root, process.env.CARGO_TARGET_DIR ?? 'target')

/** The commands of every `console` block, with the lines that each must print. */
function commandsOf(markdown) {
  const commands = []
  for (const [, block] of markdown.matchAll(/^```console\n(.*?)^```$/gms)) {
    for (const line of block.trimEnd().split('\n')) {
      if (line.startsWith('$ ')) commands.push({ text: line.slice(2), prints: [] })
      else if (line.startsWith('> ')) commands.at(-1).text += `\n${line.slice(2)}`
      else if (line !== '') commands.at(-1).prints.push(line)
    }
  }
  return commands
}

/** A shell that runs one command after another and gives what each printed. */
function openShell(folder) {
  const shell = spawn('bash', ['--noprofile', '--norc'], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: shell.stdout })[Symbol.asyncIterator]()
  const end = `end of command ${process.pid}`
  return {
    async run(command) {
      shell.stdin.write(`{ ${command}\n} 2>&1 </dev/null\nprintf '\\n%s %s\\n' '${end}' $?\n`)
      const printed = []
      for (;;) {
        const { value: line, done } = await lines.next()
        assert(!done, `the shell ended in: ${command}`)
        if (line.startsWith(end)) return { code: Number(line.slice(end.length)), printed }
        printed.push(line)
      }
    },
    close: () => shell.stdin.end()
  }
}

/** Whether a printed line shows what the README shows. */
function shows(line, expected) {
  const parts = expected.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(line.trimEnd())
}

let folder
let demo
let shell

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'candour-readme-'))
  symlinkSync(target, join(folder, 'target'))
  const bin = join(target, 'debug/candour')
  demo = await startDemo({ bin, data: join(folder, 'demo-data'), port: await freePort(README_PORT) })
  shell = openShell(folder)
})

after(async () => {
  shell?.close()
  await demo?.stop()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

const commands = commandsOf(readFileSync(join(root, 'README.md'), 'utf8'))
assert(commands.length > 0, 'README.md has no console block')

for (const { text, prints } of commands) {
  test(`$ ${text}`, async () => {
    const { code, printed } = await shell.run(text.replaceAll(`:${README_PORT}/`, `:${demo.port}/`))
    assert.equal(code, 0, printed.join('\n'))
    let from = 0
    for (const expected of prints) {
      const found = printed.findIndex((line, i) => i >= from && shows(line, expected))
      assert(found >= 0, `does not print:\n${expected}\nbut:\n${printed.join('\n')}`)
      from = found + 1
    }
  })
}
