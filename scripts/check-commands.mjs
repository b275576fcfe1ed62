// Runs the commands of the README and the guides against a fresh demo, as they are printed in their
// `console` blocks, and compares what they print. Run by Node's test runner, a test for each command.
//
// A line after `$ ` is a command, and `> ` continues it. The lines below it must appear in its
// output, in that order; `…` stands for anything. The commands of a document share one shell, in a
// folder that looks like a clone in which `make demo` runs: it holds a link to the target directory
// and the demo's data. The port is the printed one unless somebody listens there.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { freePort, startDemo } from './demo.mjs'

const DOCUMENTS = ['README.md', 'docs/guide/integrator.md']
const PRINTED_PORT = 8080
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

/** A folder, a running demo and a shell, as somebody has them who reads the document. */
async function open() {
  const folder = mkdtempSync(join(tmpdir(), 'candour-readme-'))
  symlinkSync(target, join(folder, 'target'))
  const bin = join(target, 'debug/candour')
  const demo = await startDemo({ bin, data: join(folder, 'demo-data'), port: await freePort(PRINTED_PORT) })
  const shell = openShell(folder)
  return {
    run: (command) => shell.run(command.replaceAll(`:${PRINTED_PORT}/`, `:${demo.port}/`)),
    async close() {
      shell.close()
      await demo.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

for (const document of DOCUMENTS) {
  describe(document, () => {
    const commands = commandsOf(readFileSync(join(root, document), 'utf8'))
    assert(commands.length > 0, `${document} has no console block`)
    let reader
    before(async () => {
      reader = await open()
    })
    after(() => reader?.close())

    for (const { text, prints } of commands) {
      test(`$ ${text}`, async () => {
        const { code, printed } = await reader.run(text)
        assert.equal(code, 0, printed.join('\n'))
        let from = 0
        for (const expected of prints) {
          const found = printed.findIndex((line, i) => i >= from && shows(line, expected))
          assert(found >= 0, `does not print:\n${expected}\nbut:\n${printed.join('\n')}`)
          from = found + 1
        }
      })
    }
  })
}
